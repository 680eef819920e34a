"""Conversations to learn from: a person with drawings and questions, and the true answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from models.fledgling import phrases, replies
from models.fledgling.drawings import COLOURS
from models.fledgling.shapes import SHAPES

Aspect = Literal["", "colour", "shape"]
_NTH = ("first", "second", "third")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture somebody sent: its row in the pool, and what is in it (empty: nothing known)."""

    row: int
    shape: str
    colour: str

    @property
    def words(self) -> str:
        return f"{self.colour} {self.shape}" if self.shape else ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message: who said it, and its texts and pictures in order."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[str | Shown, ...]


@dataclass(slots=True)
class _Talk:
    rng: Random
    pick: Callable[[Random], Shown]
    name: str = ""
    day: str = ""
    said: list[Said] = field(default_factory=list)
    seen: list[Shown] = field(default_factory=list)

    def ask(self, *parts: str | Shown, answer: str) -> None:
        self.said.append(Said("user", parts))
        self.said.append(Said("assistant", (answer,)))


def conversation(rng: Random, pick: Callable[[Random], Shown], *, turns: int) -> list[Said]:
    """One conversation of so many turns; `pick` chooses the pictures in it."""
    talk = _Talk(rng, pick)
    _introduce(talk)
    for _ in range(turns):
        _turn(talk)
    return talk.said


def _introduce(talk: _Talk) -> None:
    rng = talk.rng
    kind = rng.random()
    if kind < 0.12:
        return
    if kind < 0.17:
        talk.said.append(Said("system", (_fill(rng, rng.choice(phrases.EXTRA_RULES)),)))
        return
    talk.name = _name(rng)
    talk.day = rng.choice(phrases.WEEKDAYS)
    date = _date(rng)
    told = f"You are {talk.name}, an assistant in a messenger. Today is {talk.day}, {date}."
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
        told += " " + _fill(rng, rng.choice(phrases.EXTRA_RULES))
    talk.said.append(Said("system", (told,)))


def _turn(talk: _Talk) -> None:
    rng = talk.rng
    choices: list[tuple[Callable[[_Talk], None], float]] = [
        (_show, 2.6 if not talk.seen else 1.6),
        (_show_two, 0.25),
        (_small_talk, 1.5),
        (_anything_else, 0.9),
        (_ask_again, 2.6 if talk.seen else 0.5),
        (_ask_if, 0.5 if talk.seen else 0.0),
        (_ask_nth, 1.0 if len(talk.seen) > 1 else 0.06),
    ]
    actions, weights = zip(*choices, strict=True)
    rng.choices(actions, weights)[0](talk)


def _show(talk: _Talk) -> None:
    rng, picture = talk.rng, talk.pick(talk.rng)
    talk.seen.append(picture)
    kind = rng.random()
    if kind < 0.17:
        talk.ask(picture, answer=_seen(picture, rng))
        return
    if kind < 0.22:
        wished, truth = _guess(picture, rng)
        question = _typed(rng, rng.choice(phrases.ASK_IF).format(this=wished))
        answer = truth
    elif kind < 0.27:
        question, answer = _else(rng), replies.CANNOT
    else:
        aspect: Aspect = rng.choice(("", "", "", "colour", "colour", "shape"))
        question, answer = _question(rng, aspect), _told(picture, aspect, rng)
    parts = (picture, question) if rng.random() < 0.8 else (question, picture)
    talk.ask(*parts, answer=answer)


def _show_two(talk: _Talk) -> None:
    first, second = talk.pick(talk.rng), talk.pick(talk.rng)
    talk.seen += [first, second]
    question = talk.rng.choice(
        ("What is in these pictures?", "And these two?", "Describe both.", "")
    )
    parts = (first, second, question) if question else (first, second)
    talk.ask(*parts, answer=replies.sees_two(first.words, second.words))


