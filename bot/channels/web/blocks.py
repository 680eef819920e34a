"""Markdown that grows: renders only what can still change."""

from __future__ import annotations

from web.markdown import render_blocks


class GrowingMarkdown:
    """A text that grows, as a list of rendered top-level blocks of which only the last changes.

    Blocks are finished when a whole line after them belongs to another block, so that where a text
    is cut into deltas does not matter.
    """

    def __init__(self) -> None:
        self.finished: list[str] = []
        self._rest = ""

    def append(self, text: str) -> None:
        """Add text and finish the blocks that it completes."""
        self._rest += text
        if "\n" in text:
            self._finish()

    def tail(self) -> list[str]:
        """The blocks that may still change, rendered."""
        return [html for _line, html in render_blocks(self._rest)]

    def _finish(self) -> None:
        whole_lines = self._rest[: self._rest.rindex("\n") + 1]
        blocks = render_blocks(whole_lines)
        if len(blocks) < 2:
            return
        last_line, _html = blocks[-1]
        self.finished += [html for _line, html in blocks[:-1]]
        self._rest = "".join(self._rest.splitlines(keepends=True)[last_line:])
