"""Turns about no picture: definitions, small talk, what it cannot do, pictures that are missing."""

from models.fledgling.concepts import CONCEPTS, FLAGS, THINGS, Concept, by_name
from models.fledgling.talking import phrases, replies, smalltalk
from models.fledgling.talking.course import Course
from models.fledgling.talking.guessing import guess
from models.fledgling.talking.messages import Shown
from models.fledgling.talking.typed import filled, typed
from models.fledgling.talking.words import WORDS
from models.prompt import PENDING, REFUSED, UNSEEN

_NEVER_HEARD = tuple(word for word in WORDS if by_name(word) is None)
_UNKNOWN = Shown(-1, sure=False)


def define(course: Course) -> bool:
    """What a thing is: the one in the picture, or any that it claims to know."""
    rng, picture = course.rng, course.it
    if picture is not None and (picture.scene is None or not picture.known) and rng.random() < 0.75:
        if not picture.known:
            return course.say(course.typed(phrases.DEFINE_IT), answer=replies.NOT_SURE)
        concept, it = CONCEPTS[picture.concept], picture.second < 0 and rng.random() < 0.6
        if told := replies.definition(concept):
            question = course.typed(phrases.DEFINE_IT) if it else _what_is(course, concept)
            return course.say(question, answer=told)
    if rng.random() < 0.12:
        word = rng.choice(_NEVER_HEARD)
        question = rng.choice(phrases.DEFINE).format(this=f"a {word}", name=word)
        return course.digress(typed(rng, question, slips=False), answer=replies.CANNOT)
    concept = rng.choice(THINGS if rng.random() < 0.85 or not FLAGS else FLAGS)
    told = replies.definition(concept)
    return bool(told) and course.digress(_what_is(course, concept), answer=told)


def small_talk(course: Course) -> bool:
    """Greetings, thanks, who it is, what it can do."""
    rng = course.rng
    named = f"My name is {course.name}." if course.name else replies.NO_NAME
    day = f"Today is {course.day}." if course.day else replies.NO_DAY
    topics = (
        (smalltalk.GREET, replies.GREETING, 3.0),
        (smalltalk.THANK, replies.WELCOME, 2.0),
        (smalltalk.PRAISE, replies.PRAISED, 1.5),
        (smalltalk.BYE, replies.GOODBYE, 1.0),
        (smalltalk.HOW_ARE_YOU, replies.FINE, 1.0),
        (smalltalk.WHO, replies.who(course.name), 2.5),
        (smalltalk.IS_NOT, f"No, {replies.PROGRAM}", 1.5),
        (smalltalk.IS, f"Yes, {replies.PROGRAM}", 0.8),
        (smalltalk.ASK_NAME, named, 1.5),
        (smalltalk.CAN_DO, replies.CAN_DO, 2.0),
        (smalltalk.ASK_DAY, day, 1.0),
    )
    asked, answer, _ = rng.choices(topics, [weight for _, _, weight in topics])[0]
    question = filled(rng, rng.choice(asked))
    if asked is smalltalk.GREET and course.name and rng.random() < 0.2:
        question = f"{question} {course.name}"
    return course.digress(typed(rng, question), answer=answer)


def anything_else(course: Course) -> bool:
    """What it cannot do, and what nobody can make out."""
    question = filled(course.rng, course.rng.choice(smalltalk.ELSE))
    return course.digress(typed(course.rng, question), answer=replies.CANNOT)


def without_picture(course: Course) -> bool:
    """A question about a picture before there is any."""
    rng = course.rng
    if course.seen:
        return False
    kind = rng.random()
    if kind < 0.15:
        what, _ = guess(rng, _UNKNOWN)
        question = typed(rng, rng.choice(phrases.ASK_IF).format(this=what), slips=False)
    elif kind < 0.25:
        nth = phrases.NTH if rng.random() < 0.6 else phrases.NTH_COLOUR
        place = rng.randrange(3)
        question = rng.choice(nth).format(nth=replies.NTH[place], number=place + 1)
        question = typed(rng, question)
    elif kind < 0.6:
        question = course.typed(phrases.LOOK)
    else:
        question = course.typed(*_ABOUT_A_PICTURE)
    return course.say(question, answer=replies.NO_PICTURE)


def missing(course: Course) -> bool:
    """A picture that the product could not hand over, with a question about it."""
    marker = course.rng.choice((PENDING, REFUSED, UNSEEN))
    if course.seen:
        return False
    asked = "" if course.rng.random() < 0.3 else f"\n{course.typed(phrases.LOOK)}"
    return course.say(marker + asked, answer=replies.CANNOT_SEE)


_ABOUT_A_PICTURE = (
    phrases.AGAIN,
    phrases.LATEST,
    phrases.ASK_COLOUR,
    phrases.ASK_COLOUR_AGAIN,
    phrases.ASK_WORDS,
    phrases.ASK_COUNT,
    phrases.PAIR,
    phrases.SAME,
    phrases.DEFINE_IT,
)


def _what_is(course: Course, concept: Concept) -> str:
    """A question for the definition of a concept by its name."""
    templates: tuple[str, ...] = phrases.DEFINE
    if replies.plural(concept):
        templates = tuple(each for each in templates if "{this}" not in each)
    question = course.rng.choice(templates).format(this=concept.said, name=concept.name)
    return typed(course.rng, question, slips=False)
