"""Reviewers and a queue: claimed, decided, undone, seconded, and what follows for people."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from chat.messages import Speaker, TextPart
from chat.moderation import Deed, Finding, Measure, Priority, Side, Verdict
from chat.people import Access, Role, User
from chat.turns import TurnState
from handlers.moderation.consequences import Consequences
from handlers.moderation.deciding import Choice
from handlers.moderation.reviews import Reviews
from handlers.moderation.rights import NotPermitted, Taken, TooLate
from handlers.requests import Requests
from handlers.retention import Retention
from handlers.settings import KeepSettings
from moderation.policy.live import LivePolicy
from storage.errors import NotFound
from storage.repositories import DecisionState, Flag, FlagState, HoldKind, ReviewVerdict
from tests.handlers.world import Person, World

DISMISS = Choice(ReviewVerdict.DISMISS)
MUTE = Choice(ReviewVerdict.MUTE, seconds=3600, category="hate")
BAN = Choice(ReviewVerdict.BAN, category="hate")


@dataclass
class Office:
    """Reviewers, and somebody who says things."""

    world: World
    reviews: Reviews
    consequences: Consequences
    ada: Person

    async def staff(self, name: str, role: Role = Role.MODERATOR) -> User:
        async with self.world.database.write() as tx:
            user = await tx.users.add(name, "en", role, Access.ALLOWED)
            await tx.users.link(user.id, "telegram", f"staff-{name}")
        return user

    async def flag(
        self, priority: Priority = Priority.NORMAL, *, held: bool = False, **more: Any
    ) -> Flag:
        """Ada says something that is flagged."""
        await self.ada.says("something")
        verdict = Verdict(
            findings=(Finding("words", "hate", 1.0),),
            measures=(Measure(Deed.FLAG),),
            category="hate",
            priority=priority,
        )
        async with self.world.database.write() as tx:
            conversation = await tx.conversations.by_key(self.ada.key)
            assert conversation is not None
            turn = await tx.turns.latest(conversation.id)
            assert turn is not None
            (message,) = [
                each
                for each in await tx.messages.of_turn(turn.id)
                if each.speaker is Speaker.PERSON
            ][-1:]
            raised = await tx.flags.add(
                conversation.id,
                message.id,
                verdict,
                side=Side.QUESTION,
                user_id=conversation.user_id,
                turn_id=turn.id,
                held=held,
                **more,
            )
        assert raised is not None
        return raised[0]

    async def later(self, seconds: float) -> None:
        self.world.clock.now += seconds
        await self.consequences.bring_about()

    async def restrictions(self, flag: Flag) -> list[str]:
        assert flag.user_id is not None
        async with self.world.database.read() as tx:
            return [each.kind.value for each in await tx.restrictions.in_force(flag.user_id)]


@pytest.fixture
def office(any_world: World) -> Office:
    world = any_world
    policy = LivePolicy(world.database)
    reviews = Reviews(database=world.database, policy=policy, clock=world.clock)
    consequences = Consequences(
        database=world.database,
        broker=world.broker,
        store=world.store,
        policy=policy,
        requests=Requests(),
        clock=world.clock,
    )
    return Office(world, reviews, consequences, world.person("1"))


async def test_the_most_urgent_comes_first_and_nobody_gets_the_same(office: Office) -> None:
    low = await office.flag(Priority.LOW)
    await office.world.answer()
    urgent = await office.flag(Priority.URGENT)
    grace, linus = await office.staff("grace"), await office.staff("linus")
    assert [flag.id for flag in await office.reviews.queue(grace)] == [urgent.id, low.id]
    taken = await asyncio.gather(office.reviews.next(grace), office.reviews.next(linus))
    assert {flag.id for flag in taken if flag} == {low.id, urgent.id}
    assert await office.reviews.next(grace, but=[low.id, urgent.id]) is None


async def test_a_claim_keeps_others_out_until_it_ends(office: Office) -> None:
    flag = await office.flag()
    grace, linus = await office.staff("grace"), await office.staff("linus")
    assert (await office.reviews.open(grace, flag.id)).claimed_by == grace.id
    assert (await office.reviews.open(linus, flag.id)).claimed_by == grace.id
    with pytest.raises(Taken):
        await office.reviews.decide(linus, flag.id, DISMISS)
    office.world.clock.now += 301
    await office.reviews.decide(linus, flag.id, DISMISS)
    with pytest.raises(Taken):
        await office.reviews.decide(grace, flag.id, MUTE)


async def test_a_decision_counts_after_ten_seconds_and_the_person_is_told_why(
    office: Office,
) -> None:
    flag = await office.flag()
    grace = await office.staff("grace")
    await office.reviews.decide(grace, flag.id, MUTE)
    await office.later(9)
    assert await office.restrictions(flag) == []
    await office.later(1)
    assert await office.restrictions(flag) == ["mute"]
    told = await office.ada.last_words()
    assert "about hatred" in told
    assert "for 60 minutes" in told
    assert "decided by a person" in told
    assert "/appeal" in told


async def test_every_step_of_a_decision_stands_in_the_audit_log(office: Office) -> None:
    flag = await office.flag()
    grace, linus = await office.staff("grace"), await office.staff("linus")
    await office.reviews.snooze(grace, flag.id, 1)
    office.world.clock.now += 1
    undone = await office.reviews.decide(grace, flag.id, MUTE)
    await office.reviews.undo(grace, undone.id)
    heavy = await office.reviews.decide(grace, flag.id, BAN)
    await office.reviews.second(linus, heavy.id, agree=True)
    await office.later(0)
    async with office.world.database.read() as tx:
        entries = await tx.audit.read(None, 100)
        await tx.audit.verify()
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("flag.snoozed", f"moderator {grace.id}"),
        ("decision.made", f"moderator {grace.id}"),
        ("decision.undone", f"moderator {grace.id}"),
        ("decision.made", f"moderator {grace.id}"),
        ("decision.seconded", f"moderator {linus.id}"),
        ("decision.in-force", "assistant"),
    ]
    assert "something" not in str(entries), "never what people say"


async def test_undone_within_ten_seconds_nobody_hears_of_it(office: Office) -> None:
    flag = await office.flag()
    grace = await office.staff("grace")
    decision = await office.reviews.decide(grace, flag.id, MUTE)
    again = await office.reviews.undo(grace, decision.id)
    assert again is not None
    assert (again.state, again.claimed_by) == (FlagState.OPEN, grace.id)
    await office.later(60)
    assert await office.restrictions(flag) == []
    assert "mute" not in str(await office.ada.keys())
    await office.reviews.decide(grace, flag.id, DISMISS)
    with pytest.raises(TooLate):
        await office.reviews.undo(grace, decision.id)


async def test_a_muted_person_is_told_once_and_may_still_leave(office: Office) -> None:
    flag = await office.flag()
    grace = await office.staff("grace")
    await office.reviews.decide(grace, flag.id, MUTE)
    await office.later(10)
    before = len(await office.ada.keys())
    await office.ada.says("hello?")
    await office.ada.says("hello??")
    await office.ada.says("/privacy")
    assert (await office.ada.keys())[before:] == ["restricted-still", "privacy"]
    office.world.clock.now += 3600
    await office.ada.says("again")
    assert [turn.state for turn in await office.world.answer()] == [TurnState.ANSWERED]


async def test_a_ban_for_good_needs_a_second_person(office: Office) -> None:
    flag = await office.flag()
    grace, linus = await office.staff("grace"), await office.staff("linus")
    reviewer = await office.staff("ken", Role.REVIEWER)
    decision = await office.reviews.decide(grace, flag.id, BAN)
    assert decision.state is DecisionState.WAITING
    for nobody in (grace, reviewer):
        with pytest.raises(NotPermitted):
            await office.reviews.second(nobody, decision.id, agree=True)
    await office.later(48 * 3600)
    assert await office.restrictions(flag) == []
    await office.reviews.second(linus, decision.id, agree=True)
    await office.later(0)
    assert await office.restrictions(flag) == ["ban"]


async def test_a_second_person_who_disagrees_gets_the_flag(office: Office) -> None:
    flag = await office.flag()
    grace, linus = await office.staff("grace"), await office.staff("linus")
    decision = await office.reviews.decide(grace, flag.id, BAN)
    await office.reviews.second(linus, decision.id, agree=False)
    assert [each.claimed_by for each in await office.reviews.queue(linus)] == [linus.id]


async def test_where_there_is_nobody_else_a_heavy_decision_waits_a_day(office: Office) -> None:
    flag = await office.flag()
    grace = await office.staff("grace")
    decision = await office.reviews.decide(grace, flag.id, BAN)
    assert decision.alone
    await office.later(24 * 3600 - 1)
    assert await office.restrictions(flag) == []
    await office.later(1)
    assert await office.restrictions(flag) == ["ban"]


async def test_a_released_question_is_answered_in_place(office: Office) -> None:
    flag = await office.flag(held=True)
    grace = await office.staff("grace", Role.REVIEWER)
    await office.world.answer()
    await office.reviews.decide(grace, flag.id, Choice(ReviewVerdict.RELEASE))
    await office.later(10)
    (turn,) = await office.world.claim()
    assert turn.id == flag.turn_id
    assert turn.cleared_up_to == flag.message_id


async def test_a_removed_message_is_gone_from_the_history(office: Office) -> None:
    flag = await office.flag()
    grace = await office.staff("grace")
    await office.reviews.decide(grace, flag.id, Choice(ReviewVerdict.REMOVE))
    await office.later(10)
    async with office.world.database.read() as tx:
        history = await tx.messages.history(flag.conversation_id)
    assert [
        part for message in history for part in message.parts if part == TextPart("something")
    ] == []


async def test_a_removed_message_that_is_held_is_hidden_until_the_hold_ends(
    office: Office,
) -> None:
    flag = await office.flag()
    grace = await office.staff("grace")
    async with office.world.database.write() as tx:
        hold = await tx.holds.add(
            HoldKind.CONVERSATION,
            flag.conversation_id,
            reason="court",
            until=office.world.clock.now + 1e6,
            created_by=None,
        )
    await office.reviews.decide(grace, flag.id, Choice(ReviewVerdict.REMOVE))
    await office.later(10)
    assert flag.message_id is not None
    async with office.world.database.write() as tx:
        assert (await tx.messages.get(flag.message_id)).text == "something"
        history = await tx.messages.history(flag.conversation_id)
        await tx.holds.release(hold.id, by=None)
    assert "something" not in [message.text for message in history]
    retention = Retention(
        database=office.world.database,
        store=office.world.store,
        keep=KeepSettings(),
        clock=office.world.clock,
    )
    assert await retention.delete_released() == 1
    async with office.world.database.read() as tx:
        with pytest.raises(NotFound):
            await tx.messages.get(flag.message_id)


async def test_a_reviewer_warns_but_restricts_nobody(office: Office) -> None:
    flag = await office.flag()
    reviewer = await office.staff("ken", Role.REVIEWER)
    with pytest.raises(NotPermitted):
        await office.reviews.decide(reviewer, flag.id, MUTE)
    with pytest.raises(NotPermitted):
        await office.reviews.queue(await office.staff("member", Role.MEMBER))


async def test_what_is_locked_or_escalated_is_not_there_for_others(office: Office) -> None:
    locked = await office.flag(locked=True)
    await office.world.answer()
    escalated = await office.flag()
    grace, root = await office.staff("grace"), await office.staff("root", Role.OWNER)
    await office.reviews.escalate(grace, escalated.id)
    assert await office.reviews.queue(grace) == []
    for flag in (locked, escalated):
        with pytest.raises(NotFound):
            await office.reviews.open(grace, flag.id)
    assert {flag.id for flag in await office.reviews.queue(root)} == {locked.id, escalated.id}


async def test_nobody_decides_about_their_equals(office: Office) -> None:
    flag = await office.flag()
    assert flag.user_id is not None
    async with office.world.database.write() as tx:
        await tx.users.set_role(flag.user_id, Role.MODERATOR)
    with pytest.raises(NotPermitted):
        await office.reviews.decide(await office.staff("grace"), flag.id, MUTE)
    admin = await office.staff("root", Role.ADMIN)
    await office.reviews.decide(admin, flag.id, MUTE)


async def test_a_snoozed_flag_comes_back(office: Office) -> None:
    flag = await office.flag()
    grace = await office.staff("grace")
    await office.reviews.snooze(grace, flag.id, 600)
    assert await office.reviews.queue(grace) == []
    office.world.clock.now += 600
    assert [each.id for each in await office.reviews.queue(grace)] == [flag.id]
