"""Backups between databases: everything that was committed, nothing else, or nothing at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from chat.conversations import ConversationKey
from chat.errors import AttachmentMissing
from chat.messages import Speaker, TextPart
from chat.outbound import Notice, OutboundKind, OutboundState
from chat.people import Sender
from chat.turns import TurnState
from storage import migrate
from storage.attachments import FolderStore
from storage.backup import BackupError, restore, take
from storage.backup.format import Header, Manifest
from storage.backup.reading import BackupReader
from storage.backup.restoring import Restored
from storage.backup.settling import SKIPPED
from storage.backup.taking import Taken
from storage.database import Database
from storage.repositories import BroadcastState
from tests.storage.conftest import Clock
from tests.storage.history import NOW, contents, fill

MESSAGES = int(os.environ.get("MIGRATED_MESSAGES", "2000"))
PICTURES = (b"one picture" * 999, b"another \x00\xff")
# What settling changes: who holds what, what is awaited, and revisions.
CHANGED = {"conversations", "codes"}

pytestmark = pytest.mark.timeout(1800)


def said(line: str) -> None:
    """Progress that nobody looks at."""


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


async def back_up(url: str, store: FolderStore, path: Path) -> Taken:
    begun = time.monotonic()
    with path.open("wb") as out:
        taken = await take(url, store, out, say=said)
    told(f"{url.partition(':')[0]} backed up", begun, path)
    return taken


async def bring_back(path: Path, url: str, store: FolderStore, *, now: float = NOW) -> Restored:
    begun = time.monotonic()
    with path.open("rb") as file:
        restored = await restore(file, url, store, say=said, clock=lambda: now)
    told(f"{url.partition(':')[0]} restored", begun, path)
    return restored


def told(what: str, begun: float, path: Path) -> None:
    """Print times and sizes: seen with `pytest -s`, and by `make migrations`."""
    size = path.stat().st_size / 1e6
    print(f"  {what}: {time.monotonic() - begun:.2f} s, {size:.1f} MB")  # noqa: T201


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "attachments")


@pytest.fixture
async def full(tmp_path: Path, store: FolderStore) -> str:
    """A SQLite database with talk and pictures, at this version's tables."""
    hashes = tuple([await store.put(each) for each in PICTURES])
    url = url_of(tmp_path / "full.sqlite3")
    fill(url, MESSAGES, hashes=hashes)
    migrate.upgrade(url)
    return url


@pytest.fixture
async def small(tmp_path: Path, store: FolderStore) -> str:
    """The same with a few messages."""
    hashes = tuple([await store.put(each) for each in PICTURES])
    url = url_of(tmp_path / "small.sqlite3")
    fill(url, 40, hashes=hashes)
    migrate.upgrade(url)
    return url


async def test_from_sqlite_to_postgresql_and_back(
    full: str, store: FolderStore, tmp_path: Path, empty_postgres_url: str
) -> None:
    taken = await back_up(full, store, tmp_path / "1.tar")
    assert (taken.attachments, taken.missing) == (2, ())
    before = contents(full)
    there = FolderStore(tmp_path / "there")
    restored = await bring_back(tmp_path / "1.tar", empty_postgres_url, there)
    assert (restored.rows, restored.attachments) == (taken.rows, 2)
    assert unchanged(contents(empty_postgres_url)) == unchanged(before)
    await back_up(empty_postgres_url, there, tmp_path / "2.tar")
    back, here = url_of(tmp_path / "back.sqlite3"), FolderStore(tmp_path / "here")
    await bring_back(tmp_path / "2.tar", back, here)
    assert unchanged(contents(back)) == unchanged(before)
    for picture in PICTURES:
        assert await here.get(hashlib.sha256(picture).hexdigest()) == picture