def _small_talk(talk: _Talk) -> None:
    rng = talk.rng
    named = f"My name is {talk.name}. I am a small demonstration model."
    day = f"Today is {talk.day}." if talk.day else replies.NO_DAY
    topics = (
        (phrases.GREET, replies.GREETING, 3.0),
        (phrases.THANK, replies.WELCOME, 2.0),
        (phrases.PRAISE, replies.PRAISED, 1.5),
        (phrases.BYE, replies.GOODBYE, 1.0),
        (phrases.HOW_ARE_YOU, replies.FINE, 1.0),
        (phrases.WHO, replies.WHO, 3.0),
        (phrases.ASK_NAME, named if talk.name else replies.NO_NAME, 2.0),
        (phrases.CAN_DO, replies.CAN_DO, 3.0),
        (phrases.WHICH_SHAPES, replies.SHAPES_KNOWN, 0.6),
        (phrases.WHICH_COLOURS, replies.COLOURS_KNOWN, 0.6),
        (phrases.ASK_DAY, day, 0.8),
    )
    asked, answer, _ = rng.choices(topics, [weight for _, _, weight in topics])[0]
    question = rng.choice(asked)
    if asked is phrases.GREET and talk.name and rng.random() < 0.2:
        question = f"{question} {talk.name}"
    talk.ask(_typed(rng, question), answer=answer)


def _anything_else(talk: _Talk) -> None:
    talk.ask(_else(talk.rng), answer=replies.CANNOT)


def _ask_again(talk: _Talk) -> None:
    rng = talk.rng
    aspect: Aspect = rng.choice(("", "colour", "colour", "shape"))
    again = {
        "": phrases.ASK_AGAIN,
        "colour": phrases.ASK_COLOUR_AGAIN,
        "shape": phrases.ASK_SHAPE_AGAIN,
    }[aspect]
    latest = talk.seen[-1] if talk.seen else Shown(-1, "", "")
    if talk.seen and latest.shape and rng.random() < 0.6:
        question = rng.choice(again).format(shape=latest.shape, colour=latest.colour)
        question = _typed(rng, question)
        past = aspect == "colour"
    else:
        question, past = _question(rng, aspect), False
        if not talk.seen and rng.random() < 0.3:
            question = rng.choice(again).format(
                shape=rng.choice(SHAPES), colour=rng.choice(COLOURS)
            )
    if not talk.seen:
        answer = replies.NO_PICTURE
    elif past:
        answer = replies.colour_was(latest.shape, latest.colour, rng)
    else:
        answer = _told(latest, aspect, rng)
    talk.ask(question, answer=answer)


def _ask_if(talk: _Talk) -> None:
    wished, truth = _guess(talk.seen[-1], talk.rng)
    question = talk.rng.choice(phrases.ASK_IF).format(this=wished)
    talk.ask(_typed(talk.rng, question), answer=truth)


def _ask_nth(talk: _Talk) -> None:
    rng = talk.rng
    aspect: Aspect = rng.choice(("", "", "colour", "shape"))
    place = rng.randrange(min(3, len(talk.seen) + (rng.random() < 0.1)) or 1)
    question = _typed(rng, rng.choice(phrases.ASK_NTH[aspect]).format(nth=_NTH[place]))
    if not talk.seen:
        answer = replies.NO_PICTURE
    elif place >= len(talk.seen):
        answer = replies.NO_SUCH_PICTURE
    elif not talk.seen[place].shape:
        answer = replies.NOTHING_KNOWN
    else:
        picture = talk.seen[place]
        answer = replies.nth_shows(_NTH[place], aspect, picture.shape, picture.colour)
    talk.ask(question, answer=answer)


def _question(rng: Random, aspect: Aspect) -> str:
    asked = {"": phrases.LOOK, "colour": phrases.ASK_COLOUR, "shape": phrases.ASK_SHAPE}
    return _typed(rng, rng.choice(asked[aspect]))


def _told(picture: Shown, aspect: Aspect, rng: Random) -> str:
    if not picture.shape:
        return replies.NOTHING_KNOWN
    if aspect == "colour":
        return replies.colour_is(picture.shape, picture.colour, rng)
    if aspect == "shape":
        return f"It is {replies.a(picture.shape)}."
    return _seen(picture, rng)


