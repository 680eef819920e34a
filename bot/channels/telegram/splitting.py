"""Long answers in parts that break at paragraphs and keep code fences whole.

Everything is decided by the first `limit` units of what is left, so that the parts of a growing
text stay as they are but for the last one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")
SENTENCE_END = re.compile(r"[.!?。！？…][\"')\]»”]*\s+|[。！？]")
SPACE = re.compile(r"\s+")
ZERO_WIDTH_JOINER = "\u200d"
# Breaks earlier than this share of the limit make parts too short to be worth a nicer place.
EARLIEST = 1 / 3


class Fence(NamedTuple):
    """A code fence that is open: its marks, such as three backticks, and the words behind them."""

    marks: str
    info: str

    @property
    def opening(self) -> str:
        """The line that opens it again in the next part."""
        return f"{self.marks}{self.info}\n"


class Cut(NamedTuple):
    """Where a part ends, and the fence that has to be closed there and opened again."""

    at: int
    fence: Fence | None = None


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, as messengers count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """The Markdown in parts of at most `limit` UTF-16 units; no part is empty."""
    parts = []
    rest = text
    while utf16_length(rest) > limit:
        cut = _choose(rest, limit)
        part, rest = rest[: cut.at], rest[cut.at :]
        if cut.fence is None:
            rest = rest.lstrip("\n") if part.endswith("\n") else rest.lstrip()
        else:
            part = f"{part.rstrip()}\n{cut.fence.marks}"
            rest = cut.fence.opening + rest
        if part.strip():
            parts.append(part.rstrip())
    if rest.strip():
        parts.append(rest.rstrip())
    return parts


def _choose(text: str, limit: int) -> Cut:
    """The best place to break within the limit."""
    window = _prefix(text, limit)
    paragraph, line, fence, fence_start, line_in_fence = _scan(window, limit)
    if fence is not None:
        if fence_start > 0 and window[:fence_start].strip():
            return Cut(fence_start)
        return Cut(line_in_fence or _hard(text, limit - utf16_length(fence.marks) - 1), fence)
    earliest = int(len(window) * EARLIEST)
    for place in (paragraph, line):
        if place > earliest:
            return Cut(place)
    for breaks in (SENTENCE_END, SPACE):
        places = [found.end() for found in breaks.finditer(window, earliest)]
        # marks in the middle of a line must not come to stand where they open a fence
        places = [place for place in places if not FENCE.match(text, place)]
        if places:
            return Cut(places[-1])
    return Cut(_hard(text, limit))


def _scan(window: str, limit: int) -> tuple[int, int, Fence | None, int, int]:
    """The last paragraph break and line break outside of fences; the fence that is open at the end
    of the window, where it starts, and the last line break in it that leaves room to close it."""
    paragraph = line = fence_start = line_in_fence = position = units = 0
    fence: Fence | None = None
    for text_line in window.splitlines(keepends=True):
        if not text_line.endswith("\n"):
            found = FENCE.match(text_line)
            if fence is None and found and "`" not in found[2]:
                # the words behind the marks may still grow: the fence begins the next part
                return paragraph, line, Fence(found[1], ""), position, 0
            break
        found = FENCE.match(text_line)
        starts_at, position = position, position + len(text_line)
        units += utf16_length(text_line)
        if fence is not None:
            if found and not found[2].strip() and _closes(found[1], fence.marks):
                fence = None
                paragraph = line = position
            elif units + len(fence.marks) <= limit:
                line_in_fence = position
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence, fence_start, line_in_fence = Fence(found[1], found[2].rstrip()), starts_at, 0
        else:
            line = position
            if not text_line.strip():
                paragraph = position
    if fence is not None and line_in_fence <= fence_start + len(fence.opening):
        line_in_fence = 0
    return paragraph, line, fence, fence_start, line_in_fence


def _closes(marks: str, opening: str) -> bool:
    return marks[0] == opening[0] and len(marks) >= len(opening)


def _prefix(text: str, limit: int) -> str:
    """The longest beginning within the limit, in UTF-16 units."""
    window = text[:limit]
    while (excess := utf16_length(window) - limit) > 0:
        window = window[: len(window) - (excess + 1) // 2]
    return window


def _hard(text: str, limit: int) -> int:
    """A place between two characters as people see them, however bad it is otherwise."""
    end = len(_prefix(text, limit))
    place = end
    while 1 < place < len(text) and _sticks(text[place - 1], text[place]):
        place -= 1
    return place if place > 1 else end


def _sticks(before: str, after: str) -> bool:
    """Whether a character belongs to the one before it: accents, skin tones, joined emoji."""
    return (
        ZERO_WIDTH_JOINER in (before, after)
        or unicodedata.category(after) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )
