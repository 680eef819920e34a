"""The table: shares with their intervals, beside what was aimed at."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from models.fledgling.evaluating import rows
from models.fledgling.evaluating.matching import named, refused
from models.fledgling.evaluating.questions import Told

_Z = 1.959964  # 95% of a normal distribution lie within so many deviations


@dataclass(frozen=True, slots=True)
class Aim:
    """A share that is to be reached, or not to be exceeded."""

    share: float
    at_most: bool = False

    def met(self, share: float) -> bool:
        """Whether a share is as aimed at."""
        return share <= self.share if self.at_most else share >= self.share

    def __str__(self) -> str:
        return f"{'at most' if self.at_most else 'at least'} {100 * self.share:.3g}%"


@dataclass(frozen=True, slots=True)
class Row:
    """`count` of `asked` questions were answered as the row's name says."""

    name: str
    asked: int
    count: int
    aim: Aim | None = None
    part: bool = False  # of the row above

    @property
    def share(self) -> float:
        """The part of the questions; 0 where none were asked."""
        return self.count / self.asked if self.asked else 0.0

    def __str__(self) -> str:
        name = f"· {self.name}" if self.part else self.name
        if not self.asked:
            return f"| {name} | 0 | - | - | {self.aim or ''} | {'not measured' * bool(self.aim)} |"
        low, high = wilson(self.count, self.asked)
        met = ("yes" if self.aim.met(self.share) else "**no**") if self.aim else ""
        interval = f"{100 * low:.1f} to {100 * high:.1f}"
        return (
            f"| {name} | {self.asked} | {100 * self.share:.1f} | {interval} | "
            f"{self.aim or ''} | {met} |"
        )


AIMS: dict[str, Aim | None] = {
    rows.SEEN: Aim(0.95),
    rows.UNSEEN: Aim(0.7),
    rows.FLAGS: Aim(0.95),
    rows.DRAWN: Aim(0.97),
    rows.READING: Aim(0.9),
    rows.MADE_UP: None,
    rows.PICTURES: Aim(0.9),
    rows.NOTHING: Aim(0.9),
    rows.DEFINITIONS: None,
    rows.TALK: None,
}
FALSE_REFUSALS, WRONG_PHOTOGRAPHS = Aim(0.03, at_most=True), Aim(0.1, at_most=True)


def wilson(count: int, asked: int) -> tuple[float, float]:
    """The 95% interval of a share after Wilson (1927), which holds near 0 and 1 as well."""
    share, z2 = count / asked, _Z**2 / asked
    middle = (share + z2 / 2) / (1 + z2)
    reach = _Z * sqrt(share * (1 - share) / asked + z2 / (4 * asked)) / (1 + z2)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def chance(told: Sequence[Told]) -> float:
    """The most that answers which know nothing of the truths agree with them, as a share.

    Any answer is as likely to meet any truth; four standard deviations are allowed on top.
    """
    truths = Counter(named(one.question.truth) for one in told)
    answers = Counter(named(one.answer) for one in told)
    count = len(told)
    agreeing = sum(truths[name] * number for name, number in answers.items() if name)
    share = agreeing / count**2
    return share + 4 * sqrt(share * (1 - share) / count)


def table_of(told: Iterable[Told]) -> list[Row]:
    """All rows, in order."""
    by_row: dict[str, list[Told]] = {}
    for one in told:
        by_row.setdefault(one.question.row, []).append(one)
    table: list[Row] = []
    for row, aim in AIMS.items():
        of_row = by_row.get(row, [])
        table.append(_right(row, of_row, aim))
        table += _parts(of_row)
        if row == rows.SEEN:
            count = sum(refused(one.answer) for one in of_row)
            table.append(Row("the same, wrongly refused", len(of_row), count, FALSE_REFUSALS))
        if row == rows.PICTURES:
            table += _photographs(by_row.get(rows.PHOTOGRAPHS, []))
        if row == rows.NOTHING:
            table += [_by_chance(row, by_row.get(row, [])) for row in (rows.BLANK, rows.SWAPPED)]
    return table


def markdown(table: Sequence[Row]) -> str:
    """The table for a person or a model card."""
    lines = [
        "| row | questions | exact match (or as named) % | 95% interval | aim | met |",
        "| --- | ---: | ---: | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(str(row) for row in table)]) + "\n"


def _right(name: str, told: Sequence[Told], aim: Aim | None = None, *, part: bool = False) -> Row:
    return Row(name, len(told), sum(one.right for one in told), aim, part)


def _parts(told: Sequence[Told]) -> Iterator[Row]:
    names = dict.fromkeys(part for one in told for part in one.question.parts)
    for name in sorted(names, key=lambda name: name if name.startswith("asked") else ""):
        of_part = [one for one in told if name in one.question.parts]
        yield _right(name, of_part, part=True)


def _photographs(told: Sequence[Told]) -> list[Row]:
    """A photograph is named rightly, not named, or else wrong, whatever was said instead."""
    right = sum(one.right for one in told)
    unsure = sum(refused(one.answer) and not one.right for one in told)
    asked = len(told)
    wrong = asked - right - unsure
    return [
        Row(f"unseen {rows.PHOTOGRAPHS}, confidently wrong", asked, wrong, WRONG_PHOTOGRAPHS),
        Row("named rightly", asked, right, part=True),
        Row("not sure", asked, unsure, part=True),
    ]


def _by_chance(row: str, told: Sequence[Told]) -> Row:
    limit = Aim(chance(told), at_most=True) if told else None
    return _right(row, told, limit)
