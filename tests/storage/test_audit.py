"""The audit log on every database: no gap and no fork, whoever writes, and no change unseen."""

from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from chat.people import Role, User
from storage import migrate
from storage.attachments import FolderStore
from storage.chain import NOTHING, ChainBroken, Entry, Head, sealed
from storage.database import Database, Transaction
from storage.repositories import ASSISTANT, Actor, Sought
from storage.repositories.audit import MOST_BYTES, PAGE, Detail
from storage.tables import audit, audit_heads
from tests.storage.conftest import Clock
from tests.storage.test_backup import back_up, bring_back

MOD = Actor(7, "Moderator 1", Role.MODERATOR)


async def note(t: Transaction, action: str = "flag.decided", object_id: int | str = 1) -> None:
    await t.audit.add(action, actor=MOD, kind="flag", object_id=object_id, details={"rule": "x"})


async def fill(database: Database, entries: int) -> Head:
    """A log of so many entries; its head."""
    async with database.write() as t:
        for number in range(1, entries + 1):
            await note(t, object_id=number)
    async with database.read() as t:
        return await t.audit.head()


async def verify(database: Database, *anchors: Head) -> Head:
    async with database.read() as t:
        return await t.audit.verify(anchors)


async def everything(database: Database) -> list[Entry]:
    async with database.read() as t:
        return await t.audit.read(None, 10_000)


async def test_what_was_done_can_be_read_again(database: Database, clock: Clock) -> None:
    assert await verify(database) == NOTHING
    async with database.write() as t:
        details: dict[str, Detail] = {
            "score": 0.25,
            "rules": ["a", "b"],
            "undone": False,
            "x": None,
        }
        await t.audit.add("user.banned", actor=MOD, kind="user", object_id=3, details=details)
    clock.advance(0.0015)
    async with database.write() as t:
        await t.audit.add("policy.published", actor=ASSISTANT, kind="policy", object_id="2026-1")
    first, second = await everything(database)
    assert (first.number, first.time, first.previous) == (1, 1_700_000_000_000, NOTHING.hash)
    assert (first.actor_id, first.actor, first.role) == (7, "Moderator 1", "moderator")
    assert (first.action, first.object_kind, first.object_id) == ("user.banned", "user", "3")
    assert msgspec.json.decode(first.details) == details
    assert (second.number, second.time, second.previous) == (2, 1_700_000_000_002, first.hash)
    assert (second.actor_id, second.actor, second.role) == (None, "assistant", "")
    assert (second.object_id, second.details) == ("2026-1", "{}")
    async with database.read() as t:
        assert await t.audit.read(1, 5) == [second]
        assert await t.audit.read(None, 1) == [first]
        assert await t.audit.count() == 2
        assert await t.audit.of_object("user", 3, 5) == [first]
        assert await t.audit.of_object("user", 4, 5) == []
        assert await t.audit.head() == second.head
        assert await t.audit.verify([first.head, second.head]) == second.head


async def test_a_long_log_lets_others_have_their_turn(database: Database) -> None:
    await fill(database, 2 * PAGE + 1)
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(others())
    await verify(database)
    task.cancel()
    assert turns >= 3, "one for each thousand entries"


async def test_entries_are_looked_for(database: Database, clock: Clock) -> None:
    await fill(database, 3)
    clock.advance(10)
    async with database.write() as t:
        await t.audit.add("policy.published", actor=ASSISTANT, kind="policy", object_id=3)
    since = 1_700_000_005_000
    for sought, numbers in (
        (Sought(), [4, 3, 2, 1]),
        (Sought(before=3), [2, 1]),
        (Sought(actor_id=7), [3, 2, 1]),
        (Sought(actor="assistant"), [4]),
        (Sought(action="flag."), [3, 2, 1]),
        (Sought(action="_"), []),
        (Sought(kind="flag", object_id="2"), [2]),
        (Sought(object_id="3"), [4, 3]),
        (Sought(since=since), [4]),
        (Sought(until=since, actor_id=7, kind="flag"), [3, 2, 1]),
        (Sought(since=1_700_000_010_000, until=1_700_000_010_000), []),
        (Sought(actor="nul\0"), []),
    ):
        async with database.read() as t:
            assert [each.number for each in await t.audit.search(sought, 9)] == numbers, sought
    async with database.read() as t:
        assert [each.number for each in await t.audit.search(Sought(), 2)] == [4, 3]


