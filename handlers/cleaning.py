"""Words from outside, made fit to be stored, shown and read by a model."""

from __future__ import annotations

import unicodedata

# Control characters but for newline and tab. Direction marks and joiners are text and stay.
CONTROLS = {
    code: None
    for code in range(0xA0)
    if unicodedata.category(chr(code)) == "Cc" and chr(code) not in "\n\t"
}
UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})  # controls, marks of format, blanks
MAX_NAME = 64


def clean(text: str) -> str:
    """The text with newlines as \\n and without control characters and outer blanks; nothing
    where none of it can be seen.

    Halves of surrogate pairs, which UTF-8 cannot hold, are joined or replaced by U+FFFD."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.translate(CONTROLS).strip()
    return text if any(unicodedata.category(each) not in UNSEEN for each in text) else ""


def printable(text: str) -> str:
    """The text without control characters, with which it could steer a terminal."""
    return "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
    )


def clean_name(name: str, *, longest: int = MAX_NAME) -> str:
    """A name on one line, at most `longest` characters."""
    return " ".join(clean(name).split())[:longest]
