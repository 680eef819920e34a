"""Staff and what is known of people: what is hidden, what may be done, and who is told."""

from __future__ import annotations

import pytest

from chat.budgets import NO_BUDGETS
from chat.people import Access, Role, User
from handlers.errors import NotFound
from handlers.moderation.deciding import Choice
from handlers.moderation.people import NothingWritten, PeopleBook
from handlers.moderation.rights import NotPermitted, TooLate
from storage.allowances import Allowances
from storage.repositories import RestrictionKind, ReviewVerdict, Wanted
from tests.handlers.moderation.test_reviews import Office, office
from tests.handlers.world import World

__all__ = ["office"]


def book_of(world: World) -> PeopleBook:
    return PeopleBook(
        database=world.database,
        allowances=Allowances(world.broker, NO_BUDGETS),
        clock=world.clock,
    )


async def restricted(office: Office, kind: RestrictionKind, until: float | None) -> int:
    async with office.world.database.write() as tx:
        user = await office.ada.user()
        made = await tx.restrictions.add(user.id, kind, category="hate", until=until)
    return made.id


async def test_what_is_locked_is_in_nobodys_time_line_but_an_owners(office: Office) -> None:
    flag = await office.flag(locked=True)
    owner = await office.staff("olga", Role.OWNER)
    await office.reviews.decide(owner, flag.id, Choice(ReviewVerdict.WARN))
    ada = await office.ada.user()
    moderator = await office.staff("max")
    book = book_of(office.world)
    assert (await book.get(moderator, ada.id)).events == ()
    kinds = {entry.event.kind for entry in (await book.get(owner, ada.id)).events}
    assert kinds == {"flag", "decision"}


async def test_strikes_are_told_from_those_that_have_expired(office: Office) -> None:
    await office.ada.says("hello")
    now = office.world.clock.now
    for until in (now - 1, now + 60, None):
        await restricted(office, RestrictionKind.STRIKE, until)
    await restricted(office, RestrictionKind.WARNING, now + 60)
    ada, moderator = await office.ada.user(), await office.staff("max")
    profile = await book_of(office.world).get(moderator, ada.id)
    assert (len(profile.strikes), len(profile.past_strikes)) == (2, 1)
    assert [each.kind for each in profile.in_force] == ["warning"]


async def test_lifting_is_for_betters_and_only_what_still_holds(office: Office) -> None:
    await office.ada.says("hello")
    mute = await restricted(office, RestrictionKind.MUTE, office.world.clock.now + 60)
    ada, book = await office.ada.user(), book_of(office.world)
    with pytest.raises(NotPermitted):
        await book.lift(await office.staff("rosa", Role.REVIEWER), ada.id, mute)
    with pytest.raises(NotFound):
        await book.lift(ada, ada.id, mute)
    moderator = await office.staff("max")
    office.world.clock.now += 61
    with pytest.raises(TooLate):
        await book.lift(moderator, ada.id, mute)


async def test_nobody_lifts_what_restricts_their_equals(office: Office) -> None:
    olga, oscar = [await office.staff(name, Role.ADMIN) for name in ("olga", "oscar")]
    async with office.world.database.write() as tx:
        ban = await tx.restrictions.add(oscar.id, RestrictionKind.BAN, category="hate", until=None)
    for user in (olga, oscar):
        assert not (await book_of(office.world).get(user, oscar.id)).lifts
        with pytest.raises(NotPermitted):
            await book_of(office.world).lift(user, oscar.id, ban.id)


async def test_members_neither_look_nor_write(office: Office) -> None:
    await office.ada.says("hello")
    ada, book = await office.ada.user(), book_of(office.world)
    with pytest.raises(NotPermitted):
        await book.find(ada, "", Wanted(), most=9)
    for call in (book.get(ada, ada.id), book.note(ada, ada.id, "x"), book.check(ada, ada.id)):
        with pytest.raises((NotFound, NotPermitted)):
            await call
    with pytest.raises(NothingWritten):
        await book.note(await office.staff("max"), ada.id, "  ")


async def test_a_number_finds_somebody_who_is_gone_and_a_name_does_not(office: Office) -> None:
    await office.ada.says("hello")
    ada, moderator = await office.ada.user(), await office.staff("max")
    book = book_of(office.world)
    assert await names(book, moderator, ada.name[:2]) == [ada.name]
    async with office.world.database.write() as tx:
        await tx.users.erase(ada.id)
    assert await names(book, moderator, ada.name[:2]) == []
    found = await book.find(moderator, f"#{ada.id}", Wanted(), most=9)
    assert [each.access for each in found.users] == [Access.STRANGER]


async def names(book: PeopleBook, user: User, words: str) -> list[str]:
    found = await book.find(user, words, Wanted(), most=9)
    return [each.name for each in found.users]
