"""Naughty answers of the model, as HTML: whole, cut anywhere, and within reasonable work."""

from __future__ import annotations

import html
import re

import pytest

from bot.channels.web.blocks import GrowingMarkdown
from tests.naughty.strings import STRINGS
from tests.web.inspector import inspect
from web.markdown import render_blocks, render_markdown

WORD = re.compile(r"[^\W_]+")
# What a code block is written in is not shown; browsers and CommonMark read other numbers as signs.
UNSHOWN = re.compile(r"^\s*(?:```|~~~).*$", re.MULTILINE)
HOMOGLYPH = "[bank](https://b\u0430nk.example)"
SHORT = 400  # characters: every prefix of these is tried


def is_read(text: str, seen: str) -> bool:
    """Whether every word of a text is among those seen, entities as they are or as signs."""
    words = UNSHOWN.sub("", text).replace("\0", "")
    ways = (words, html.unescape(words))
    return any(all(word in seen for word in WORD.findall(way)) for way in ways)


def test_nothing_runs_and_every_word_is_read() -> None:
    swallowed = []
    for text in STRINGS:
        seen = inspect(render_markdown(text))
        if not is_read(text.replace(HOMOGLYPH, "bank (https://xn--bnk-6cd.example)"), seen):
            swallowed.append(text[:200])
    assert swallowed == []


def test_nothing_runs_wherever_an_answer_is_cut() -> None:
    for text in STRINGS:
        if len(text) <= SHORT:
            for end in range(1, len(text), 3):
                inspect("".join(html for _, html in render_blocks(text[:end])))


@pytest.mark.parametrize("size", [1, 7, 400])
def test_nothing_runs_while_an_answer_grows(size: int) -> None:
    growing = GrowingMarkdown()
    whole = "\n\n".join(text for text in STRINGS if len(text) <= SHORT * size)[: 6_000 * size]
    for start in range(0, len(whole), size):
        growing.append(whole[start : start + size])
        if start % 11 == 0:
            inspect("".join(growing.tail()))
    inspect("".join(growing.finished + growing.tail()))
