"""How well checks and people do, exact on both databases."""

from __future__ import annotations

import pytest

from chat.conversations import Conversation
from chat.moderation import Deed, Finding, Measure, Priority, Side, Verdict
from storage.database import Database
from storage.repositories import (
    CheckQuality,
    DecisionState,
    RestrictionKind,
    Reviewer,
    ReviewVerdict,
    Wait,
)
from tests.storage.conftest import Clock

HOUR = 3600.0
IN_FORCE = DecisionState.IN_FORCE


class Desk:
    """Flags that are raised and decided."""

    def __init__(self, database: Database, chat: Conversation, clock: Clock) -> None:
        self.database = database
        self.chat = chat
        self.clock = clock

    async def flag(self, *checks: str, priority: Priority = Priority.NORMAL) -> int:
        words = ('says "check":"nudity"', "{}[],'")
        verdict = Verdict(
            findings=tuple(Finding(check, "hate", 0.9, evidence=words) for check in checks),
            measures=(Measure(Deed.FLAG),),
            category="hate",
            priority=priority,
        )
        async with self.database.write() as t:
            raised = await t.flags.add(self.chat.id, None, verdict, side=Side.QUESTION)
        assert raised is not None
        return raised[0].id

    async def decide(
        self,
        flag: int | None,
        verdict: ReviewVerdict,
        state: DecisionState = IN_FORCE,
        *,
        by: int | None = 7,
    ) -> None:
        async with self.database.write() as t:
            await t.decisions.add(
                verdict,
                decided_by=by,
                category="hate",
                policy=0,
                state=state,
                due_at=0.0,
                flag_id=flag,
            )


@pytest.fixture
def desk(database: Database, chat: Conversation, clock: Clock) -> Desk:
    return Desk(database, chat, clock)


async def test_flags_are_counted_by_each_of_their_checks(desk: Desk) -> None:
    early = await desk.flag("words")
    desk.clock.advance(HOUR)
    since = desk.clock.now
    verdicts = [
        (ReviewVerdict.MUTE, IN_FORCE),
        (ReviewVerdict.DISMISS, IN_FORCE),
        (ReviewVerdict.RELEASE, IN_FORCE),
        (ReviewVerdict.WARN, DecisionState.REVERSED),
        (ReviewVerdict.BAN, DecisionState.WAITING),
        (ReviewVerdict.BAN, DecisionState.REJECTED),
        (ReviewVerdict.BAN, DecisionState.COUNTING),
    ]
    for verdict, state in verdicts:
        await desk.decide(await desk.flag("words", "guard", "words"), verdict, state)
    undone = await desk.flag("people")
    await desk.decide(undone, ReviewVerdict.STRIKE, DecisionState.UNDONE)
    await desk.decide(undone, ReviewVerdict.REMOVE)
    await desk.decide(early, ReviewVerdict.MUTE)
    async with desk.database.read() as t:
        found = await t.quality.checks(since)
        of_all = await t.quality.checks(0.0)
    assert found == [
        CheckQuality("guard", raised=7, decided=4, upheld=2),
        CheckQuality("people", raised=1, decided=1, upheld=1),
        CheckQuality("words", raised=7, decided=4, upheld=2),
    ]
    assert of_all[-1] == CheckQuality("words", raised=8, decided=5, upheld=3)


async def test_the_time_to_a_decision_is_told_by_priority(desk: Desk) -> None:
    start = desk.clock.now
    for minutes in (7, 1, 10, 3, 5, 2, 9, 4, 8, 6):
        desk.clock.now = start
        flag = await desk.flag("words")
        desk.clock.advance(minutes * 60)
        await desk.decide(flag, ReviewVerdict.MUTE)
    urgent = await desk.flag("words", priority=Priority.URGENT)
    desk.clock.advance(5)
    await desk.decide(urgent, ReviewVerdict.DISMISS)
    await desk.decide(await desk.flag("words"), ReviewVerdict.BAN, DecisionState.WAITING)
    async with desk.database.read() as t:
        found = await t.quality.waits(start)
        later = await t.quality.waits(start + 9 * 60 + 1)
    assert found == [
        Wait(Priority.URGENT, 1, 5.0, 5.0),
        Wait(Priority.NORMAL, 10, 300.0, 540.0),
    ]
    assert later == [Wait(Priority.NORMAL, 1, 600.0, 600.0)], "what was decided before is left out"


async def test_decisions_are_counted_by_who_made_them(desk: Desk) -> None:
    await desk.decide(None, ReviewVerdict.MUTE, by=9)
    desk.clock.advance(1)
    since = desk.clock.now
    for verdict, state, by in (
        (ReviewVerdict.DISMISS, IN_FORCE, 7),
        (ReviewVerdict.MUTE, DecisionState.REVERSED, 9),
        (ReviewVerdict.STRIKE, IN_FORCE, 9),
        (ReviewVerdict.STRIKE, DecisionState.UNDONE, 9),
        (ReviewVerdict.STRIKE, IN_FORCE, None),
    ):
        await desk.decide(None, verdict, state, by=by)
    async with desk.database.read() as t:
        assert await t.quality.reviewers(since) == [
            Reviewer(9, decided=2, upheld=2, reversed=1),
            Reviewer(7, decided=1, upheld=0, reversed=0),
        ]


async def test_appeals_are_counted_when_they_are_decided(desk: Desk) -> None:
    user = desk.chat.user_id
    assert user is not None
    async with desk.database.write() as t:
        assert await t.quality.appeals(0.0) == (0, 0)
        for outcome in (True, False, False, None):
            mute = await t.restrictions.add(user, RestrictionKind.MUTE, category="x", until=None)
            appeal = await t.appeals.add(user, mute.id, conversation_id=None, words="")
            if outcome is not None:
                await t.appeals.decide(
                    appeal.id, overturned=outcome, by=7, note="", same_person=False
                )
                desk.clock.advance(1)
    async with desk.database.read() as t:
        assert await t.quality.appeals(0.0) == (3, 1)
        assert await t.quality.appeals(desk.clock.now - 2) == (2, 0)
        decided = await t.appeals.decided(9)
        assert [each.state for each in decided] == ["upheld", "upheld", "overturned"]
        assert await t.appeals.decided(1) == decided[:1]
        assert await t.appeals.decided(9, before=decided[0].id) == decided[1:]
