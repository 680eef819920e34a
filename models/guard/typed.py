"""What people typed, without what could pass for the frame that the guard reads it in.

Llama Guard's marks (`<END CONVERSATION>`, `User:`, the task itself) are ordinary words to the model
and no tokens of their own, so that nothing can forbid them by tokens. Their look-alikes are changed
here, in capitals or not, spread by spaces or unseen characters, in letters of other scripts. What
cannot be prevented: to *tell* the guard, in one's own words, that a conversation is over or that
all is safe. It is a language model, and its model card names such attacks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_OPEN, _CLOSE = "<‹«〈⟨《❮❬⧼˂ᐸ", ">›»〉⟩》❯❭⧽˃ᐳ"
# N and V fold into one: a capital Greek nu looks like the one, a small one like the other.
_LETTERS = {
    "a": "аαᴀ@4", "b": "вβ", "c": "сϲ", "e": "еεє3", "g": "ɡ", "h": "һн", "i": "іıι1l", "j": "ј",
    "k": "кκ", "m": "м", "n": "vѵνηп", "o": "оοσς0", "p": "рρ", "r": "гᴦ", "s": "ѕ5$", "t": "тτ7",
    "u": "υս", "x": "хχ", "y": "уγ",
}  # fmt: skip
_ALIKE = {
    **dict.fromkeys(_OPEN, "<"),
    **dict.fromkeys(_CLOSE, ">"),
    **{alike: letter for letter, others in _LETTERS.items() for alike in others},
    **dict.fromkeys("∶ː꞉︰", ":"),
    **dict.fromkeys("∣│ǀ┃❘", "|"),
}
_ENDS_LINE = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def _any(*words: str) -> str:
    """A pattern for any of these words as they look when folded."""
    return (
        "(?:" + "|".join("".join(_ALIKE.get(sign, sign) for sign in word) for word in words) + ")"
    )


_BEGINS = _any("begin", "end") + r"[^a-z<>]{0,6}" + _any("conversation", "unsafe", "categor")
_TAIL = r"[a-z]{0,24}[^a-z<>()\n\\]{0,6}"
_MARK = re.compile(rf"<+[^a-z<>]{{0,6}}{_BEGINS}(?:{_TAIL}>+)?|{_BEGINS}{_TAIL}>+")
_CONTROL = re.compile(r"<\|[^<>|\n]{0,60}(?:\|>)?|\|>")
# The template writes an end of line as two letters as well, a backslash and an n.
_LABEL = re.compile(
    r"(?:^|\n|\\n|\\r)[^a-z>\n\\]{0,6}("
    + _any("user", "agent", "assistant", "system", "human")
    + r")[^a-z0-9\n]{0,3}:"
)
_TASK = re.compile("(" + _any("task:checkif", "provideyoursafety", "firstlinemust") + ")")
_BRACKETS = str.maketrans(dict.fromkeys(_OPEN + "＜", "(") | dict.fromkeys(_CLOSE + "＞", ")"))


def harmless(text: str) -> str:
    """The text with every look-alike of the frame changed: brackets of marks become round ones,
    control tokens are parted, and labels at the beginning of lines are quoted by "> "."""
    folded = "".join(map(_look, text))
    if not any(pattern.search(folded) for pattern in (_MARK, _CONTROL, _LABEL, _TASK)):
        return text
    places = [place for place, sign in enumerate(text) for _ in _look(sign)]
    signs = list(text)
    for pattern in (_MARK, _CONTROL):
        for found in pattern.finditer(folded):
            for place in places[found.start() : found.end()]:
                changed = signs[place].translate(_BRACKETS)
                signs[place] = _part(changed) if pattern is _CONTROL else changed
    for pattern in (_LABEL, _TASK):
        for found in pattern.finditer(folded):
            place = places[found.start(1)]
            if not text[:place].endswith("> "):
                signs[place] = f"> {signs[place]}"
    return "".join(signs)


def _part(sign: str) -> str:
    return "/" if _look(sign) == "|" else sign


@lru_cache(maxsize=4096)
def _look(sign: str) -> str:
    """What a character looks like in small Latin letters; nothing where it is not seen."""
    if sign in _ENDS_LINE:
        return "\n"
    looks = unicodedata.normalize("NFKD", sign).casefold()
    return "".join(
        _ALIKE.get(each, each)
        for each in looks
        if not each.isspace() and unicodedata.category(each) not in ("Cf", "Mn", "Me", "Cc")
    )
