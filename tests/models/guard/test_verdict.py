"""Reading verdicts: only what is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.moderation import Category
from models.guard.errors import Unreadable
from models.guard.hazards import HAZARDS, codes
from models.guard.verdict import read

NEARLY = st.lists(
    st.sampled_from(
        ["safe", "unsafe", "un", "\n", " ", "\r\n", ",", "S1", "S14", "S15", "S0", "s1"]
    )
).map("".join)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("safe", []),
        ("\n\nsafe", []),
        ("safe\n", []),
        ("unsafe\nS1", [Category.VIOLENT_CRIMES]),
        ("\n\nunsafe\nS9", [Category.WEAPONS]),
        ("unsafe\nS1,S10", [Category.VIOLENT_CRIMES, Category.HATE]),
        ("unsafe\nS10, S1\n", [Category.HATE, Category.VIOLENT_CRIMES]),
        ("unsafe\nS3,S3", [Category.SEX_CRIMES]),
        ("unsafe\nS14", [Category.CODE_ABUSE]),
    ],
)
def test_verdicts_are_read(answer: str, found: list[Category]) -> None:
    assert [hazard.category for hazard in read(answer)] == found


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "unsafe",
        "unsafe\n",
        "unsafe S1",
        "unsafe\nS15",
        "unsafe\nS0",
        "unsafe\nS1,",
        "unsafe\nS1\nS2",
        "unsafe\nviolent crimes",
        "Safe.",
        "safe\nS1",
        "safe\nunsafe",
        "safe safe",
        "not safe",
        "un safe",
        "This is safe",
        "I cannot help with that.",
        "sаfe",
    ],
)
def test_all_else_is_no_verdict(answer: str) -> None:
    with pytest.raises(Unreadable):
        read(answer)


@given(st.one_of(st.text(), NEARLY))
def test_nothing_else_is_raised_and_only_safe_is_safe(answer: str) -> None:
    try:
        found = read(answer)
    except Unreadable:
        return
    assert answer.split() == ["safe"] if not found else answer.split()[0] == "unsafe"


@given(st.text(), st.text())
def test_unsafe_is_never_read_as_safe(before: str, after: str) -> None:
    try:
        assert read(f"{before}unsafe{after}")
    except Unreadable:
        return


def test_every_hazard_has_a_category_of_its_own() -> None:
    assert [hazard.code for hazard in HAZARDS] == [f"S{number}" for number in range(1, 15)]
    assert len({hazard.category for hazard in HAZARDS}) == 14


def test_hazards_go_by_code_or_category() -> None:
    assert codes(("S6", "s7", "Elections")) == {"S6", "S7", "S13"}
    with pytest.raises(ValueError, match="not 'S99'"):
        codes(("S99",))
