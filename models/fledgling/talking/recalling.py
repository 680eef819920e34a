"""Turns about pictures that were sent before."""

from random import Random

from models.fledgling.talking import phrases, replies
from models.fledgling.talking.course import Course
from models.fledgling.talking.guessing import guess
from models.fledgling.talking.looking import asked, beyond, which
from models.fledgling.talking.messages import Answer, Shown
from models.fledgling.talking.typed import typed


def again(course: Course) -> bool:
    """Another question about the picture that "it" is, or about the latest one."""
    if not course.seen:
        return False
    if course.it is None or course.rng.random() < 0.06:
        course.topic = len(course.seen) - 1
        answer = replies.told_again(course.seen[-1])
        return course.say(course.typed(phrases.LATEST), answer=answer, asked="look")
    return _again(course, course.it)


def _again(course: Course, picture: Shown) -> bool:
    rng = course.rng
    kind = rng.random()
    if kind < 0.28:
        answer = replies.told_again(picture)
        return course.say(course.typed(phrases.AGAIN), answer=answer, asked="look")
    if kind < 0.4:
        return course.say(course.typed(phrases.SURE), answer=replies.surely(picture))
    if kind < 0.44:
        return course.say(beyond(rng), answer=replies.CANNOT)
    if kind < 0.6:
        answered = colour_of(picture)
        if answered is not None:
            question = course.typed(phrases.ASK_COLOUR, phrases.ASK_COLOUR_AGAIN)
            return course.say(question, answer=answered, asked="colour")
    if picture.known and picture.scene is not None:
        question, said = asked(rng, picture.scene)
        return course.say(question, answer=said)
    question, guessed = _guessed(rng, picture)
    return course.say(question, answer=guessed)


def nth(course: Course) -> bool:
    """The first, second or third picture: what it shows, or its colour."""
    rng, count = course.rng, len(course.seen)
    if not count or (count == 1 and rng.random() < 0.8):
        return False
    places = min(3, count)
    if count < 3 and rng.random() < 0.06:
        question = _nth(rng, rng.choice((phrases.NTH, phrases.NTH_COLOUR)), count)
        course.topic = -1
        return course.say(question, answer=replies.NO_SUCH_PICTURE)
    place = rng.randrange(places)
    course.topic = place
    answer = nth_colour(place, course.seen[place])
    if answer and rng.random() < 0.35:
        return course.say(_nth(rng, phrases.NTH_COLOUR, place), answer=answer, asked="colour")
    told = replies.nth_shows(place, course.seen[place])
    return course.say(_nth(rng, phrases.NTH, place), answer=told, asked="look")


def other(course: Course) -> bool:
    """The other one of two pictures, asked right after the one."""
    if len(course.seen) != 2 or course.topic == -1 or not course.asked:
        return False
    place = 1 - course.topic
    picture = course.seen[place]
    answer: Answer | str | None = replies.nth_shows(place, picture)
    if course.asked == "colour":
        answer = nth_colour(place, picture)
    if answer is None:
        return False
    course.topic = place
    return course.say(course.typed(phrases.OTHER), answer=answer, asked=course.asked)


def compare(course: Course) -> bool:
    """Both of two pictures: what they show, whether it is the same, which of them is red."""
    if len(course.seen) != 2:
        return False
    first, second = course.seen
    if not (replies.noun(first) and replies.noun(second)):
        return False
    course.topic = -1
    kind = course.rng.random()
    if kind < 0.35:
        question, answer = which(course.rng, first, second)
        if question:
            return course.say(question, answer=answer)
    if kind < 0.7:
        return course.say(course.typed(phrases.SAME), answer=replies.same(first, second))
    return course.say(course.typed(phrases.PAIR_AGAIN), answer=replies.both_show(first, second))


def colour_of(picture: Shown) -> str | None:
    """The answer to what colour it is; None where it has several."""
    if picture.known and picture.concept >= 0:
        return replies.only(replies.ONLY_COLOURS, picture)
    return replies.colour_is(picture) if replies.colour(picture) or not picture.known else None


def nth_colour(place: int, picture: Shown) -> str | None:
    """The same of the picture at a place."""
    if picture.known and picture.concept >= 0:
        return replies.only(replies.ONLY_COLOURS, picture)
    answerable = replies.colour(picture) or not picture.known
    return replies.nth_colour(place, picture) if answerable else None


def _guessed(rng: Random, picture: Shown) -> tuple[str, str]:
    what, right = guess(rng, picture)
    template = rng.choice(phrases.ASK_IF + phrases.ASK_IF_AGAIN)
    question = typed(rng, template.format(this=what), slips=False)
    return question, replies.is_it(picture, right) if picture.known else replies.NOT_SURE


def _nth(rng: Random, templates: tuple[str, ...], place: int) -> str:
    template = rng.choice(templates)
    return typed(rng, template.format(nth=replies.NTH[place], number=place + 1))
