"""Looks through HTML that was made of somebody's words: nothing in it may run, load or deceive."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TEXT_TAGS = ["p", "br", "strong", "em", "s", "code", "pre", "blockquote", "hr", "a", "span", "div"]
LIST_TAGS = ["ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"]
TABLE_TAGS = ["table", "thead", "tbody", "tr", "th", "td"]
ALLOWED_TAGS = {*TEXT_TAGS, *LIST_TAGS, *TABLE_TAGS}
ALLOWED_ATTRIBUTES = {"href", "rel", "target", "class", "start", "tabindex"}


CLASS = re.compile(r"language-\S*|table|address|plain|align-(?:left|center|right)")
EMPTY_TAGS = {"br", "hr"}


class Inspector(HTMLParser):
    """Fails on anything that could run or load, or would end what it stands in; `text` is what
    people read."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED_TAGS, tag
        assert tag != "a" or "a" not in self.open, "a link in a link"
        if tag not in EMPTY_TAGS:
            self.open.append(tag)
        for name, value in attrs:
            assert name in ALLOWED_ATTRIBUTES, name
            if name == "href":
                assert (value or "").lower().startswith(("http://", "https://")), value
            if name == "class":
                assert CLASS.fullmatch(value or ""), value

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in EMPTY_TAGS, tag
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")


def inspect(html: str) -> str:
    """What people read of it."""
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    assert inspector.open == []
    return inspector.text
