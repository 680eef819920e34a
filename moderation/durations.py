"""Times as people write them into a policy: `50 ms`, `10 s`, `24 hours`, `7d`."""

from __future__ import annotations

import math
import re

_WRITTEN = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)")
_UNITS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 24 * 3600.0),
    **dict.fromkeys(("w", "week", "weeks"), 7 * 24 * 3600.0),
}
_SPOKEN = (("d", 24 * 3600), ("h", 3600), ("min", 60), ("s", 1))
_NAMES = (("days", 24 * 3600), ("hours", 3600), ("minutes", 60), ("seconds", 1))
LONGEST = 3650 * 24 * 3600.0


def seconds_of(text: str) -> float:
    """The seconds that are meant. Raises ValueError with what was expected."""
    match = _WRITTEN.fullmatch(text.strip().lower())
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None:
        raise ValueError(f"`{text}` is no time such as 50 ms, 10 s, 24 h or 7 d")
    seconds = float(match[1]) * unit
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"`{text}` is not between a millisecond and ten years")
    return seconds


def written(seconds: float) -> str:
    """The shortest way to write a time of whole seconds."""
    whole = round(seconds)
    unit, size = next(((unit, size) for unit, size in _SPOKEN if whole % size == 0), ("s", 1))
    return f"{whole // size} {unit}"


def spoken(seconds: float) -> tuple[int, str]:
    """A time as people say it, never too short: a number of at least 2, and its unit, a word of the
    text catalogues."""
    name, size = next(((name, size) for name, size in _NAMES if seconds >= 2 * size), _NAMES[-1])
    return max(2, math.ceil(seconds / size)), name
