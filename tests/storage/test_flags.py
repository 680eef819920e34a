"""Flags, versions of the policy, and restrictions, on both databases."""

from __future__ import annotations

import pytest

from chat.conversations import Conversation
from chat.messages import Speaker, TextPart
from chat.moderation import Deed, Finding, Measure, Priority, Side, Verdict
from chat.people import User
from storage.database import Database
from storage.errors import NotFound
from storage.repositories import FlagState, RestrictionKind
from tests.storage.conftest import Clock

RUDE = Finding("words", "profanity", 0.9, evidence=("rude",))
NUDE = Finding("nudity", "nudity", 0.95, attachment_id=3)


def verdict(*findings: Finding, priority: Priority = Priority.LOW) -> Verdict:
    return Verdict(
        findings=findings,
        measures=(Measure(Deed.FLAG),),
        proposed=(Measure(Deed.MUTE, 3600),),
        category=findings[0].category,
        priority=priority,
        policy=2,
    )


async def said(database: Database, chat: Conversation) -> int:
    async with database.write() as tx:
        message = await tx.messages.add(
            chat.id, speaker=Speaker.PERSON, parts=(TextPart("rude"),), turn_id=None
        )
    return message.id


async def test_what_is_found_of_one_message_is_one_flag(
    database: Database, chat: Conversation, ada: User
) -> None:
    message_id = await said(database, chat)
    async with database.write() as tx:
        first = await tx.flags.add(
            chat.id, message_id, verdict(RUDE), side=Side.QUESTION, user_id=ada.id
        )
        assert first is not None
        assert first[1]
        again = await tx.flags.add(
            chat.id,
            message_id,
            verdict(NUDE, priority=Priority.HIGH),
            side=Side.QUESTION,
            reports=1,
        )
    assert again is not None
    flag, new = again
    assert (flag.id, new) == (first[0].id, False)
    assert flag.findings == (RUDE, NUDE)
    assert (flag.category, flag.priority, flag.score) == ("nudity", Priority.HIGH, 0.95)
    assert flag.proposed == (Measure(Deed.MUTE, 3600),)
    assert flag.reports == 1
    async with database.read() as tx:
        assert await tx.flags.count_open() == 1
        assert await tx.flags.of_user(ada.id) == [flag]
        assert (await tx.flags.get(flag.id)).state is FlagState.OPEN


async def test_the_version_that_went_live_last_is_in_force(
    database: Database, clock: Clock, ada: User
) -> None:
    async with database.write() as tx:
        assert await tx.policies.live() is None
        first = await tx.policies.add("name: a", note="", author_id=ada.id)
        second = await tx.policies.add("name: b", note="stricter", author_id=ada.id)
        await tx.policies.publish(second.number)
        clock.advance(1)
        await tx.policies.publish(first.number)
        live = await tx.policies.live()
        assert live is not None
        assert (live.number, live.text, live.live_at) == (first.number, "name: a", clock())
        assert [each.number for each in await tx.policies.list()] == [2, 1]
        with pytest.raises(NotFound):
            await tx.policies.publish(99)


async def test_restrictions_end_by_themselves_or_are_lifted(
    database: Database, clock: Clock, ada: User
) -> None:
    async with database.write() as tx:
        mute = await tx.restrictions.add(
            ada.id, RestrictionKind.MUTE, category="hate", until=clock() + 60, policy=3
        )
        ban = await tx.restrictions.add(ada.id, RestrictionKind.BAN, category="hate", until=None)
        assert await tx.restrictions.in_force(ada.id) == [mute, ban]
        clock.advance(61)
        assert await tx.restrictions.in_force(ada.id) == [ban]
        assert await tx.restrictions.lift(ban.id, by=ada.id)
        assert not await tx.restrictions.lift(ban.id, by=ada.id)
        assert await tx.restrictions.in_force(ada.id) == []
        assert [each.kind for each in await tx.restrictions.of_user(ada.id)] == ["mute", "ban"]
