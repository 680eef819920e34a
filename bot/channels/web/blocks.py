"""Markdown that grows: renders only what can still change."""

from __future__ import annotations

from web.markdown import render_blocks

# An unfinished block of more characters than this is rendered again only after it has grown by
# `GROWTH` of itself, so that a long one costs some renderings and not one for every word.
LONG = 8_000
GROWTH = 1 / 16


class GrowingMarkdown:
    """A text that grows, as a list of rendered top-level blocks of which only the last changes.

    Blocks are finished when a whole line after them belongs to another block, so that where a text
    is cut into deltas does not matter.
    """

    def __init__(self) -> None:
        self.finished: list[str] = []
        self._rest = ""
        self._tail: list[str] = []
        self._looked_at = 0  # characters of the rest that the tail shows

    def append(self, text: str) -> None:
        """Add text; it is looked at when somebody asks for the tail."""
        self._rest += text.replace("\r", "")

    def tail(self) -> list[str]:
        """Finish the blocks that are complete; those that may still change, rendered."""
        grown = len(self._rest) - self._looked_at
        if self._looked_at > LONG and grown < self._looked_at * GROWTH:
            return self._tail
        self._tail = self._render()
        self._looked_at = len(self._rest)
        return self._tail

    def _render(self) -> list[str]:
        blocks = render_blocks(self._rest)
        if not blocks:
            return []
        lines = self._rest.split("\n")  # as the parser does, for which other marks end no line
        has_whole_line = blocks[-1][0] < len(lines) - 1
        settled = len(blocks) - (1 if has_whole_line else 2)
        if settled > 0:
            self.finished += [html for _line, html in blocks[:settled]]
            self._rest = "\n".join(lines[blocks[settled][0] :])
        return [html for _line, html in blocks[max(0, settled) :]]