async def test_what_is_rolled_back_leaves_no_gap(database: Database) -> None:
    async def fail(t: Transaction) -> None:
        await note(t, "flag.lost")
        raise RuntimeError("on purpose")

    await fill(database, 2)
    with pytest.raises(RuntimeError):
        async with database.write() as t:
            await fail(t)
    async with database.write() as t:
        await note(t, "flag.kept")
        with pytest.raises(RuntimeError):
            async with t.savepoint():
                await fail(t)
        async with t.savepoint():
            await note(t, "flag.kept-too")
    found = [(entry.number, entry.action) for entry in await everything(database)]
    assert found[2:] == [(3, "flag.kept"), (4, "flag.kept-too")]
    assert (await verify(database)).number == 4


async def test_shared_transactions_write_it_down_too(database: Database) -> None:
    await asyncio.gather(*(database.write_together(note) for _ in range(5)))
    assert (await verify(database)).number == 5


def add_many(url: str, entries: int, name: str) -> None:
    """What one process of several does: entries alone, in pairs, and some that come to nothing."""

    async def run() -> None:
        async with Database.from_url(url) as database:
            for number in range(entries):
                async with database.write() as t:
                    await note(t, object_id=f"{name}-{number}")
                if number % 10 == 0:
                    await asyncio.gather(pair(database), lost(database))

    async def pair(database: Database) -> None:
        async with database.write() as t:
            await note(t, "pair.first")
            await note(t, "pair.second")

    async def lost(database: Database) -> None:
        with suppress(RuntimeError):
            async with database.write() as t:
                await note(t, "flag.lost")
                raise RuntimeError("on purpose")

    asyncio.run(run())


