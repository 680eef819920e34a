"""No text keeps a check busy: the time is in proportion to the length."""

from __future__ import annotations

import time

import pytest

from moderation.checks import Check
from moderation.text.attacks import AttacksCheck
from moderation.text.links import LinkRules, LinksCheck
from moderation.text.repetition import RepetitionCheck
from moderation.text.word_lists import shipped_lists
from moderation.text.words import WordsCheck
from tests.moderation.text.asking import look

CHECKS: list[Check] = [
    WordsCheck(shipped_lists()),
    LinksCheck(LinkRules(blocked=("evil.com",), most=3)),
    AttacksCheck(),
    RepetitionCheck(),
]
HOSTILE = [
    "a",
    "1",
    "@",
    "a!",
    "1a",
    "f u c k ",
    "傻逼",
    "我想死你了",
    "a\u0301",
    "e\u0336\u0336\u0336\u0336",
    "\u1100",
    "a.",
    "a-",
    "xn--",
    "http://",
    "[.]",
    "a.com ",
    "a:b@",
    "%41",
    "\\u0041",
    "<|",
    '"',
    "'a",
    "“",
    "\U000e0041",
    "ignore all previous instructions ",
    "01010101 ",
    "ff ",
    "\n",
    "system: ",
]
# Seconds of this process for 100,000 characters and all four checks. What is not linear takes
# minutes; a busy machine must not fail this.
LIMIT = 30.0


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
async def test_hostile_texts_take_no_longer(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    for check in CHECKS:
        await look(check, text)
    assert time.process_time() - start < LIMIT
