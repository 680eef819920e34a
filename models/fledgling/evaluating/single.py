"""Questions about one picture: everyday things, flags, photographs, nothing, drawings, words."""

from collections.abc import Iterator, Sequence

from PIL import Image

from models.fledgling.drawn.facts import Kind, plain
from models.fledgling.drawn.questions import ask, caption
from models.fledgling.drawn.words import common_words
from models.fledgling.evaluating import rows, wording
from models.fledgling.evaluating.hall import Hall, Hanging
from models.fledgling.evaluating.matching import (
    names_all,
    refuses,
    same_reading,
    same_sentence,
)
from models.fledgling.evaluating.questions import Question, sent
from models.fledgling.talking import replies

KINDS: tuple[Kind, ...] = ("single", "several", "count", "beside", "odd", "sum", "dice")
_CAPTIONS = 0.4  # of the questions about drawings ask for all that is in it
_SENTENCE = 40


def everyday(hall: Hall, counts: dict[str, int]) -> Iterator[Question]:
    """Things in seen styles and in the unseen one, and flags."""
    for row, hung in (
        (rows.SEEN, hall.things(counts[rows.SEEN])),
        (rows.UNSEEN, hall.unseen(counts[rows.UNSEEN])),
        (rows.FLAGS, hall.flags(counts[rows.FLAGS])),
        (rows.PHOTOGRAPHS, hall.photographs(counts[rows.PHOTOGRAPHS])),
    ):
        yield from _named(hall, row, hung)


def _named(hall: Hall, row: str, hung: Sequence[Hanging]) -> Iterator[Question]:
    for one in hung:
        text, unusual = wording.look(hall.rng)
        parts = ["asked in unseen words" if unusual else "asked in plain words"]
        if row == rows.SEEN:
            parts.insert(0, one.family)
        chat, truth = sent(one.picture, text), plain(replies.sees(one.truth))
        yield Question(row, chat, truth, names_all, tuple(parts))


def unknown(hall: Hall, counts: dict[str, int]) -> Iterator[Question]:
    """Pictures that are to be refused: half show nothing, half what is not claimed."""
    count = counts[rows.NOTHING]
    nothing = [hall.nothing() for _ in range(count - count // 2)]
    artwork = [one.picture for one in hall.unknown(count // 2)]
    shown = [(one, "textures, noise, blank") for one in nothing]
    for picture, part in shown + [(one, "unknown artwork") for one in artwork]:
        text, _ = wording.look(hall.rng)
        yield Question(rows.NOTHING, sent(picture, text), replies.UNKNOWN, refuses, (part,))


def drawn(hall: Hall, counts: dict[str, int]) -> Iterator[Question]:
    """Questions about drawings, and their captions."""
    for number in range(counts[rows.DRAWN]):
        kind = KINDS[number % len(KINDS)]
        drawing = hall.drawing(kind)
        if hall.rng.random() < _CAPTIONS:
            text, answer = hall.rng.choice(wording.PLAIN), caption(drawing.scene)
        else:
            text, answer = ask(drawing.scene, hall.rng)
        judge = same_reading if kind == "sum" else same_sentence
        chat = sent(drawing.picture, text)
        yield Question(rows.DRAWN, chat, plain(answer), judge, (kind,), _SENTENCE)


def reading(hall: Hall, counts: dict[str, int]) -> Iterator[Question]:
    """Held-out words, printed: common ones, and some that mean nothing."""
    left = {True: counts[rows.READING], False: counts[rows.MADE_UP]}
    known = frozenset(common_words())
    while any(left.values()):
        drawing = hall.drawing("word", held_out=True)
        common = drawing.scene.text.lower() in known
        if left[common]:
            left[common] -= 1
            chat = sent(drawing.picture, hall.rng.choice(wording.READ))
            truth = plain(caption(drawing.scene))
            yield Question(rows.READING if common else rows.MADE_UP, chat, truth, same_reading)


def instead(hall: Hall, counts: dict[str, int]) -> Iterator[Question]:
    """Questions whose picture is replaced: nothing but chance may answer them."""
    for row in (rows.BLANK, rows.SWAPPED):
        pictures = _mixed(hall, counts[row])
        for place, (_, truth) in enumerate(pictures):
            picture = hall.blank() if row == rows.BLANK else pictures[place - 1][0]
            text = hall.rng.choice(wording.PLAIN)
            yield Question(row, sent(picture, text), truth, names_all, most=_SENTENCE)


def _mixed(hall: Hall, count: int) -> list[tuple[Image.Image, str]]:
    """Pictures and what to say of them: things and, a third, drawings."""
    things = hall.things(count - count // 3)
    drawings = [hall.drawing("single") for _ in range(count // 3)]
    mixed = [(one.picture, plain(replies.sees(one.truth))) for one in things]
    mixed += [(one.picture, plain(caption(one.scene))) for one in drawings]
    hall.rng.shuffle(mixed)
    return mixed