def unchanged(found: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    return {name: each for name, each in found.items() if name not in CHANGED}


async def test_a_backup_of_the_first_revision_is_brought_up_to_date(
    tmp_path: Path, store: FolderStore, empty_database_url: str
) -> None:
    old = url_of(tmp_path / "old.sqlite3")
    fill(old, 100)
    await back_up(old, store, tmp_path / "old.tar")
    await bring_back(tmp_path / "old.tar", empty_database_url, store)
    assert migrate.is_current(empty_database_url)
    assert contents(empty_database_url)["messages"][0] == 100


async def test_ids_of_the_original_are_not_given_out_again(
    full: str, tmp_path: Path, store: FolderStore, empty_database_url: str
) -> None:
    await back_up(full, store, tmp_path / "b.tar")
    await bring_back(tmp_path / "b.tar", empty_database_url, store)
    async with Database.from_url(empty_database_url) as database, database.write() as t:
        user = await t.users.ensure("telegram", Sender("new", "New", "en"))
        chat = await t.conversations.ensure(ConversationKey("telegram", "b", "new"), user.id)
        words = (TextPart("Hi"),)
        added = await t.messages.add(chat.id, speaker=Speaker.PERSON, parts=words, turn_id=None)
    assert user.id > SKIPPED
    assert added.id > SKIPPED + MESSAGES


@pytest.fixture
async def waiting(database: Database, clock: Clock) -> Database:
    """A question under way, and a notice that waits to be sent."""
    async with database.write() as t:
        user = await t.users.ensure("telegram", Sender("1", "Ada", "en"))
        chat = await t.conversations.ensure(ConversationKey("telegram", "b", "1"), user.id)
        turn = await t.turns.open(chat.id, state=TurnState.QUEUED)
        words = (TextPart("Where were we?"),)
        await t.messages.add(chat.id, speaker=Speaker.PERSON, parts=words, turn_id=turn.id)
        await t.turns.claim("worker")
        await t.outbound.add_notice(chat.id, Notice("queued"))
        await t.web_sessions.add(user.id, lifetime=1e6)
    return database


@pytest.mark.parametrize("age", [60.0, 3 * 24 * 3600.0])
async def test_only_what_is_still_awaited_is_answered_after_a_restore(
    waiting: Database,
    database_url: str,
    clock: Clock,
    tmp_path: Path,
    store: FolderStore,
    age: float,
) -> None:
    await back_up(database_url, store, tmp_path / "b.tar")
    restored_url = url_of(tmp_path / "restored.sqlite3")
    clock.advance(age)
    restored = await bring_back(tmp_path / "b.tar", restored_url, store, now=clock.now)
    async with Database.from_url(restored_url, clock=clock) as database, database.write() as t:
        claimed = await t.turns.claim("another")
        (notice,) = await t.outbound.notices(1)
        turn = await t.turns.get(1)
    if age < 900:
        assert (restored.settled.going_on, restored.settled.laid_to_rest) == (1, 0)
        assert [each.id for each in claimed] == [1]
        assert turn.crashes == 0
        assert notice.state is OutboundState.PENDING
    else:
        assert (restored.settled.going_on, restored.settled.laid_to_rest) == (0, 1)
        assert claimed == []
        assert (turn.state, turn.shown) == (TurnState.CANCELLED, True)
        assert notice.state is OutboundState.FAILED


async def test_what_was_being_said_to_everybody_is_not_said_again_after_a_restore(
    waiting: Database, database_url: str, clock: Clock, tmp_path: Path, store: FolderStore
) -> None:
    async with waiting.write() as t:
        broadcast = await t.broadcasts.draft(1, 1, "We move.", people=1)
        assert await t.broadcasts.begin(broadcast.id, people=1)
        kind = OutboundKind.BROADCAST
        said = Notice("broadcast", {"text": "We move."})
        await t.outbound.add_notice(1, said, kind=kind, broadcast_id=broadcast.id)
    await back_up(database_url, store, tmp_path / "b.tar")
    restored_url = url_of(tmp_path / "restored.sqlite3")
    await bring_back(tmp_path / "b.tar", restored_url, store, now=clock.now)
    async with Database.from_url(restored_url, clock=clock) as database, database.read() as t:
        assert await t.broadcasts.running() is None
        latest = await t.broadcasts.latest()
        told, notice = await t.outbound.notices(1)
    assert latest is not None
    assert latest.state is BroadcastState.STOPPED
    assert told.state is OutboundState.PENDING
    assert notice.state is OutboundState.FAILED


@pytest.mark.parametrize("sign_out", [False, True])
async def test_people_stay_signed_in_unless_told_otherwise(
    small: str, tmp_path: Path, store: FolderStore, sign_out: bool
) -> None:
    await back_up(small, store, tmp_path / "b.tar")
    url = url_of(tmp_path / "restored.sqlite3")
    with (tmp_path / "b.tar").open("rb") as file:
        await restore(file, url, store, say=said, sign_out=sign_out)
    found = contents(url)
    assert found["web_sessions"][0] == (0 if sign_out else 3)
    assert found["codes"][0] == 0


class ErasedMeanwhile(FolderStore):
    """A store whose owner is erased between the rows and the pictures."""

    async def get(self, sha256: str) -> bytes:
        if sha256 == hashlib.sha256(PICTURES[0]).hexdigest():
            raise AttachmentMissing("erased")
        return await super().get(sha256)


async def test_a_picture_that_is_erased_meanwhile_is_named(small: str, tmp_path: Path) -> None:
    gone = hashlib.sha256(PICTURES[0]).hexdigest()
    store = ErasedMeanwhile(tmp_path / "attachments")
    taken = await back_up(small, store, tmp_path / "b.tar")
    assert (taken.attachments, taken.missing) == (1, (gone,))
    there = FolderStore(tmp_path / "there")
    restored = await bring_back(tmp_path / "b.tar", url_of(tmp_path / "r.sqlite3"), there)
    assert restored.missing == (gone,)
    with pytest.raises(AttachmentMissing):
        await there.get(gone)


async def test_a_database_in_use_is_left_alone(
    small: str, tmp_path: Path, store: FolderStore, database_url: str
) -> None:
    await back_up(small, store, tmp_path / "b.tar")
    async with Database.from_url(database_url) as database, database.write() as t:
        await t.users.ensure("telegram", Sender("1", "Ada", "en"))
    before = contents(database_url)
    with pytest.raises(BackupError, match="in use"):
        await bring_back(tmp_path / "b.tar", database_url, store)
    assert contents(database_url) == before


async def test_a_migrated_database_that_nobody_used_is_empty_enough(
    small: str, tmp_path: Path, store: FolderStore, database_url: str
) -> None:
    await back_up(small, store, tmp_path / "b.tar")
    async with Database.from_url(database_url) as database:
        await database.ping()
    await bring_back(tmp_path / "b.tar", database_url, store)
    assert contents(database_url)["messages"][0] == 40


async def test_nul_is_taken_out_for_postgresql(
    small: str, tmp_path: Path, store: FolderStore, empty_postgres_url: str
) -> None:
    def spoil(at: object) -> None:
        at.execute(text("UPDATE users SET name = 'a' || char(0) || 'b' WHERE id = 1"))  # type: ignore[attr-defined]

    migrate.within(small, spoil)
    await back_up(small, store, tmp_path / "b.tar")
    await bring_back(tmp_path / "b.tar", empty_postgres_url, store)
    query = text("SELECT name FROM users WHERE id = 1")
    assert migrate.within(empty_postgres_url, lambda at: at.execute(query).scalar()) == "ab"


Members = dict[str, bytes]


def members_of(path: Path) -> Members:
    with tarfile.open(path) as tar:
        return {each.name: tar.extractfile(each).read() for each in tar}  # type: ignore[union-attr]


def write(path: Path, members: Iterator[tuple[tarfile.TarInfo, bytes]]) -> None:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))


