"""That the verdict sees what goes wrong in a chat: a check that cannot fail shows nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest

from tests.chaos.crowd import Talker
from tests.chaos.parrot import Parrot
from tests.chaos.verdict import Verdict, judge, transcript
from tests.fakes.telegram import FakeTelegram

ONE, TWO = "q01-0001", "q01-0002"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A messenger in which nobody has said anything."""
    async with FakeTelegram(limits=False) as fake:
        yield fake


def talker(telegram: FakeTelegram, *answers: str, **body: Any) -> Talker:
    """Somebody who asked two questions, and what the bot said in their chat."""
    person = telegram.person()
    for text in answers:
        telegram.world.add_message(person.chat, telegram.world.bot, {"text": text, **body})
    return Talker(person, 1, Random(1), asked=[ONE, TWO])


def verdict(
    *talkers: Talker, leftovers: tuple[str, ...] = (), wrong: tuple[str, ...] = ()
) -> Verdict:
    return judge(talkers, seconds=1.0, kills=0, wrong_prompts=wrong, leftovers=leftovers)


def test_two_answers_in_order_are_right(telegram: FakeTelegram) -> None:
    right = talker(telegram, f"I heard: {ONE}.", f"I heard: {TWO}.")
    assert verdict(right).kept
    assert transcript([right]) == ""


def test_two_questions_in_one_answer_are_right(telegram: FakeTelegram) -> None:
    assert verdict(talker(telegram, f"I heard: {ONE}, {TWO}.")).kept


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ([f"I heard: {ONE}."], "lost"),
        ([f"I heard: {ONE}.", f"I heard: {TWO}.", f"I heard: {TWO}."], "twice"),
        ([f"I heard: {TWO}.", f"I heard: {ONE}."], "disordered"),
        ([f"I heard: {ONE}.", f"I heard: {TWO}.", "I heard: q02-0001."], "misplaced"),
    ],
)
def test_each_kind_of_wrong_is_seen(telegram: FakeTelegram, answers: list[str], wrong: str) -> None:
    seen = verdict(talker(telegram, *answers))
    assert getattr(seen, wrong) == 1
    assert not seen.kept
    assert "I heard" in transcript([talker(telegram, *answers)])


def test_an_answer_that_is_still_growing_is_none(telegram: FakeTelegram) -> None:
    stop = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop:1"}]]}
    seen = verdict(talker(telegram, f"I heard: {ONE}, {TWO}.", reply_markup=stop))
    assert (seen.lost, seen.orphans, seen.kept) == (2, 1, False)


def test_a_picture_that_the_model_did_not_see_is_lost(telegram: FakeTelegram) -> None:
    blind = talker(telegram, f"I heard: {ONE}.", f"I heard: {TWO}.")
    blind.shown[TWO] = 2
    assert verdict(blind).lost == 1
    seeing = talker(telegram, f"I heard: {ONE}.", f"I heard: {TWO}. I see 2.")
    seeing.shown[TWO] = 2
    assert verdict(seeing).kept


def test_what_is_left_over_and_wrong_prompts_break_it(telegram: FakeTelegram) -> None:
    right = talker(telegram, f"I heard: {ONE}, {TWO}.")
    assert not verdict(right, leftovers=("1 unfinished turns",)).kept
    assert not verdict(right, wrong=("a prompt of two chats",)).kept


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ([ONE, TWO], 0),
        ([TWO], 1),  # the first was forgotten
        ([ONE, ONE], 1),
        ([ONE, "q02-0002"], 1),
    ],
)
async def test_the_model_sees_prompts_that_are_not_what_was_said(
    said: list[str], wrong: int
) -> None:
    parrot = Parrot()
    await parrot.answer({"messages": [{"role": "user", "content": each} for each in said]})
    assert len(parrot.wrong) == wrong
