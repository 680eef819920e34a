"""The decisions that one key makes."""

from __future__ import annotations

from msgspec import Struct

from handlers.moderation.deciding import Choice
from storage.repositories import ReviewVerdict
from web.errors import Forbidden

HOUR, DAY = 3600.0, 24 * 3600.0
LONGEST_NOTE = 2000  # characters


class Option(Struct, frozen=True):
    """A decision that one key makes."""

    key: str
    label: str
    verdict: ReviewVerdict
    seconds: float | None = None


OPTIONS = (
    Option("1", "web-decide-dismiss", ReviewVerdict.DISMISS),
    Option("2", "web-decide-release", ReviewVerdict.RELEASE),
    Option("3", "web-decide-remove", ReviewVerdict.REMOVE),
    Option("4", "web-decide-warn", ReviewVerdict.WARN),
    Option("5", "web-decide-strike", ReviewVerdict.STRIKE),
    Option("6", "web-decide-mute-day", ReviewVerdict.MUTE, DAY),
    Option("7", "web-decide-mute-week", ReviewVerdict.MUTE, 7 * DAY),
    Option("8", "web-decide-ban-month", ReviewVerdict.BAN, 30 * DAY),
    Option("9", "web-decide-ban", ReviewVerdict.BAN),
)


def option_of(key: str) -> Option:
    """The option of a key. Raises Forbidden for what is none."""
    for option in OPTIONS:
        if option.key == key:
            return option
    raise Forbidden


def choice_of(key: str, note: str) -> Choice:
    """What somebody decides who presses that key. Raises Forbidden."""
    option = option_of(key)
    return Choice(option.verdict, seconds=option.seconds, note=note[:LONGEST_NOTE])
