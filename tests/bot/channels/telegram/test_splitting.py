"""Long answers in parts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.splitting import split, utf16_length

LIMIT = 200
WORDS = "The quick brown fox jumps over the lazy dog. " * 3


def paragraphs(count: int) -> str:
    return "\n\n".join(f"{number}. {WORDS.strip()}" for number in range(count))


def words(text: str) -> str:
    """What is left without white space and the opening lines of fences, which may be repeated."""
    return re.sub(r"[\s`~#]", "", text)


def test_a_short_text_is_one_part() -> None:
    assert split("Hello.\n\nHow are you?", LIMIT) == ["Hello.\n\nHow are you?"]
    assert split("x" * LIMIT, LIMIT) == ["x" * LIMIT]
    assert split(" \n", LIMIT) == []


def test_parts_break_at_paragraphs() -> None:
    text = paragraphs(5)
    parts = split(text, LIMIT)
    assert parts == text.split("\n\n")


def test_lines_sentences_and_words_where_there_are_no_paragraphs() -> None:
    assert split("a line of words\n" * 20, LIMIT)[0].endswith("a line of words")
    assert all(part.endswith(".") for part in split("One two three. " * 40, LIMIT))
    assert all(part.endswith("word") for part in split("word " * 100, LIMIT))


def test_a_fence_stays_whole() -> None:
    code = "```python\n" + "print('hello')\n" * 11 + "```"
    text = f"Here is the program that you wanted:\n\n{code}\n\nIt prints hello."
    assert len(text) > LIMIT
    assert split(text, LIMIT) == [
        "Here is the program that you wanted:",
        f"{code}\n\nIt prints hello.",
    ]


def test_a_long_fence_is_closed_and_opened_again() -> None:
    lines = [f"line_{number} = {number}" for number in range(60)]
    parts = split("```python\n" + "\n".join(lines) + "\n```\n\nDone.", LIMIT)
    assert len(parts) > 2
    for part in parts[:-1]:
        assert part.startswith("```python\n")
        assert part.endswith("\n```")
    assert parts[-1].endswith("```\n\nDone.")
    assert [line for part in parts for line in part.split("\n") if line in lines] == lines


def test_a_fence_of_one_endless_line() -> None:
    parts = split("~~~\n" + "x" * 1000 + "\n~~~", LIMIT)
    assert all(part.startswith("~~~\n") and part.endswith("\n~~~") for part in parts)
    assert sum(part.count("x") for part in parts) == 1000


def test_a_backtick_fence_in_a_tilde_fence_is_code() -> None:
    text = "~~~\n```\nnot a fence\n```\n~~~\n\n" + paragraphs(2)
    first, second = split(text, LIMIT)
    assert first == f"~~~\n```\nnot a fence\n```\n~~~\n\n0. {WORDS.strip()}"
    assert second == f"1. {WORDS.strip()}"


def test_emoji_and_accents_are_not_torn() -> None:
    family = "👨‍👩‍👧‍👦"
    parts = split(family * 60, LIMIT)
    assert all(set(part.split(family)) == {""} for part in parts)
    assert "".join(parts) == family * 60
    assert all(not part.startswith("\u0301") for part in split("e\u0301" * 300, LIMIT - 1))


MARKDOWN = st.lists(
    st.sampled_from(
        [
            "word ",
            "A sentence. ",
            "\n",
            "\n\n",
            "```##\n",
            "```\n",
            "~~~\n",
            "- item\n",
            "🐦",
            "x" * 70,
            "日本語。",
            "`code` ",
            "    indented\n",
        ]
    ),
    max_size=120,
).map("".join)


@given(MARKDOWN, st.integers(30, 300))
@settings(max_examples=300, deadline=None)
def test_every_word_once_within_the_limit(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < utf16_length(part) <= limit for part in parts)
    assert words("\n".join(parts)) == words(text)


@given(MARKDOWN)
@settings(max_examples=100, deadline=None)
def test_parts_of_a_growing_text_stay_but_for_the_last(text: str) -> None:
    before: list[str] = []
    for end in range(0, len(text), 7):
        parts = split(text[:end], 100)
        assert parts[: len(before) - 1] == before[:-1]
        before = parts


@pytest.mark.parametrize("limit", [50, 3900])
def test_text_without_any_break(limit: int) -> None:
    parts = split("a" * 10_000, limit)
    assert "".join(parts) == "a" * 10_000
