"""Texts as people type them: words filled in, names, dates, gibberish, slips of the finger."""

from random import Random

from models.fledgling.alternatives import chosen
from models.fledgling.talking import words

_BEFORE = (
    "please ", "Hey, ", "ok, ", "so ", "hm, ", "and ", "Hi, ", "Hello! ", "sorry, ", "Well, ",
    "now ", "quick question: ", "Excuse me, ", "One question: ", "Tell me, ", "Hi there! ", "um ",
    "Right, ", "I wonder: ", "Hello, ", "but ", "oh, ", "Good, ", "Can you say: ", "yo ",
)  # fmt: skip
_AFTER = (
    " please", " pls", " then", " thanks", " :)", " I wonder", " exactly", " 😊", " now", "!",
    " ??",
    " my friend", " for me", " thank you", " I cannot tell", " I am curious", " again", " bot",
    " 🤔", " do you know", " hm", " I ask myself", "...", " really", " in your view",
)  # fmt: skip


def a(noun: str) -> str:
    """The noun with the article that fits."""
    return f"an {noun}" if noun[0].lower() in "aeiou" else f"a {noun}"


def typed(rng: Random, phrase: str, *, slips: bool = True) -> str:
    """The phrase as people type it: one of its alternatives, case, punctuation, maybe slips.

    Slips are ruled out where another letter would make another question.
    """
    phrase = chosen(rng, phrase)
    kind = rng.random()
    if kind < 0.3:
        phrase = phrase.lower()
    elif kind < 0.33:
        phrase = phrase.upper()
    if rng.random() < 0.3 and len(phrase) > 3:
        phrase = phrase.rstrip("?.!")
    if rng.random() < 0.1:
        phrase = rng.choice(_BEFORE) + phrase
    if rng.random() < 0.06:
        phrase = phrase.rstrip(".") + rng.choice(_AFTER)
    if slips and rng.random() < 0.07 and len(phrase) > 8:
        place = rng.randrange(1, len(phrase) - 2)
        slip = phrase[place + 1] + phrase[place] if rng.random() < 0.5 else phrase[place]
        phrase = phrase[:place] + slip + phrase[place + 2 :]
    return phrase


def filled(rng: Random, phrase: str) -> str:
    """The phrase with its places taken by words, numbers, persons' names and gibberish."""
    while "{" in phrase:
        phrase = phrase.replace("{w}", rng.choice(words.WORDS), 1)
        phrase = phrase.replace("{n}", str(rng.randrange(10 ** rng.randint(1, 4))), 1)
        phrase = phrase.replace("{p}", rng.choice(words.NAMES), 1)
        phrase = phrase.replace("{g}", gibberish(rng), 1)
    return phrase


def gibberish(rng: Random) -> str:
    """Letters, signs, emoji or another script, without meaning (and without braces)."""
    kind = rng.random()
    if kind < 0.5:
        return "".join(rng.choices("abcdefghijklmnopqrstuvwxyzäöü", k=rng.randint(2, 9)))
    if kind < 0.6:
        return "".join(rng.choices("!#$%&/()=+*~;:_-<>", k=rng.randint(1, 6)))
    if kind < 0.7:
        return "".join(rng.choices("😂🤔🎉🚗🐶🌍🔥🍕😭💡🥳🙃", k=rng.randint(1, 4)))
    block = rng.choice((0x0400, 0x0600, 0x4E00, 0x3040, 0x0900, 0x0370, 0x05D0, 0xAC00))
    return "".join(chr(block + rng.randrange(16, 64)) for _ in range(rng.randint(2, 8)))


def name(rng: Random) -> str:
    """An assistant's name: often ours, otherwise known ones and ones never heard of."""
    kind = rng.random()
    if kind < 0.25:
        return "Whimbrel"
    if kind < 0.55:
        return rng.choice(words.NAMES)
    ending = rng.choice(("", "", "n", "s", "r", "x"))
    return ("".join(rng.choices(words.SYLLABLES, k=rng.randint(2, 3))) + ending).capitalize()


def date(rng: Random) -> str:
    """A date in one of the ways they are written, mostly as the product does it."""
    day, month, year = rng.randint(1, 28), rng.choice(words.MONTHS), rng.randint(2024, 2032)
    number = words.MONTHS.index(month) + 1
    usual = f"{day} {month} {year}"
    others = (
        f"{month} {day}, {year}",
        f"{year}-{number:02}-{day:02}",
        f"{day:02}.{number:02}.{year}",
    )
    return usual if rng.random() < 0.7 else rng.choice(others)
