"""Text that hides in text: encoded, turned round, or written in characters that nobody sees."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

MOST = 20  # encoded stretches of one text that are decoded
_TAG_FIRST, _TAG_LAST = "\U000e0020", "\U000e007e"
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]{2,8}")  # Scotland, Wales: tags are meant so
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff\u180e]{8,}")
_SPLIT = re.compile("(?<=[A-Za-z])[\u200b-\u200d\u2060-\u2064\ufeff\u00ad]+(?=[A-Za-z])")
_PERCENT = re.compile("%[0-9a-fA-F]{2}")
_UNICODE = re.compile(r"(?:\\u[0-9a-fA-F]{4}){6,}")
_TURNED = re.compile("[\u202d\u202e]")
# What English attacks are made of, turned round by 13 letters or backwards: the reason to decode.
_KEYS = ("instructions", "prompt", "ignore", "previous", "disregard", "restrictions", "system")
_ROT13 = tuple(codecs.encode(word, "rot13") for word in _KEYS)
_BACKWARDS = tuple(word[::-1] for word in _KEYS)


def hidden(text: str) -> Iterator[str]:
    """What is written in tag characters, which no font shows."""
    for match in _TAGS.finditer(_FLAG.sub("", text)):
        yield "".join(chr(ord(each) - 0xE0000) for each in match.group())


def smuggles(text: str) -> float:
    """How sure it is that something is hidden in invisible characters, between 0 and 1."""
    if text.isascii():
        return 0.0
    if sum(map(len, hidden(text))) >= 3 or _SELECTORS.search(text) or _ZERO_WIDTH.search(text):
        return 0.65
    if len(_SPLIT.findall(text)) >= 3:
        return 0.4
    return 0.3 if _TURNED.search(text) else 0.0


def decoded(text: str) -> Iterator[str]:
    """Texts that a text carries in an encoding; only those that read like text."""
    yield from hidden(text)
    for pattern, decode in _ENCODINGS:
        for number, match in enumerate(pattern.finditer(text)):
            if number == MOST:
                break
            if plain := _text(decode, match.group()):
                yield plain
    if len(_PERCENT.findall(text)) >= 6:
        yield unquote(text)
    for match in _UNICODE.finditer(text):
        yield match.group().encode().decode("unicode_escape", errors="replace")
    low = text.lower()
    if sum(word in low for word in _ROT13) >= 2:
        yield codecs.encode(text, "rot13")
    if sum(word in low for word in _BACKWARDS) >= 2:
        yield text[::-1]


def _text(decode: Callable[[str], bytes], encoded: str) -> str:
    """What it says, or nothing where it is no text."""
    try:
        plain = decode(encoded).decode("utf-8")
    except (ValueError, binascii.Error):
        return ""
    readable = sum(each.isalpha() or each.isspace() for each in plain)
    control = any(unicodedata.category(each) == "Cc" and not each.isspace() for each in plain)
    return "" if control or readable < 0.7 * len(plain) else plain


def _base64(encoded: str) -> bytes:
    bare = encoded.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    return base64.b64decode(bare[: len(bare) - (len(bare) % 4 == 1)] + "===")


def _base32(encoded: str) -> bytes:
    bare = encoded.rstrip("=")
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


def _hex(encoded: str) -> bytes:
    return bytes.fromhex("".join(re.findall("[0-9a-fA-F]{2}", encoded.replace("0x", ""))))


def _binary(encoded: str) -> bytes:
    return bytes(int(each, 2) for each in encoded.split())


_ENCODINGS: tuple[tuple[re.Pattern[str], Callable[[str], bytes]], ...] = (
    (re.compile(r"[A-Za-z0-9+/_-]{20,20000}={0,2}"), _base64),
    (re.compile(r"[A-Z2-7]{24,20000}={0,6}"), _base32),
    (re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ :,]?){10,10000}"), _hex),
    (re.compile(r"[01]{8}(?: [01]{8}){4,5000}"), _binary),
)
