"""What gets printed: words, numbers and sums. A fifth of the words is held out from training."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from random import Random

_LONGEST = 8
_CONSONANTS, _VOWELS = "bcdfghjklmnpqrstvwxyz", "aeiou"


@lru_cache
def common_words() -> tuple[str, ...]:
    """Everyday words of 2 to 8 letters, in lower case."""
    return tuple(Path(__file__).with_name("words.txt").read_text().split())


def is_held_out(word: str) -> bool:
    """Whether a word, common or made up, is kept for evaluation, whatever its case."""
    return sha256(word.lower().encode()).digest()[0] % 5 == 0


def word(rng: Random, *, held_out: bool) -> str:
    """A word to print, often in capitals; one in three is made up."""
    made_up = rng.random() < 1 / 3
    while True:
        found = _made_up(rng) if made_up else rng.choice(common_words())
        if is_held_out(found) == held_out:
            break
    case = rng.random()
    if case < 0.5:
        return found.upper()
    return found.capitalize() if case > 0.82 else found


def number(rng: Random) -> str:
    """A number of one to four digits, each length as likely."""
    digits = rng.randint(1, 4)
    return str(rng.randint(0 if digits == 1 else 10 ** (digits - 1), 10**digits - 1))


def sum_of_two(rng: Random) -> str:
    """Such as "3 + 4" or "9 - 2", with a result from 0 to 20."""
    if rng.random() < 0.55:
        return f"{rng.randint(0, 10)} + {rng.randint(0, 10)}"
    first = rng.randint(0, 20)
    return f"{first} - {rng.randint(0, min(first, 10))}"


def result(sum_text: str) -> int:
    """What a sum as printed comes to."""
    first, sign, second = sum_text.split()
    return int(first) + int(second) if sign == "+" else int(first) - int(second)


def _made_up(rng: Random) -> str:
    length = rng.randint(2, _LONGEST)
    if rng.random() < 0.5:
        return "".join(rng.choice(_CONSONANTS + _VOWELS) for _ in range(length))
    start = rng.randrange(2)
    return "".join(rng.choice(_VOWELS if (i + start) % 2 else _CONSONANTS) for i in range(length))
