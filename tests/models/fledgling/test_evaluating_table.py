"""The table: intervals, aims, chance, and that wrong answers do not count."""

from collections.abc import Iterator

import pytest

from models.fledgling.alternatives import every
from models.fledgling.evaluating import rows, wording
from models.fledgling.evaluating.matching import names_all
from models.fledgling.evaluating.questions import Question, Told
from models.fledgling.evaluating.table import Aim, Row, chance, markdown, table_of, wilson
from models.fledgling.talking import phrases, smalltalk


@pytest.mark.parametrize(
    ("count", "asked", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 1 - 0.1611, 1.0),
    ],
)
def test_wilson_intervals_are_those_of_the_literature(
    count: int, asked: int, low: float, high: float
) -> None:
    assert wilson(count, asked) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("aim", "share", "met"),
    [
        (Aim(0.9), 0.9, True),
        (Aim(0.9), 0.899, False),
        (Aim(0.1, at_most=True), 0.1, True),
        (Aim(0.1, at_most=True), 0.101, False),
    ],
)
def test_aims(aim: Aim, share: float, met: bool) -> None:
    assert aim.met(share) is met


def test_a_row_that_was_not_asked_is_not_met() -> None:
    assert "| not measured |" in str(Row("flags", 0, 0, Aim(0.95)))


def _told(row: str, pairs: list[tuple[str, str]]) -> list[Told]:
    return [Told(Question(row, [], truth, names_all), answer) for truth, answer in pairs]


def test_wrong_answers_and_refusals_do_not_count() -> None:
    cat = "I see a cat."
    answers = [(cat, cat), (cat, "I see a dog."), (cat, "I am not sure."), (cat, "")]
    table = {row.name: row for row in table_of(_told(rows.SEEN, answers))}
    assert (table[rows.SEEN].asked, table[rows.SEEN].count) == (4, 1)
    assert table["the same, wrongly refused"].count == 1
    assert f"| {rows.SEEN} | 4 | 25.0 | 4.6 to 69.9 | at least 95% | **no** |" in markdown(
        list(table.values())
    )


def test_a_photograph_is_right_unsure_or_confidently_wrong() -> None:
    cat = "I see a cat."
    answers = [(cat, "I see a kitten."), (cat, "I am not sure."), (cat, "I see a dog."), (cat, "")]
    shares = {row.name: row.count for row in table_of(_told(rows.PHOTOGRAPHS, answers))}
    assert shares["unseen photographs, confidently wrong"] == 2
    assert shares["named rightly"] == 1
    assert shares["not sure"] == 1


def test_chance_is_what_answers_agree_with_any_truth() -> None:
    things = ["I see a cat.", "I see a dog.", "I see a bear.", "I see a lion."] * 25
    shifted = things[1:] + things[:1]
    expected = 0.25 + 4 * (0.25 * 0.75 / 100) ** 0.5
    told = _told(rows.SWAPPED, list(zip(things, shifted, strict=True)))
    assert chance(told) == pytest.approx(expected)
    assert not any(one.right for one in told)


def test_who_knows_the_truth_without_the_picture_is_beyond_chance() -> None:
    things = ["I see a cat.", "I see a dog.", "I see a bear.", "I see a lion."] * 25
    told = _told(rows.BLANK, list(zip(things, things, strict=True)))
    (row,) = (row for row in table_of(told) if row.name == rows.BLANK)
    assert row.share == 1
    assert row.aim is not None
    assert not row.aim.met(row.share)


def test_who_always_refuses_agrees_with_nothing() -> None:
    assert chance(_told(rows.BLANK, [("I see a cat.", "I am not sure.")] * 10)) == 0


def test_unseen_wordings_are_nowhere_in_the_conversations() -> None:
    learnt = {
        _plain(wording)
        for module in (phrases, smalltalk)
        for phrase in _phrases(module)
        for wording in every(phrase)
    }
    assert len(learnt) > 8000
    assert len(set(wording.UNUSUAL)) >= 12
    assert not learnt & {_plain(text) for text in wording.UNUSUAL}
    assert len(wording.SMALL_TALK) >= 25
    assert not learnt & {_plain(text) for text, _ in wording.SMALL_TALK}


def _phrases(module: object) -> Iterator[str]:
    for found in vars(module).values():
        if isinstance(found, tuple):
            yield from (phrase for phrase in found if isinstance(phrase, str))


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
