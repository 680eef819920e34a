"""Many flags decided alike: each by itself, a person met once, and what is others' left alone."""

from __future__ import annotations

import pytest

from chat.moderation import Priority
from chat.people import Role
from handlers.moderation.bulk import Alike, Bulk, NotInBulk
from handlers.moderation.deciding import Choice
from handlers.moderation.rights import NotPermitted
from storage.repositories import DecisionState, FlagState, ReviewVerdict
from tests.handlers.moderation.test_reviews import BAN, DISMISS, MUTE, Office, office

__all__ = ["office"]


def bulk_of(office: Office) -> Bulk:
    return Bulk(database=office.world.database, reviews=office.reviews)


async def test_each_flag_has_its_own_decision_and_its_own_line_in_the_log(office: Office) -> None:
    bulk, max_ = bulk_of(office), await office.staff("Max")
    flags = [await office.flag() for _ in range(3)]
    made = await bulk.decide(max_, [flag.id for flag in flags], DISMISS)
    assert [decision.flag_id for decision in made.decisions] == [flag.id for flag in flags]
    assert made.left == ()
    async with office.world.database.read() as tx:
        states = [(await tx.flags.get(flag.id)).state for flag in flags]
        noted = [await tx.audit.of_object("decision", each.id, 9) for each in made.decisions]
    assert states == [FlagState.DECIDED] * 3
    assert [[line.action for line in lines] for lines in noted] == [["decision.made"]] * 3


async def test_a_person_meets_it_once_and_their_other_messages_are_removed(office: Office) -> None:
    bulk, max_ = bulk_of(office), await office.staff("Max")
    flags = [await office.flag() for _ in range(3)]
    made = await bulk.decide(max_, [flag.id for flag in flags], MUTE)
    assert [decision.verdict.value for decision in made.decisions] == ["mute", "remove", "remove"]
    await office.later(11)
    assert await office.restrictions(flags[0]) == ["mute"]
    async with office.world.database.read() as tx:
        said = await tx.messages.get_many({flag.message_id or 0 for flag in flags})
    assert set(said) == {flags[0].message_id}


async def test_all_of_it_is_undone_together(office: Office) -> None:
    bulk, max_ = bulk_of(office), await office.staff("Max")
    flags = [await office.flag() for _ in range(2)]
    made = await bulk.decide(max_, [flag.id for flag in flags], MUTE)
    mia = await office.staff("Mia")
    ids = [decision.id for decision in made.decisions]
    assert await bulk.undo(mia, ids) == 0
    assert await bulk.undo(max_, ids) == 2
    await office.later(11)
    assert await office.restrictions(flags[0]) == []
    async with office.world.database.read() as tx:
        undone = [(await tx.decisions.get(each)).state for each in ids]
        assert (await tx.flags.get(flags[1].id)).state is FlagState.OPEN
    assert undone == [DecisionState.UNDONE] * 2


async def test_what_somebody_else_looks_at_is_neither_listed_nor_decided(office: Office) -> None:
    bulk, max_, mia = bulk_of(office), await office.staff("Max"), await office.staff("Mia")
    hers, free = await office.flag(), await office.flag()
    await office.reviews.open(mia, hers.id)
    assert [each.flag.id for each in await bulk.preview(max_, Alike())] == [free.id]
    made = await bulk.decide(max_, [hers.id, free.id, 999_999], DISMISS)
    assert [decision.flag_id for decision in made.decisions] == [free.id]
    assert made.left == (hers.id, 999_999)


async def test_what_is_locked_is_nobodys_without_that_right(office: Office) -> None:
    bulk, max_ = bulk_of(office), await office.staff("Max")
    locked = await office.flag(locked=True)
    assert await bulk.preview(max_, Alike()) == []
    assert await bulk.categories(max_) == {}
    assert (await bulk.decide(max_, [locked.id], DISMISS)).left == (locked.id,)
    owner = await office.staff("Olga", Role.OWNER)
    assert [each.flag.id for each in await bulk.preview(owner, Alike())] == [locked.id]


async def test_a_ban_for_good_and_what_a_role_may_not_are_not_for_many(office: Office) -> None:
    bulk = bulk_of(office)
    flag = await office.flag()
    with pytest.raises(NotInBulk):
        await bulk.decide(await office.staff("Max"), [flag.id], BAN)
    reviewer = await office.staff("Rio", Role.REVIEWER)
    with pytest.raises(NotPermitted):
        await bulk.decide(reviewer, [flag.id], MUTE)
    async with office.world.database.read() as tx:
        assert (await tx.flags.get(flag.id)).state is FlagState.OPEN


async def test_only_held_questions_are_let_through(office: Office) -> None:
    bulk, max_ = bulk_of(office), await office.staff("Max")
    held, other = await office.flag(held=True), await office.flag()
    made = await bulk.decide(max_, [held.id, other.id], Choice(ReviewVerdict.RELEASE))
    assert [decision.flag_id for decision in made.decisions] == [held.id]
    assert made.left == (other.id,)


async def test_flags_are_found_by_category_priority_and_person(office: Office) -> None:
    bulk, max_ = bulk_of(office), await office.staff("Max")
    low, urgent = await office.flag(Priority.LOW), await office.flag(Priority.URGENT)

    async def found(alike: Alike) -> list[int]:
        return [each.flag.id for each in await bulk.preview(max_, alike)]

    assert await bulk.categories(max_) == {"hate": 2}
    assert await found(Alike()) == [urgent.id, low.id]
    assert await found(Alike(category="hate")) == [urgent.id, low.id]
    assert await found(Alike(category="nudity")) == []
    assert await found(Alike(priority=Priority.LOW)) == [low.id]
    assert await found(Alike(person=low.user_id)) == [urgent.id, low.id]
    assert await found(Alike(person=max_.id)) == []
    assert [each.excerpt for each in await bulk.preview(max_, Alike())] == ["something"] * 2
