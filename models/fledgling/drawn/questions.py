"""True questions and answers about a drawn scene. The answer follows from facts and question."""

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from models.fledgling.drawn import wordings
from models.fledgling.drawn.captions import caption, direction, pips_of, says
from models.fledgling.drawn.colours import COLOURS
from models.fledgling.drawn.facts import Parts, Scene, Spelled, Thing
from models.fledgling.drawn.shapes import ALIKE, SHAPES
from models.fledgling.drawn.speech import (
    NUMBERS,
    article,
    described,
    listed,
    plural,
    region,
    relation,
)
from models.fledgling.drawn.words import common_words, result

__all__ = ["ask", "caption"]


class Topic(NamedTuple):
    """Something that can be asked of a scene: wordings, what fills their gaps, the answer."""

    wordings: tuple[str, ...]
    answer: Parts
    facts: dict[str, str]


def ask(scene: Scene, rng: Random) -> tuple[str, Parts]:
    """A question about the scene and its answer; every kind can be asked something."""
    topics = [found for about in _ABOUT[scene.kind] if (found := list(about(scene, rng)))]
    chosen = rng.choice(rng.choice(topics))
    return wordings.asked(rng, chosen.wordings, **chosen.facts), chosen.answer


def _topic(words: tuple[str, ...], *answer: str | Spelled, **facts: str) -> Topic:
    return Topic(words, answer, facts)


def _there_are(count: int) -> str:
    if count == 0:
        return "There are none."
    return "There is one." if count == 1 else f"There are {NUMBERS[count]}."


def _references(thing: Thing, scene: Scene) -> Iterator[str]:
    """What can only mean this thing: "the star", "the red one", "the small red star"."""
    others = [other for other in scene.things if other is not thing]
    if not others:
        yield "it"
    if all(other.shape != thing.shape for other in others):
        yield f"the {thing.shape}"
    if others and all(other.colour != thing.colour for other in others):
        yield f"the {thing.colour} one"
    if all((other.shape, other.colour) != (thing.shape, thing.colour) for other in others):
        yield f"the {thing.colour} {thing.shape}"
    if thing.size:
        yield f"the {thing.size} one"
        yield f"the {thing.size} {thing.shape}"


def _alike(scene: Scene) -> bool:
    return len({(thing.shape, thing.colour) for thing in scene.things}) == 1


# --- what can be asked ----------------------------------------------------------------------------


def _colour(scene: Scene, rng: Random) -> Iterator[Topic]:
    thing = rng.choice(scene.things)
    if len(scene.things) == 1:
        yield _topic(wordings.COLOUR_OF_IT, f"It is {thing.colour}.")
    elif _alike(scene):
        said = f"They are {thing.colour}."
        yield _topic(wordings.COLOUR_OF_THEM, said, plural=plural(thing.shape))
        return
    for reference in _references(thing, scene):
        if thing.colour not in reference and reference != "it":
            yield _topic(wordings.COLOUR_OF, f"It is {thing.colour}.", ref=reference)


def _shape(scene: Scene, rng: Random) -> Iterator[Topic]:
    thing = rng.choice(scene.things)
    if len(scene.things) == 1:
        yield _topic(wordings.SHAPE_OF_IT, f"It is {article(thing.shape)}.")
    elif _alike(scene):
        yield _topic(wordings.SHAPE_OF_THEM, f"They are {plural(thing.shape)}.")
    for reference in _references(thing, scene):
        if reference.endswith("one"):
            yield _topic(wordings.SHAPE_OF, f"It is {article(thing.shape)}.", ref=reference)


def _how_many(scene: Scene, rng: Random) -> Iterator[Topic]:
    things = scene.things
    yield _topic(wordings.HOW_MANY, _there_are(len(things)))
    shape, colour = rng.choice(things).shape, rng.choice(things).colour
    if rng.random() < 0.2:
        shape, colour = _absent_shape(scene, rng), rng.choice(COLOURS)
    shapes = sum(thing.shape == shape for thing in things)
    colours = sum(thing.colour == colour for thing in things)
    yield _topic(wordings.HOW_MANY_OF, _there_are(shapes), these=plural(shape))
    yield _topic(wordings.HOW_MANY_OF, _there_are(colours), these=f"{colour} ones")


