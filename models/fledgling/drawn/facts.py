"""What is in a drawn picture: its things and what is printed, the truth that answers come from."""

from dataclasses import dataclass
from typing import Literal

Size = Literal["small", "", "large"]
Kind = Literal[
    "single", "several", "count", "beside", "odd", "sum", "dice", "word", "number", "texture"
]
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789+-"


@dataclass(frozen=True, slots=True)
class Thing:
    """One shape in one colour; `x`, `y` are its centre in parts of the picture, y downwards.

    `size` is given only where another thing in the picture is clearly smaller or larger.
    """

    shape: str
    colour: str
    size: Size
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture's things, in reading order of mention, and `text` as printed ("STOP", "3 + 4").

    `text` of dice is what their pips show: "5" for one, "3 + 4" for two.
    """

    kind: Kind
    things: tuple[Thing, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A part of an answer that is said character by character, as it was read."""

    text: str


Parts = tuple[str | Spelled, ...]  # of an answer; joined they are its text


def plain(parts: Parts) -> str:
    """The text of an answer, however its parts are to be said."""
    return "".join(part.text if isinstance(part, Spelled) else part for part in parts)
