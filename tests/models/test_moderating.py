"""What is looked at in a worker: refused, held and flagged questions, and answers taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from chat.messages import Speaker
from chat.moderation import Finding, Priority, Side
from chat.turns import Turn, TurnState
from models.endpoint.engine import HttpEngine
from moderation.checks import Subject
from storage.repositories import Flag, RestrictionKind
from tests.fakes.openai_endpoint import Canned, OpenAIEndpoint, Ways, canned_pieces
from tests.models.prompts import png
from tests.models.working import Floor
from tests.waiting import eventually

POLICY = """
name: Ours
checks: {words: {limit: 100 ms}}
rules:
  - {when: hate, then: [refuse, flag], priority: high}
  - {when: sexual, then: hold}
  - {when: profanity, then: [flag, strike]}
  - {when: weapons, then: [refuse, ban], confirmed_by: two}
  - {when: self-harm, of: question, then: [care, flag]}
strikes: {last: 10 d, ladder: [{strikes: 2, then: mute 1 h}]}
"""
CATEGORIES = ("hate", "sexual", "profanity", "weapons", "self-harm")


class Spotter:
    """Finds the categories whose names are written; remembers what it was shown."""

    name = "words"

    def __init__(self) -> None:
        self.seen: list[Subject] = []

    async def look(self, subject: Subject) -> Sequence[Finding]:
        self.seen.append(subject)
        return [
            Finding(self.name, category, 1.0, subject.side, (category,), said.message_id)
            for said in subject.new
            for category in CATEGORIES
            if category in said.text
        ]


@pytest.fixture
def spotter() -> Spotter:
    return Spotter()


async def publish(floor: Floor, policy: str = POLICY) -> None:
    async with floor.database.write() as tx:
        version = await tx.policies.add(policy, note="", author_id=None)
        await tx.policies.publish(version.number)


@asynccontextmanager
async def answering(
    floor: Floor, spotter: Spotter, answer: Canned | None = None, ways: Ways | None = None
) -> AsyncIterator[OpenAIEndpoint]:
    await publish(floor)
    async with (
        OpenAIEndpoint(answer or Canned(20), ways or Ways()) as endpoint,
        HttpEngine(endpoint.url) as engine,
        floor.working(engine, checks=[spotter]),
    ):
        yield endpoint


async def flags(floor: Floor, turn: Turn) -> list[Flag]:
    async with floor.database.read() as tx:
        conversation = await tx.conversations.get(turn.conversation_id)
        return await tx.flags.of_user(conversation.user_id)


async def notices(floor: Floor, turn: Turn) -> list[str]:
    async with floor.database.read() as tx:
        rows = await tx.outbound.notices(turn.conversation_id)
    return [row.notice.key for row in rows if row.notice is not None]


async def test_a_refused_question_never_reaches_the_model(floor: Floor, spotter: Spotter) -> None:
    async with answering(floor, spotter) as endpoint:
        turn = await floor.ended(await floor.ask("pure hate"))
        assert (turn.state, turn.reason) == (TurnState.REFUSED, "refused-by-rule:hate")
        assert not endpoint.requests
    (flag,) = await flags(floor, turn)
    assert (flag.category, flag.priority, flag.policy) == ("hate", Priority.HIGH, 1)
    assert flag.findings[0].evidence == ("hate",)
    assert not flag.held


async def test_pictures_and_what_was_said_before_are_shown_to_checks(
    floor: Floor, spotter: Spotter
) -> None:
    async with answering(floor, spotter):
        await floor.ended(await floor.ask("Hello"))
        await floor.ended(await floor.ask("And this?", pictures=[png("red")]))
    question = next(each for each in spotter.seen if each.pictures)
    assert question.pictures[0].content == png("red")
    assert question.text == "And this?"
    assert [said.speaker for said in question.before] == [Side.QUESTION, Side.ANSWER]
    assert question.place.kind == "private"


async def test_a_held_question_is_answered_once_somebody_has_let_it_through(
    floor: Floor, spotter: Spotter
) -> None:
    async with answering(floor, spotter):
        turn = await floor.ended(await floor.ask("sexual health"))
        assert (turn.state, turn.reason) == (TurnState.REFUSED, "held-for-review")
        (flag,) = await flags(floor, turn)
        assert flag.held
        async with floor.database.write() as tx:
            await tx.turns.clear(turn.id)
            await tx.turns.restart(turn.id, in_place=True)
        await floor.broker.hint([turn.conversation_id])
        turn = await floor.ended(turn)
        assert turn.state is TurnState.ANSWERED
    assert len(await flags(floor, turn)) == 1


async def test_strikes_add_up_to_a_mute_and_each_is_told_once(
    floor: Floor, spotter: Spotter
) -> None:
    async with answering(floor, spotter):
        first = await floor.ended(await floor.ask("profanity"))
        assert first.state is TurnState.ANSWERED
        async with floor.database.write() as tx:
            await tx.turns.restart(first.id, in_place=True)
        await floor.broker.hint([first.conversation_id])
        await floor.ended(first)
        assert await notices(floor, first) == ["restricted-strike"], "once for each message"
        await floor.ended(await floor.ask("profanity again"))
    async with floor.database.read() as tx:
        conversation = await tx.conversations.get(first.conversation_id)
        given = await tx.restrictions.in_force(conversation.user_id)
    assert [each.kind for each in given] == ["strike", "strike", "mute"]
    mute = given[-1]
    assert mute.kind is RestrictionKind.MUTE
    assert mute.until == pytest.approx(mute.created_at + 3600)
    assert await notices(floor, first) == [
        "restricted-strike",
        "restricted-strike",
        "restricted-mute",
    ]


async def test_a_ban_that_two_have_to_confirm_is_only_proposed(
    floor: Floor, spotter: Spotter
) -> None:
    async with answering(floor, spotter):
        turn = await floor.ended(await floor.ask("weapons"))
    (flag,) = await flags(floor, turn)
    assert [measure.deed for measure in flag.proposed] == ["ban"]
    assert flag.confirmed_by == "two"
    assert await notices(floor, turn) == []


async def test_an_answer_is_stopped_while_it_grows_and_taken_back(
    floor: Floor, spotter: Spotter
) -> None:
    """The endless answer would never end by itself."""

    class Hateful(Canned):
        def __init__(self) -> None:
            super().__init__(0)
            self._pieces = ["hate ", *canned_pieces(2000)]

    ways = Ways(words_per_second=400)
    async with answering(floor, spotter, Hateful(), ways):
        turn = await floor.ended(await floor.ask("Hello"))
        assert (turn.state, turn.reason) == (TurnState.REFUSED, "refused-by-rule:hate")
        assert turn.answer == ""
        (flag,) = await flags(floor, turn)
        assert flag.side is Side.ANSWER
        async with floor.database.read() as tx:
            assert flag.message_id is not None
            taken = await tx.messages.get(flag.message_id)
            history = await tx.messages.history(turn.conversation_id)
    assert taken.speaker is Speaker.ASSISTANT
    assert taken.text.startswith("hate ")
    assert len(taken.text) < 8000, "it was stopped on the way"
    assert [message.text for message in history] == ["Hello"]


async def test_nobody_is_punished_for_what_the_assistant_says(
    floor: Floor, spotter: Spotter
) -> None:
    class Rude(Canned):
        def __init__(self) -> None:
            super().__init__(0)
            self._pieces = ["profanity"]

    async with answering(floor, spotter, Rude()):
        turn = await floor.ended(await floor.ask("Hello"))
    assert turn.state is TurnState.ANSWERED
    (flag,) = await flags(floor, turn)
    assert (flag.side, flag.message_id) == (Side.ANSWER, turn.answer_id)
    assert await notices(floor, turn) == []


async def test_talk_of_self_harm_asks_the_model_for_care(floor: Floor, spotter: Spotter) -> None:
    async with answering(floor, spotter) as endpoint:
        turn = await floor.ended(await floor.ask("self-harm"))
    assert turn.state is TurnState.ANSWERED
    assert "help line" in str(endpoint.requests[0]["messages"][0]["content"])
    (flag,) = await flags(floor, turn)
    assert flag.category == "self-harm"


async def test_a_policy_that_is_published_is_in_force_within_seconds(
    floor: Floor, spotter: Spotter
) -> None:
    async with answering(floor, spotter):
        await publish(floor, "name: Lax")

        async def answered() -> bool:
            turn = await floor.ended(await floor.ask("hate"))
            return turn.state is TurnState.ANSWERED

        assert await eventually(answered)
