"""What one written character stands for, and which characters stand for nothing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from disarm import normalize_confusables

# Marks laid over letters (as in struck-out or dripping text), and vowel signs that may be left out.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u0652\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# Blanks that are no spaces, soft hyphens, tatweel, variation selectors: nothing that one reads.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u0640\u180b\u180c\u180d\u180f")
# One letter to readers, several to computers; lists and texts are folded alike.
_SAME = str.maketrans(
    {"ı": "i", "ё": "е", "ґ": "г", "’": "'", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك"}
    | dict.fromkeys("أإآٱ", "ا")
)
# Whole scripts whose vowel signs are marks that belong to the word.
LETTERS = r"(?:[^\W_]|[\u0900-\u0963\u0966-\u109f])"
WORD = re.compile(LETTERS + "+")


def invisible(character: str) -> bool:
    """Whether nothing is shown for it: format characters, fillers, selectors, tags."""
    return (
        unicodedata.category(character) == "Cf"
        or character in _BLANKS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0000" <= character <= "\U000e0fff"
    )


@lru_cache(maxsize=1 << 16)
def fold(cluster: str) -> str:
    """What a character and the marks upon it stand for: NFKC, case folded, without junk."""
    if len(cluster) == 1 and invisible(cluster):
        return ""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    text = "".join(each for each in text if not invisible(each))
    return _MARKS.sub("", "".join(_plain(each) for each in text)).translate(_SAME)


def _plain(character: str) -> str:
    """Small capitals, letters in boxes and the like as ASCII; letters of alphabets as they are."""
    if character.isascii() or unicodedata.decomposition(character):
        return character
    if unicodedata.category(character) == "So" or unicodedata.name(character, "").startswith(
        "LATIN LETTER SMALL CAPITAL"
    ):
        return lookalike(character, script="latin")
    return character


@lru_cache(maxsize=1 << 14)
def lookalike(character: str, *, script: str) -> str:
    """The letter of this script ("latin" or "cyrillic") that it is drawn like, or itself.

    Source: Unicode TR39, as the disarm library carries it.
    """
    drawn = normalize_confusables(character, target_script=script)
    return drawn.lower() if len(drawn) == 1 and drawn.isalpha() else character
