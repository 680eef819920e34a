"""Words are read as people read them, and shown as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.text.normalising import LONGEST, normalise, readings


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ＨＥＬＬＯ", "hello"),
        ("𝖍𝖊𝖑𝖑𝖔 🅷🅴🅻🅻🅾 ʜᴇʟʟᴏ", "hello hello hello"),
        ("h\u200be\u00adllo", "hello"),
        ("h\u0336e\u0336l\u0336lo", "hello"),
        ("hеllо", "hello"),  # Cyrillic е and о
        ("привeт", "привет"),  # Latin e
        ("Straße", "strasse"),
        ("İSTANBUL", "istanbul"),
        ("e\u0301te\u0301", "été"),
        ("한", "한"),  # in pieces
        ("ёлка", "елка"),
        ("नमस्ते", "नमस्ते"),
        ("Привет, мир", "привет, мир"),
        ("مـرحـبـاً", "مرحبا"),
    ],
)
def test_disguises_and_spellings_are_read_alike(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1d10t", "idiot"),
        ("$h0e", "shoe"),
        ("h e l l o", "hello"),
        ("h.e.l.l.o there", "hello there"),
        ("heeeello", "hello"),
        ("boooook", "book"),
    ],
)
def test_other_ways_to_write_are_read_as_well(written: str, read: str) -> None:
    assert read in [reading.view.text for reading in readings(written)]


@pytest.mark.parametrize("written", ["It costs 100 $ in 2026, wow!", "a b", "Room 5 is free"])
def test_what_is_no_disguise_has_one_reading(written: str) -> None:
    assert len(readings(written)) == 1


def test_evidence_shows_what_was_written() -> None:
    reading = readings("Well, h\u0336e\u0336l\u0336l\u0336o-ＹＯＵ!")[0]
    start = reading.view.text.index("hello")
    assert reading.view.written(start, start + 5) == "h\u0336e\u0336l\u0336l\u0336o"
    start = reading.words.text.index("you")
    assert reading.words.written(start, start + 3) == "ＹＯＵ"


def test_a_long_text_is_looked_at_from_both_ends() -> None:
    text = "é" + "first " + "x" * (2 * LONGEST) + " last"
    seen = normalise(text)
    assert seen.text.startswith("éfirst")
    assert len(seen.text) == LONGEST
    start = seen.text.rindex("last")
    assert seen.written(start, start + 4) == "last"


@given(st.text(max_size=80))
def test_every_reading_leads_back_to_the_source(text: str) -> None:
    for reading in readings(text):
        for view in (reading.view, reading.words):
            assert len(view.origins) == len(view.text) + 1
            assert list(view.origins) == sorted(view.origins)
            assert view.origins[-1] <= len(text)