def _seen(picture: Shown, rng: Random) -> str:
    if not picture.shape:
        return replies.NOTHING_KNOWN
    return replies.sees(picture.shape, picture.colour, rng)


def _guess(picture: Shown, rng: Random) -> tuple[str, str]:
    """Something that may be true of the picture, and the answer to it."""
    if not picture.shape:
        return replies.a(rng.choice(SHAPES)), replies.NOTHING_KNOWN
    right = rng.random() < 0.5
    if rng.random() < 0.6:
        wished = picture.shape if right else rng.choice(SHAPES)
        right, wished = wished == picture.shape, replies.a(wished)
    else:
        wished = picture.colour if right else rng.choice(COLOURS)
        right = wished == picture.colour
    return wished, f"{'Yes' if right else 'No'}, it is {replies.a(picture.words)}."


def _else(rng: Random) -> str:
    return _typed(rng, _fill(rng, rng.choice(phrases.ELSE)))


def _fill(rng: Random, phrase: str) -> str:
    """The phrase with its places taken by words, numbers, names and gibberish."""
    while "{" in phrase:
        phrase = phrase.replace("{w}", rng.choice(phrases.WORDS), 1)
        phrase = phrase.replace("{n}", _name(rng) if "to {n}" in phrase else _number(rng), 1)
        phrase = phrase.replace("{g}", _gibberish(rng), 1)
    return phrase


def _number(rng: Random) -> str:
    return str(rng.randrange(10 ** rng.randint(1, 4)))


def _gibberish(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.5:
        return "".join(rng.choices("abcdefghijklmnopqrstuvwxyzäöü", k=rng.randint(2, 9)))
    if kind < 0.6:
        return "".join(rng.choices("!#$%&/()=+*~;:_-<>", k=rng.randint(1, 6)))
    if kind < 0.7:
        return "".join(rng.choices("😂🤔🎉🚗🐶🌍🔥🍕😭💡🥳🙃", k=rng.randint(1, 4)))
    block = rng.choice((0x0400, 0x0600, 0x4E00, 0x3040, 0x0900, 0x0370, 0x05D0, 0xAC00))
    return "".join(chr(block + rng.randrange(16, 64)) for _ in range(rng.randint(2, 8)))


def _name(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.25:
        return "Whimbrel"
    if kind < 0.55:
        return rng.choice(phrases.NAMES)
    ending = rng.choice(("", "", "n", "s", "r", "x"))
    parts = rng.choices(phrases.SYLLABLES, k=rng.randint(2, 3))
    return ("".join(parts) + ending).capitalize()


def _date(rng: Random) -> str:
    day, month, year = rng.randint(1, 28), rng.choice(phrases.MONTHS), rng.randint(2024, 2032)
    number = phrases.MONTHS.index(month) + 1
    return rng.choice(
        (
            f"{day} {month} {year}",
            f"{month} {day}, {year}",
            f"{year}-{number:02}-{day:02}",
            f"{day:02}.{number:02}.{year}",
        )
    )


def _typed(rng: Random, phrase: str) -> str:
    """The phrase as people type it: case, punctuation and slips of the finger."""
    kind = rng.random()
    if kind < 0.3:
        phrase = phrase.lower()
    elif kind < 0.33:
        phrase = phrase.upper()
    if rng.random() < 0.3 and len(phrase) > 3:
        phrase = phrase.rstrip("?.!")
    if rng.random() < 0.04:
        phrase = rng.choice(("please ", "Hey, ", "ok, ", "so ", "hm, ", "and ")) + phrase
    if rng.random() < 0.07 and len(phrase) > 8:
        place = rng.randrange(1, len(phrase) - 2)
        slip = phrase[place + 1] + phrase[place] if rng.random() < 0.5 else phrase[place]
        phrase = phrase[:place] + slip + phrase[place + 2 :]
    return phrase