def _where(scene: Scene, rng: Random) -> Iterator[Topic]:
    thing = rng.choice(scene.things)
    place = region(thing.x, thing.y)
    if place:
        for reference in _references(thing, scene):
            yield _topic(wordings.WHERE, f"It is {place}.", ref=reference)


_OPPOSITE = {"left": "right", "right": "left", "above": "below", "below": "above"}


def _beside(scene: Scene, rng: Random) -> Iterator[Topic]:
    way = direction(scene)
    if way is None:
        return
    first, second = scene.things
    if rng.random() < 0.5:
        first, second, way = second, first, _OPPOSITE[way]
    said = article(described(first)).capitalize() + "."
    for reference in _references(second, scene):
        yield _topic(wordings.BESIDE, said, ref=reference, relation=relation(way))
    true = rng.random() < 0.5
    stated = way if true else _OPPOSITE[way]
    one, other = (f"the {described(thing)}" for thing in (first, second))
    answer = f"{'Yes' if true else 'No'}, {one} is {relation(way)} {other}."
    yield _topic(wordings.IS_BESIDE, answer, other=one, ref=other, relation=relation(stated))


def _odd(scene: Scene, rng: Random) -> Iterator[Topic]:
    yield _topic(wordings.ODD, f"The {described(scene.things[-1])}.")


def _larger(scene: Scene, rng: Random) -> Iterator[Topic]:
    sized = {thing.size: thing for thing in scene.things}
    if "large" in sized:
        for size, words in (("large", wordings.LARGER), ("small", wordings.SMALLER)):
            thing = sized[size]  # type: ignore[index]
            yield _topic(words, f"The {thing.colour} {thing.shape}.", shape=thing.shape)


def _is_there(scene: Scene, rng: Random) -> Iterator[Topic]:
    things = scene.things
    if things and rng.random() < 0.5:
        shown = rng.choice(things)
        count = sum(thing.shape == shown.shape for thing in things)
        one = article(shown.shape)
        there = f"there is {one}" if count == 1 else f"there are {_several(count, shown.shape)}"
        yield _topic(wordings.IS_THERE, f"Yes, {there}.", thing=one)
        count = sum(_same(thing, shown) for thing in things)
        one, of = article(f"{shown.colour} {shown.shape}"), f"{shown.colour} {shown.shape}"
        there = f"there is {one}" if count == 1 else f"there are {_several(count, of)}"
        yield _topic(wordings.IS_THERE, f"Yes, {there}.", thing=one)
        return
    absent = _absent_shape(scene, rng)
    yield _topic(wordings.IS_THERE, f"No, there is no {absent}.", thing=article(absent))
    if things:
        shape = rng.choice(things).shape
        shown_colours = {thing.colour for thing in things if thing.shape == shape}
        colour = rng.choice([one for one in COLOURS if one not in shown_colours])
        of = f"{colour} {shape}"
        yield _topic(wordings.IS_THERE, f"No, there is no {of}.", thing=article(of))


def _same(one: Thing, other: Thing) -> bool:
    return (one.shape, one.colour) == (other.shape, other.colour)


def _several(count: int, of: str) -> str:
    return f"{NUMBERS[count]} {plural(of)}"


def _absent_shape(scene: Scene, rng: Random) -> str:
    """A shape that is not there, nor anything that could be called so."""
    shown = {thing.shape for thing in scene.things}
    near = {other for shape in shown for other in ALIKE.get(shape, ())}
    return rng.choice([shape for shape in SHAPES if shape not in shown | near])


def _is_colour(scene: Scene, rng: Random) -> Iterator[Topic]:
    if not _alike(scene):
        return
    thing, many = scene.things[0], len(scene.things) > 1
    stated = thing.colour if rng.random() < 0.5 else rng.choice(COLOURS)
    yes = "Yes" if stated == thing.colour else "No"
    if many:
        said, many_of = f"{yes}, they are {thing.colour}.", plural(thing.shape)
        yield _topic(wordings.ARE_THEY_COLOUR, said, colour=stated, plural=many_of)
    else:
        yield _topic(wordings.IS_IT_COLOUR, f"{yes}, it is {thing.colour}.", colour=stated)