async def test_many_processes_write_one_chain(database_url: str) -> None:
    processes, each = 3, 40
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        work = [(database_url, each, str(number)) for number in range(processes)]
        await asyncio.to_thread(pool.starmap, add_many, work, 1)
        pool.close()
        pool.join()
    async with Database.from_url(database_url) as database:
        entries = await everything(database)
        head = await verify(database)
    assert head.number == len(entries) == processes * (each + 2 * each // 10)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert "flag.lost" not in {entry.action for entry in entries}
    for one, other in pairwise(entries):
        assert (one.action == "pair.first") == (other.action == "pair.second")
    for process in range(processes):
        own = [e.object_id for e in entries if e.object_id.startswith(f"{process}-")]
        assert own == [f"{process}-{number}" for number in range(each)], "in their own order"


async def test_whoever_adds_before_or_after_other_changes_waits_for_nobody_in_a_circle(
    database: Database, ada: User
) -> None:
    async def add_first(number: int) -> None:
        async with database.write() as t:
            await note(t)
            await t.users.set_role(ada.id, Role.ADMIN if number % 2 else Role.MODERATOR)

    async def add_last(number: int) -> None:
        async with database.write() as t:
            await t.users.set_role(ada.id, Role.REVIEWER if number % 2 else Role.MODERATOR)
            await note(t)

    await asyncio.gather(*(do(n) for n in range(10) for do in (add_first, add_last)))
    assert (await verify(database)).number == 20


async def test_erasing_somebody_breaks_nothing_and_leaves_nothing_to_erase(
    database: Database, ada: User
) -> None:
    async with database.write() as t:
        await t.audit.add("user.muted", actor=MOD, kind="user", object_id=ada.id)
        await t.audit.add(
            "flag.raised",
            actor=Actor(ada.id, f"User {ada.id}", Role.MEMBER),
            kind="flag",
            object_id=1,
        )
    async with database.write() as t:
        await t.messages.erase_of_user(ada.id)
        await t.users.erase(ada.id)
    assert (await verify(database)).number == 2
    assert ada.name not in repr(await everything(database))


async def test_a_backup_carries_it_on(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    head = await fill(database, 2500)
    store = FolderStore(tmp_path / "attachments")
    await back_up(database_url, store, tmp_path / "b.tar")
    url = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    await bring_back(tmp_path / "b.tar", url, store)
    async with Database.from_url(url) as restored:
        assert await verify(restored, head) == head
        async with restored.write() as t:
            await note(t)
        assert (await verify(restored, head)).number == 2501


async def test_a_long_log_is_never_in_memory_as_a_whole(database: Database) -> None:
    for _ in range(20):
        await fill(database, 500)
    tracemalloc.start()
    try:
        assert (await verify(database)).number == 10_000
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4e6, "bytes; all entries together are 8 million"


async def test_who_only_reads_adds_nothing(database: Database) -> None:
    async with database.read() as t:
        with pytest.raises(AssertionError):
            await note(t)


async def test_details_are_small(database: Database) -> None:
    async with database.write() as t:
        with pytest.raises(ValueError, match="small"):
            await t.audit.add(
                "flag.decided",
                actor=MOD,
                kind="flag",
                object_id=1,
                details={str(n): n for n in range(MOST_BYTES)},
            )
        with pytest.raises(ValueError, match="action"):
            await note(t, "what was said")
        await t.audit.add(
            "flag.decided",
            actor=Actor(1, "a\0b\ud800" + "c" * 999),
            kind="flag",
            object_id=1,
            details={"rule": "r" * 999, "names": ["n" * 999]},
        )
    (entry,) = await everything(database)
    assert entry.actor == "ab?" + "c" * 197
    assert msgspec.json.decode(entry.details) == {"rule": "r" * 200, "names": ["n" * 200]}


def _change(connection: Connection) -> None:
    connection.execute(update(audit).where(audit.c.number == 5).values(actor="Moderator 2"))


def _remove(connection: Connection) -> None:
    connection.execute(delete(audit).where(audit.c.number == 5))


def _swap(connection: Connection) -> None:
    for old, new in ((5, 99), (6, 5), (99, 6)):
        connection.execute(update(audit).where(audit.c.number == old).values(number=new))


def _end(connection: Connection) -> None:
    connection.execute(delete(audit).where(audit.c.number >= 5))


def _below(connection: Connection) -> None:
    row = connection.execute(select(audit).where(audit.c.number == 1)).mappings().one()
    connection.execute(insert(audit).values({**row, "number": -(2**63)}))


def _no_head(connection: Connection) -> None:
    connection.execute(delete(audit_heads))


def _beyond(connection: Connection) -> None:
    last = connection.execute(select(audit).order_by(audit.c.number.desc())).first()
    assert last is not None
    added = sealed(Entry(*last), Entry(*last).head)
    connection.execute(insert(audit).values(msgspec.structs.asdict(added)))


def _end_with_head(connection: Connection) -> None:
    _end(connection)
    last = connection.execute(select(audit.c.hash).where(audit.c.number == 4)).scalar_one()
    connection.execute(update(audit_heads).values(number=4, hash=last))


def _anew(connection: Connection) -> None:
    """As somebody does it who knows all of this."""
    rows = connection.execute(select(audit).order_by(audit.c.number)).all()
    head = NOTHING
    for row in rows:
        entry = Entry(*row)
        if entry.number == 5:
            entry = msgspec.structs.replace(entry, actor="Moderator 2")
        entry = sealed(entry, head)
        head = entry.head
        own = update(audit).where(audit.c.number == entry.number)
        connection.execute(own.values(msgspec.structs.asdict(entry)))
    connection.execute(update(audit_heads).values(number=head.number, hash=head.hash))


@pytest.mark.parametrize(
    ("tamper", "bad"),
    [
        (_change, 5),
        (_remove, 5),
        (_swap, 5),
        (_end, 5),
        (_below, 1),
        (_no_head, 1),
        (_beyond, 11),
    ],
)
async def test_what_was_tampered_with_is_found(
    database: Database, database_url: str, tamper: Callable[[Connection], None], bad: int
) -> None:
    await fill(database, 10)
    migrate.within(database_url, tamper)
    with pytest.raises(ChainBroken) as broken:
        await verify(database)
    assert broken.value.number == bad
    assert f"entry {bad}:" in str(broken.value)


@pytest.mark.parametrize(("tamper", "bad"), [(_end_with_head, 5), (_anew, 10)])
async def test_what_nobody_can_see_from_inside_is_found_by_a_head_kept_elsewhere(
    database: Database, database_url: str, tamper: Callable[[Connection], None], bad: int
) -> None:
    kept = await fill(database, 10)
    migrate.within(database_url, tamper)
    await verify(database)
    with pytest.raises(ChainBroken) as broken:
        await verify(database, kept)
    assert broken.value.number == bad


async def test_a_log_that_was_cut_is_not_gone_on_with_unseen(
    database: Database, database_url: str
) -> None:
    await fill(database, 10)
    migrate.within(database_url, _end)
    async with database.write() as t:
        await note(t)
    with pytest.raises(ChainBroken) as broken:
        await verify(database)
    assert broken.value.number == 5


async def test_bytes_that_look_like_the_text_are_found(sqlite_url: str) -> None:
    """SQLite keeps bytes in columns of text, and writers of JSON make text of them."""
    async with Database.from_url(sqlite_url) as database:
        await fill(database, 3)
        path = sqlite_url.removeprefix("sqlite:///")
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE audit SET object_kind = ? WHERE number = 2", (b"~V\xa0",))
        connection.close()
        with pytest.raises(ChainBroken) as broken:
            await verify(database)
    assert broken.value.number == 2


def test_going_down_takes_the_log_away_and_nothing_else(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    migrate.downgrade(empty_database_url, "0005")
    count = text("SELECT count(*) FROM messages")
    assert migrate.within(empty_database_url, lambda at: at.execute(count).scalar()) == 0
    migrate.upgrade(empty_database_url)
    assert migrate.is_current(empty_database_url)
