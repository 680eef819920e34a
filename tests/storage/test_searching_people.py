"""People are found by the beginning of their name, by standing, and page by page; notes and
timelines of one person, on both databases."""

from __future__ import annotations

import pytest

from chat.conversations import Conversation
from chat.moderation import Deed, Finding, Measure, Side, Verdict
from chat.people import Access, Role, Sender, User
from storage.database import Database
from storage.repositories import (
    DecisionState,
    Event,
    RestrictionKind,
    ReviewVerdict,
    Seat,
    Wanted,
)
from tests.storage.conftest import Clock

REVIEWER = Seat(0, ("reviewer",))
OWNER = Seat(0, ("reviewer", "moderator", "admin", "owner"), unlocked=True)


async def named(database: Database, *names: str) -> list[User]:
    async with database.write() as tx:
        return [
            await tx.users.ensure("telegram", Sender(f"n{number}", name, "en"))
            for number, name in enumerate(names)
        ]


async def found(database: Database, wanted: Wanted, *, page: int = 2) -> list[str]:
    """The names on all pages."""
    names: list[str] = []
    after = None
    async with database.read() as tx:
        while people := await tx.people.search(wanted, most=page, after=after):
            names += [user.name for user in people]
            after = people[-1].id
    return names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("an", ["Anna", "ANNA  Maria", "Antje"]),
        ("anna m", ["ANNA  Maria"]),
        ("ÜNAL", ["Ünal", "ünal b"]),
        ("u\u0308nal", ["Ünal", "ünal b"]),
        ("straSSe", ["Straße"]),
        ("%", []),
        ("_", []),
        ("日本", ["日本語"]),
        ("zz", []),
    ],
)
async def test_a_name_is_found_by_how_it_begins(
    database: Database, words: str, names: list[str]
) -> None:
    await named(
        database, "ünal b", "Anna", "Antje", "ANNA  Maria", "Ünal", "Hanna", "Straße", "日本語"
    )
    assert await found(database, Wanted(words)) == names


async def test_pages_of_the_same_name_leave_nobody_out(database: Database) -> None:
    people = await named(database, *["Anna"] * 5)
    async with database.read() as tx:
        first = await tx.people.search(Wanted("anna"), most=3)
        rest = await tx.people.search(Wanted("anna"), most=3, after=first[-1].id)
    assert [each.id for each in (*first, *rest)] == [each.id for each in people]


async def test_a_new_name_is_the_one_that_is_found(database: Database) -> None:
    await named(database, "Anna")
    await named(database, "Berta")
    assert await found(database, Wanted("anna")) == []
    assert await found(database, Wanted("berta")) == ["Berta"]


async def test_filters_hold_together_and_newest_come_first(
    database: Database, clock: Clock
) -> None:
    anna, berta, cleo, dora = await named(database, "Anna", "Berta", "Cleo", "Dora")
    async with database.write() as tx:
        await tx.users.set_access(berta.id, Access.ALLOWED)
        await tx.users.set_access(cleo.id, Access.ALLOWED)
        await tx.users.set_role(cleo.id, Role.REVIEWER)
        for user, kind, until in (
            (anna, RestrictionKind.MUTE, clock() + 60),
            (berta, RestrictionKind.BAN, None),
            (cleo, RestrictionKind.STRIKE, None),
            (dora, RestrictionKind.BAN, None),
        ):
            made = await tx.restrictions.add(user.id, kind, category="hate", until=until)
        await tx.restrictions.lift(made.id, by=cleo.id)
    assert await found(database, Wanted()) == ["Dora", "Cleo", "Berta", "Anna"]
    assert await found(database, Wanted(role=Role.REVIEWER)) == ["Cleo"]
    assert await found(database, Wanted(access=Access.ALLOWED)) == ["Cleo", "Berta"]
    assert await found(database, Wanted(restricted=True)) == ["Berta", "Anna"]
    assert await found(database, Wanted("a", Role.MEMBER, restricted=True)) == ["Anna"]
    assert await found(database, Wanted(access=Access.ALLOWED, restricted=True)) == ["Berta"]
    clock.advance(61)
    assert await found(database, Wanted(restricted=True)) == ["Berta"]


async def test_who_is_erased_is_not_found_and_their_notes_are_gone(
    database: Database, ada: User
) -> None:
    async with database.write() as tx:
        note = await tx.notes.add(ada.id, "Was kind\0 on the phone", author_id=99)
        assert (note.text, note.author_id) == ("Was kind on the phone", 99)
        assert await tx.notes.of_user(ada.id) == [note]
        await tx.users.erase(ada.id)
        assert await tx.notes.of_user(ada.id) == []
        assert (await tx.people.get(ada.id)).user.name == ""
    assert await found(database, Wanted("ada")) == []
    assert await found(database, Wanted()) == []


async def test_staff_keep_one_pseudonym_whatever_becomes_of_them(
    database: Database, ada: User
) -> None:
    async def code() -> str:
        async with database.read() as tx:
            return (await tx.people.colleagues([ada.id]))[ada.id].code

    assert await code() == ""
    async with database.write() as tx:
        await tx.users.set_role(ada.id, Role.REVIEWER)
    first = await code()
    assert len(first) == 6
    async with database.write() as tx:
        await tx.users.set_role(ada.id, Role.ADMIN)
        await tx.users.erase(ada.id)
    assert await code() == first


async def raised(database: Database, chat: Conversation, user: User, *, locked: bool) -> int:
    verdict = Verdict((Finding("words", "hate", 1.0),), (Measure(Deed.FLAG),), category="hate")
    async with database.write() as tx:
        flag = await tx.flags.add(
            chat.id, None, verdict, side=Side.QUESTION, user_id=user.id, locked=locked
        )
    assert flag is not None
    return flag[0].id


async def test_a_timeline_tells_everything_newest_first_on_pages(
    database: Database, clock: Clock, chat: Conversation, ada: User
) -> None:
    flag = await raised(database, chat, ada, locked=False)
    locked = await raised(database, chat, ada, locked=True)
    async with database.write() as tx:
        for flag_id in (flag, locked):
            await tx.decisions.add(
                ReviewVerdict.WARN,
                decided_by=9,
                category="hate",
                policy=0,
                state=DecisionState.COUNTING,
                due_at=0.0,
                flag_id=flag_id,
                user_id=ada.id,
            )
    clock.advance(1)
    async with database.write() as tx:
        given = await tx.restrictions.add(ada.id, RestrictionKind.MUTE, category="hate", until=None)
        await tx.appeals.add(ada.id, given.id, conversation_id=None, words="no")
        for number, about in enumerate((flag, locked)):
            await tx.reports.add(
                ada.id, conversation_id=chat.id, message_id=number, flag_id=about, reason="x"
            )
    clock.advance(1)
    async with database.write() as tx:
        await tx.notes.add(ada.id, "told them", author_id=9)

    async def kinds(seat: Seat) -> list[str]:
        events: list[Event] = []
        async with database.read() as tx:
            while page := await tx.timeline.page(
                ada.id, seat, most=2, after=events[-1] if events else None
            ):
                events += page
        return [event.kind.value for event in events]

    assert await kinds(REVIEWER) == ["note", "restriction", "report", "appeal", "flag", "decision"]
    assert await kinds(OWNER) == [
        "note",
        "restriction",
        "report",
        "report",
        "appeal",
        "flag",
        "flag",
        "decision",
        "decision",
    ]
