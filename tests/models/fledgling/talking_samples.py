"""Pictures to talk about that were never drawn: everyday things, scenes, and unknown ones."""

from collections.abc import Callable
from random import Random

from models.fledgling.concepts import CONCEPTS, by_name
from models.fledgling.drawn.facts import Scene, Thing
from models.fledgling.talking.conversations import Shown


def place(name: str) -> int:
    """The number of the concept of that name."""
    concept = by_name(name)
    assert concept is not None
    return CONCEPTS.index(concept)


CAT = Shown(1, concept=place("cat"))
DOG = Shown(2, concept=place("dog"))
BOTH = Shown(3, concept=place("cat"), second=place("dog"))
GRAPES = Shown(4, concept=place("grapes"))
FLAG = Shown(5, concept=place("flag of France"))
CIRCLE = Shown(6, scene=Scene("single", (Thing("circle", "red", "", 0.5, 0.5),)))
STAR = Shown(7, scene=Scene("single", (Thing("star", "blue", "", 0.2, 0.5),)))
STARS = Shown(8, scene=Scene("count", (Thing("star", "blue", "", 0.2, 0.5),) * 3))
STOP = Shown(9, scene=Scene("word", text="STOP"))
SUM = Shown(10, scene=Scene("sum", text="3 + 14"))
UNKNOWN = Shown(11, sure=False)
TEXTURE = Shown(12, scene=Scene("texture"))
ALL = (CAT, DOG, BOTH, GRAPES, FLAG, CIRCLE, STAR, STARS, STOP, SUM, UNKNOWN, TEXTURE)


def anything(rng: Random) -> Shown:
    """Any of them."""
    return rng.choice(ALL)


def only(picture: Shown) -> Callable[[Random], Shown]:
    """That one, whenever a picture is picked."""
    return lambda _: picture
