"""Conversations to learn from: a person with pictures and questions, and the true answers."""

from collections.abc import Callable, Mapping
from random import Random

from models.fledgling.drawn.facts import Spelled
from models.fledgling.talking import words
from models.fledgling.talking.chatting import (
    anything_else,
    define,
    missing,
    small_talk,
    without_picture,
)
from models.fledgling.talking.course import Course
from models.fledgling.talking.looking import pair, show
from models.fledgling.talking.messages import Said, Shown
from models.fledgling.talking.recalling import again, compare, nth, other
from models.fledgling.talking.typed import date, filled, name

__all__ = ["RECALL", "TURNS", "Said", "Shown", "Spelled", "conversation"]

Turn = Callable[[Course], bool]  # false: it does not fit here, and nothing was said
Pick = Callable[[Random], Shown]

# How often each kind of turn is tried. Whether a picture is a drawing is up to what picks it.
TURNS: Mapping[Turn, float] = {
    show: 42.0,
    pair: 5.0,
    again: 26.0,
    nth: 8.0,
    other: 14.0,
    compare: 10.0,
    define: 7.0,
    small_talk: 6.0,
    anything_else: 3.0,
    without_picture: 2.5,
    missing: 0.7,
}
RECALL: Mapping[Turn, float] = {again: 5.0, nth: 4.0, other: 8.0, compare: 4.0}
_ASIDE: Mapping[Turn, float] = {small_talk: 5.0, anything_else: 3.0, define: 2.0}
_LONG_AGO = 0.3  # of the conversations of three turns and more ask about pictures of long before
_WITHOUT_SYSTEM, _EXTRA_RULES = 0.25, 0.12


def conversation(
    rng: Random,
    pick: Pick,
    *,
    turns: int,
    alike: Callable[[Random, Shown], Shown] | None = None,
) -> list[Said]:
    """One conversation of so many turns; `pick` chooses the pictures in it.

    `alike` chooses another picture of what is in one, for comparisons; the same again unless given.
    """
    course = Course(rng, pick, alike or (lambda _, picture: picture))
    _introduce(course)
    if turns >= 3 and rng.random() < _LONG_AGO:
        _long_ago(course, turns)
    else:
        for _ in range(turns):
            _turn(course, TURNS)
    return course.said


def _introduce(course: Course) -> None:
    """The system message, as the product words it, or none."""
    rng = course.rng
    if rng.random() < _WITHOUT_SYSTEM:
        return
    course.name, course.day = name(rng), rng.choice(words.WEEKDAYS)
    told = f"You are {course.name}, an assistant in a messenger. "
    told += f"Today is {course.day}, {date(rng)}."
    if rng.random() < _EXTRA_RULES:
        told += "\n" + filled(rng, rng.choice(words.EXTRA_RULES))
    course.said.append(Said("system", (told,)))


def _long_ago(course: Course, turns: int) -> None:
    """A picture or two, then talk of other things, then questions about the pictures."""
    rng = course.rng
    kinds = [pair if rng.random() < 0.25 else show]
    if turns >= 4 and kinds[0] is show and rng.random() < 0.5:
        kinds.append(show)
    aside = rng.randint(1, min(5, turns - len(kinds) - 1))
    plan: list[Mapping[Turn, float]] = [{kind: 1.0} for kind in kinds]
    plan += [_ASIDE] * aside
    for step in range(turns):
        _turn(course, plan[step] if step < len(plan) else RECALL)


def _turn(course: Course, kinds: Mapping[Turn, float]) -> None:
    """A turn of one of the kinds, or of any where none of them fits."""
    turns, weights = list(kinds), list(kinds.values())
    for _ in range(12):
        if course.rng.choices(turns, weights)[0](course):
            return
    show(course)
