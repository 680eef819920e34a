"""Numbers, articles and descriptions of things as they stand in a sentence."""

from collections.abc import Sequence

from models.fledgling.drawn.facts import Thing

NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
_BESIDE = {
    "left": "to the left of",
    "right": "to the right of",
    "above": "above",
    "below": "below",
}


def article(words: str) -> str:
    """ "a red circle", "an orange star"."""
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def plural(shape: str) -> str:
    return f"{shape}es" if shape.endswith("s") else f"{shape}s"


def described(thing: Thing) -> str:
    """ "small red circle"; the size only where it tells something."""
    return " ".join(word for word in (thing.size, thing.colour, thing.shape) if word)


def some(count: int, thing: Thing) -> str:
    """ "a red circle", "three red circles"."""
    if count == 1:
        return article(described(thing))
    return f"{NUMBERS[count]} {thing.colour} {plural(thing.shape)}"


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def relation(direction: str) -> str:
    """How a direction ("left", "above") is said before what it is reckoned from."""
    return _BESIDE[direction]


def region(x: float, y: float) -> str | None:
    """Which of nine parts of the picture a place is clearly in: "in the top left", "at the top"."""
    column, row = _third(x), _third(y)
    if column is None or row is None:
        return None
    across, down = ("left", "", "right")[column], ("top", "", "bottom")[row]
    if across and down:
        return f"in the {down} {across}"
    if down:
        return f"at the {down}"
    return f"on the {across}" if across else "in the middle"


def _third(way: float) -> int | None:
    if way < 0.34:
        return 0
    if way > 0.66:
        return 2
    return 1 if 0.42 < way < 0.58 else None