def infos(members: Members) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    for name, content in members.items():
        info = tarfile.TarInfo(name)
        info.size = len(content)
        yield info, content


def resealed(members: Members, header: Header | None = None) -> Members:
    """The members with a manifest that agrees with them, as one with bad intent would make it."""
    found = dict(members)
    told = msgspec.json.decode(found.pop("manifest.json"), type=Manifest)
    if header is not None:
        found["backup.json"] = msgspec.json.encode(header)
    pages = tuple(
        type(told.pages[0])(name, hashlib.sha256(content).hexdigest(), len(content))
        for name, content in found.items()
        if name.startswith("tables/")
    )
    digest = hashlib.sha256(found["backup.json"]).hexdigest()
    told = msgspec.structs.replace(told, pages=pages, header_sha256=digest)
    return {**found, "manifest.json": msgspec.json.encode(told)}


def header_of(members: Members) -> Header:
    return msgspec.json.decode(members["backup.json"], type=Header)


def page(rows: bytes) -> bytes:
    return gzip.compress(rows)


def _flip(members: Members) -> Members:
    name = "tables/messages/000000.jsonl.gz"
    content = bytearray(members[name])
    content[len(content) // 2] ^= 1
    return members | {name: bytes(content)}


def _picture(members: Members) -> Members:
    name = next(each for each in members if each.startswith("attachments/"))
    return members | {name: b"another"}


def _no_end(members: Members) -> Members:
    return {name: content for name, content in members.items() if name != "manifest.json"}


def _page_less(members: Members) -> Members:
    return {name: each for name, each in members.items() if not name.startswith("tables/flags")}


def _outside(members: Members) -> Members:
    return {"backup.json": members["backup.json"], "../../evil": b"x"} | members


def _after_the_end(members: Members) -> Members:
    return members | {"attachments/" + "0" * 64: b""}


def _bomb(members: Members) -> Members:
    return resealed(members | {"tables/flags/000000.jsonl.gz": page(b" " * (200 * 1024 * 1024))})


def _foreign_row(members: Members) -> Members:
    return resealed(members | {"tables/flags/000000.jsonl.gz": page(b'[1,"x",null,"y",0.0]\n')})


def _more_rows(members: Members) -> Members:
    name = "tables/users/000000.jsonl.gz"
    rows = gzip.decompress(members[name])
    _, _, rest = rows.splitlines(keepends=True)[-1].partition(b",")
    return resealed(members | {name: page(rows + b"[999999," + rest)})


def _foreign_table(members: Members) -> Members:
    header = header_of(members)
    table = msgspec.structs.replace(header.tables[0], name="pg_authid")
    return resealed(members, msgspec.structs.replace(header, tables=(table, *header.tables[1:])))


def _foreign_column(members: Members) -> Members:
    header = header_of(members)
    first = header.tables[0]
    name, kind = first.columns[0]
    columns = ((f"{name}) VALUES (1); --", kind), *first.columns[1:])
    table = msgspec.structs.replace(first, columns=columns)
    return resealed(members, msgspec.structs.replace(header, tables=(table, *header.tables[1:])))


def _newer(members: Members) -> Members:
    return resealed(members, msgspec.structs.replace(header_of(members), revision="9999"))


def _newer_format(members: Members) -> Members:
    return resealed(members, msgspec.structs.replace(header_of(members), format=2))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_flip, "damaged"),
        (_picture, "damaged"),
        (_no_end, "cut off"),
        (_page_less, "damaged"),
        (_outside, "does not belong"),
        (_after_the_end, "follows the end"),
        (_bomb, "unpacks to more"),
        (_foreign_row, "cannot be read"),
        (_more_rows, "not those that were backed up"),
        (_foreign_table, "damaged|not those of revision"),
        (_foreign_column, "not those of revision"),
        (_newer, "newer version"),
        (_newer_format, "newer version"),
    ],
)
async def test_what_is_damaged_or_hostile_changes_nothing(
    small: str,
    tmp_path: Path,
    store: FolderStore,
    empty_database_url: str,
    spoil: Callable[[Members], Members],
    words: str,
) -> None:
    good, bad = tmp_path / "good.tar", tmp_path / "bad.tar"
    await back_up(small, store, good)
    write(bad, infos(spoil(members_of(good))))
    with pytest.raises(BackupError, match=words):
        await bring_back(bad, empty_database_url, FolderStore(tmp_path / "there"))
    assert migrate.current(empty_database_url) is None
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path.parent / "evil").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
async def test_only_plain_members_are_read(
    small: str, tmp_path: Path, store: FolderStore, kind: bytes
) -> None:
    good, bad = tmp_path / "good.tar", tmp_path / "bad.tar"
    await back_up(small, store, good)
    found = list(infos(members_of(good)))
    link = tarfile.TarInfo("attachments/" + "0" * 64)
    link.type, link.linkname = kind, "/etc/passwd"
    write(bad, iter([found[0], (link, b""), *found[1:]]))
    with pytest.raises(BackupError, match="does not belong"):
        await bring_back(bad, url_of(tmp_path / "r.sqlite3"), store)


async def test_a_backup_cut_off_anywhere_is_refused(
    small: str, tmp_path: Path, store: FolderStore
) -> None:
    good = tmp_path / "good.tar"
    await back_up(small, store, good)
    content = good.read_bytes()
    end = content.rindex(b"manifest.json")
    for size in (0, 100, 511, 512, 1000, len(content) // 2, end, end + 512, end + 600):
        with pytest.raises(BackupError):
            BackupReader(io.BytesIO(content[:size])).check()
    for noise in (b"\0" * 10_240, b"no backup at all " * 1000, gzip.compress(content)):
        with pytest.raises(BackupError):
            BackupReader(io.BytesIO(noise)).check()
