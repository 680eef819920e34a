"""Turns in which a person sends pictures."""

from random import Random

from models.fledgling.concepts import CONCEPTS
from models.fledgling.drawn.facts import Scene
from models.fledgling.drawn.questions import ask
from models.fledgling.talking import phrases, replies
from models.fledgling.talking.course import Course
from models.fledgling.talking.guessing import guess, is_called
from models.fledgling.talking.messages import Answer, Shown
from models.fledgling.talking.typed import filled, typed

_PRINTED = ("word", "number", "sum")


def show(course: Course) -> bool:
    """One picture, alone or with a question."""
    rng, picture = course.rng, course.pick(course.rng)
    told_before = course.asked == "look"
    course.see(picture)
    kind = rng.random()
    if kind < 0.2:
        return course.say(picture, answer=replies.sees(picture), asked="look")
    if kind < 0.55 or (kind < 0.65 and picture.scene is None):
        new = phrases.AND_THIS if told_before and rng.random() < 0.4 else phrases.LOOK
        return _with(course, picture, course.typed(new), replies.sees(picture), look=True)
    if kind > 0.96:
        return _with(course, picture, beyond(rng), (replies.CANNOT,))
    question, answer = about(rng, picture)
    return _with(course, picture, question, answer if picture.known else (replies.UNKNOWN,))


def pair(course: Course) -> bool:
    """Two pictures in one message."""
    rng = course.rng
    first = with_noun(course)
    if first is None:
        return False
    second = course.alike(rng, first) if rng.random() < 0.2 else with_noun(course)
    if second is None:
        return False
    course.see(first, second)
    kind = rng.random()
    if kind < 0.25:
        return course.say(first, second, answer=replies.both_show(first, second))
    if kind < 0.6:
        question, answer = course.typed(phrases.PAIR), replies.both_show(first, second)
    elif kind < 0.8:
        question, answer = course.typed(phrases.SAME), replies.same(first, second)
    else:
        question, answer = which(rng, first, second)
        if not question:
            question, answer = course.typed(phrases.PAIR), replies.both_show(first, second)
    return course.say(first, second, question, answer=answer)


def about(rng: Random, picture: Shown) -> tuple[str, Answer]:
    """A question about more or less than what it is, and the answer; a guess for the most part."""
    if picture.scene is not None and picture.known:
        return asked(rng, picture.scene)
    if picture.known and rng.random() < 0.35:
        return _unsuited(rng, picture)
    what, right = guess(rng, picture)
    question = typed(rng, rng.choice(phrases.ASK_IF).format(this=what), slips=False)
    return question, (replies.is_it(picture, right) if picture.known else replies.NOT_SURE,)


def asked(rng: Random, scene: Scene) -> tuple[str, Answer]:
    """A question about a drawn picture; no slips where printed words are asked for."""
    question, answer = ask(scene, rng)
    return typed(rng, question, slips=scene.kind not in _PRINTED), answer


def beyond(rng: Random) -> str:
    """A question about a picture that it cannot answer."""
    return typed(rng, filled(rng, rng.choice(phrases.BEYOND)))


def which(rng: Random, first: Shown, second: Shown) -> tuple[str, Answer]:
    """Which of two is red, or a cat; an empty question where neither can be asked."""
    one, other = replies.colour(first), replies.colour(second)
    if one and other:
        what = rng.choice((one, one, other, other, "red", "blue", "green", "yellow"))
        right = (one == what, other == what)
    elif _one_thing(first) and _one_thing(second):
        like = first if rng.random() < 0.5 else second
        what, _ = guess(rng, like)
        right = (is_called(what, first), is_called(what, second))
    else:
        return "", ()
    question = typed(rng, rng.choice(phrases.WHICH_IS).format(this=what), slips=False)
    return question, (replies.which_is(what, *right),)


def with_noun(course: Course) -> Shown | None:
    """A picture that can be told of within a sentence, or that shows nothing known."""
    for _ in range(6):
        picture = course.pick(course.rng)
        if replies.noun(picture):
            return picture
    return None


def _one_thing(picture: Shown) -> bool:
    if not picture.known or picture.concept < 0 or picture.second >= 0:
        return False
    return not replies.plural(CONCEPTS[picture.concept])


def _unsuited(rng: Random, picture: Shown) -> tuple[str, Answer]:
    """A question that only fits drawn shapes or print, about everyday things."""
    asked_for = [
        (phrases.ASK_COLOUR, replies.ONLY_COLOURS),
        (phrases.ASK_WORDS, replies.ONLY_WORDS),
        (phrases.ASK_COUNT, replies.ONLY_COUNTS),
    ]
    questions, limit = rng.choice(asked_for)
    return typed(rng, rng.choice(questions)), (replies.only(limit, picture),)


def _with(
    course: Course, picture: Shown, question: str, answer: Answer, *, look: bool = False
) -> bool:
    parts = (picture, question) if course.rng.random() < 0.8 else (question, picture)
    return course.say(*parts, answer=answer, asked="look" if look else "")