def _is_shape(scene: Scene, rng: Random) -> Iterator[Topic]:
    if len(scene.things) == 1:
        shape = scene.things[0].shape
        stated = shape if rng.random() < 0.5 else _absent_shape(scene, rng)
        said = f"{'Yes' if stated == shape else 'No'}, it is {article(shape)}."
        yield _topic(wordings.IS_IT_SHAPE, said, thing=article(stated))


def _result(scene: Scene, rng: Random) -> Iterator[Topic]:
    came_to = Spelled(str(result(scene.text)))
    yield _topic(wordings.SUM, Spelled(scene.text), " is ", came_to, ".", text=scene.text)


def _rolled(scene: Scene, rng: Random) -> Iterator[Topic]:
    pips = pips_of(scene)
    yield _topic(wordings.HOW_MANY_DICE, _there_are(len(pips)))
    if len(pips) == 1:
        yield _topic(wordings.DIE, f"It shows {NUMBERS[pips[0]]}.")
        return
    yield _topic(wordings.DICE, f"They show {listed([NUMBERS[number] for number in pips])}.")
    yield _topic(wordings.DICE_TOTAL, f"{NUMBERS[sum(pips)].capitalize()} together.")


def _reading(scene: Scene, rng: Random) -> Iterator[Topic]:
    yield Topic(wordings.SAYS, says(scene), {})
    if scene.kind == "word":
        yield Topic(wordings.SAYS_WORD, says(scene), {})
    if scene.kind == "number":
        yield Topic(wordings.SAYS_NUMBER, says(scene), {})


def _is_saying(scene: Scene, rng: Random) -> Iterator[Topic]:
    stated = scene.text if rng.random() < 0.5 else _misread(scene, rng)
    yes = "Yes" if stated.lower() == scene.text.lower() else "No"
    yield _topic(wordings.IS_SAYING, f"{yes}, it says ", Spelled(scene.text), ".", text=stated)


def _misread(scene: Scene, rng: Random) -> str:
    """Another text of the kind: a common word, or what is printed with one character changed."""
    if scene.kind == "word" and rng.random() < 0.5:
        word = rng.choice(common_words())
        return word.upper() if scene.text.isupper() else word
    text, at = scene.text, rng.randrange(len(scene.text))
    others = "0123456789" if scene.kind == "number" else "abcdefghijklmnopqrstuvwxyz"
    other = rng.choice(others)
    return text[:at] + (other.upper() if text[at].isupper() else other) + text[at + 1 :]


def _letters(scene: Scene, rng: Random) -> Iterator[Topic]:
    text, count = scene.text, len(scene.text)
    if scene.kind == "number":
        digits = "one digit" if count == 1 else f"{NUMBERS[count]} digits"
        yield _topic(wordings.HOW_MANY_DIGITS, f"It has {digits}.")
        return
    yield _topic(wordings.HOW_MANY_LETTERS, f"It has {NUMBERS[count]} letters.")
    yield _topic(wordings.FIRST_LETTER, "It starts with ", Spelled(text[0].upper()), ".")
    yield _topic(wordings.LAST_LETTER, "It ends with ", Spelled(text[-1].upper()), ".")


_About = tuple[Callable[[Scene, Random], Iterator[Topic]], ...]
_ABOUT: dict[str, _About] = {
    "single": (_colour, _shape, _how_many, _where, _is_there, _is_colour, _is_shape),
    "several": (_colour, _colour, _shape, _how_many, _where, _larger, _larger, _is_there),
    "count": (_how_many, _how_many, _how_many, _colour, _shape, _is_there, _is_colour),
    "beside": (_beside, _beside, _beside, _colour, _shape, _how_many, _where, _is_there),
    "odd": (_odd, _odd, _odd, _how_many, _colour, _is_there),
    "sum": (_result, _result, _reading),
    "dice": (_rolled,),
    "word": (_reading, _reading, _reading, _is_saying, _letters),
    "number": (_reading, _reading, _reading, _is_saying, _letters),
    "texture": (_is_there,),
}
