"""Questions about two pictures, and about earlier ones."""

from collections.abc import Callable, Iterator
from typing import Any

from models.fledgling.drawn.facts import plain
from models.fledgling.drawn.scenes import Drawing
from models.fledgling.drawn.speech import article
from models.fledgling.evaluating import rows, wording
from models.fledgling.evaluating.fledgling import Chat, assistant, system, user
from models.fledgling.evaluating.hall import Hall, Hanging, pairs
from models.fledgling.evaluating.matching import same_sentence
from models.fledgling.evaluating.questions import Question
from models.fledgling.talking import replies
from models.fledgling.talking.messages import Answer, Shown

_MOST = 56
_SAME = 0.4  # of the pairs that are compared show the same thing
_SHAPE = "What shape is it?"
_LOOK = "What is this?"
_ASIDE: tuple[tuple[str, str], ...] = (
    ("Thank you!", replies.WELCOME),
    ("How are you?", replies.FINE),
    ("What is the capital of Peru?", replies.CANNOT),
    ("What can you do?", replies.CAN_DO),
    ("Nice", replies.PRAISED),
)


def two_pictures(hall: Hall, counts: dict[str, int]) -> Iterator[Question]:
    """Every kind of question as often as any other."""
    share, more = divmod(counts[rows.PICTURES], len(_KINDS))
    for place, (part, kind) in enumerate(_KINDS.items()):
        for chat, answer in kind(hall, share + (place < more)):
            truth = answer if isinstance(answer, str) else plain(answer)
            yield Question(rows.PICTURES, chat, truth, same_sentence, (part,), _MOST)


_Asked = Iterator[tuple[Chat, Answer | str]]


def _both(hall: Hall, count: int) -> _Asked:
    for one, other in pairs(hall.things(2 * count)):
        text = hall.rng.choice(wording.BOTH)
        yield (
            [system(), user(one.picture, other.picture, text)],
            replies.both_show(one.truth, other.truth),
        )


def _same(hall: Hall, count: int) -> _Asked:
    for one, another in pairs(hall.things(2 * count)):
        other = hall.alike(one) if hall.rng.random() < _SAME else another
        text = hall.rng.choice(wording.SAME)
        if hall.rng.random() < 0.5:
            chat = [system(), user(one.picture, other.picture, text)]
        else:
            chat = [system(), *_seen(one), *_seen(other), user(text)]
        yield chat, replies.same(one.truth, other.truth)


def _first(hall: Hall, count: int) -> _Asked:
    for one, other in pairs(hall.things(2 * count)):
        text = hall.rng.choice(wording.FIRST)
        yield (
            [system(), *_seen(one), *_seen(other), user(text)],
            replies.nth_shows(0, one.truth),
        )


def _first_colour(hall: Hall, count: int) -> _Asked:
    """Nothing that was said gives the colour away: it has to be seen in the earlier picture."""
    for _ in range(count):
        one, other = hall.drawing("single"), hall.drawing("single")
        text = hall.rng.choice(wording.FIRST_COLOUR)
        chat = [system(), *_shape(one), *_shape(other), user(text)]
        yield chat, replies.nth_colour(0, _truth(one))


def _after_talk(hall: Hall, count: int) -> _Asked:
    for number in range(count):
        aside = hall.rng.sample(_ASIDE, hall.rng.randint(1, 3))
        between = [said for asked, told in aside for said in (user(asked), assistant(told))]
        if number % 2:
            (one,) = hall.things(1)
            chat = [system(), *_seen(one), *between, user(hall.rng.choice(wording.THEN))]
            yield chat, replies.told_again(one.truth)
        else:
            drawing = hall.drawing("single")
            text = hall.rng.choice(wording.THEN_COLOUR)
            chat = [system(), *_shape(drawing), *between, user(text)]
            yield chat, replies.colour_is(_truth(drawing))


_KINDS: dict[str, Callable[[Hall, int], _Asked]] = {
    "both described": _both,
    "the same or not": _same,
    "what the first was": _first,
    "which colour the first was": _first_colour,
    "after other talk": _after_talk,
}


def _seen(one: Hanging) -> list[dict[str, Any]]:
    """A picture that was asked about and told rightly."""
    return [user(one.picture, _LOOK), assistant(plain(replies.sees(one.truth)))]


def _shape(drawing: Drawing) -> list[dict[str, Any]]:
    """A drawing of which only the shape was told."""
    return [user(drawing.picture, _SHAPE), assistant(_is_a(drawing))]


def _is_a(drawing: Drawing) -> str:
    return f"It is {article(drawing.scene.things[0].shape)}."


def _truth(drawing: Drawing) -> Shown:
    return Shown(-1, scene=drawing.scene)
