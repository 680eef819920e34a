"""Markdown as models write it, as text with entities that Telegram shows; no word is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyromark
from telegramify_markdown import RenderConfig, convert

from bot.channels.telegram.splitting import utf16_length

OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_MATH
)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
FOOTNOTE = re.compile(r"\[\^(?=[^\]\s]+\])")
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+", re.IGNORECASE)


class Rendered(NamedTuple):
    """What Telegram is sent; entities are counted in UTF-16 units."""

    text: str
    entities: list[dict[str, Any]]


def _config() -> RenderConfig:
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    for level in range(1, 7):
        setattr(symbols, f"heading_level_{level}", "")
    symbols.unordered_list_item = "•"
    return config


CONFIG = _config()


def render(markdown: str, *, limit: int) -> Rendered:
    """The Markdown as text and entities, or as it is where that would be longer than the limit."""
    source = (
        CONTROLS.sub("", markdown).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    text, entities = convert(_literal(source), config=CONFIG)
    if not text.strip() or utf16_length(text) > limit:
        return Rendered(source.strip() or "…", [])
    return Rendered(text, [entity.to_dict() for entity in entities if _is_safe(entity.to_dict())])


def _is_safe(entity: dict[str, Any]) -> bool:
    """Telegram refuses a whole message for the sake of one bad link."""
    return entity["type"] != "text_link" or bool(WEB_ADDRESS.match(entity["url"]))


def _literal(source: str) -> str:
    """The Markdown with HTML, footnotes and double bars as the words that the model meant.

    The converter would drop the first two and take the third for a spoiler: `List<String>`,
    `Dear <name>`, `a || b`.
    """
    while "<" in source and (spans := list(_html(source))):
        data = source.encode()
        for start, end in reversed(spans):
            data = data[:start] + data[start:end].replace(b"<", b"&lt;") + data[end:]
        source = data.decode()
    if "[^" not in source and "||" not in source:
        return source
    return "".join(
        piece if is_code else _without_surprises(piece) for piece, is_code in _pieces(source)
    )


def _without_surprises(words: str) -> str:
    lines = FOOTNOTE.sub(r"\\[^", words).split("\n")
    return "\n".join(
        line if line.lstrip().startswith("|") else line.replace("||", "&#124;&#124;")
        for line in lines
    )


def _html(source: str) -> Iterator[tuple[int, int]]:
    """Where HTML stands, in bytes."""
    for event, where in pyromark.events_with_range(source, options=OPTIONS):
        if isinstance(event, dict) and ("InlineHtml" in event or "Html" in event):
            yield where["start"], where["end"]


def _pieces(source: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces that are code or not."""
    data = source.encode()
    done = 0
    for event, where in pyromark.events_with_range(source, options=OPTIONS):
        if not isinstance(event, dict) or where["start"] < done:
            continue
        start = event.get("Start")
        if "Code" in event or (isinstance(start, dict) and "CodeBlock" in start):
            yield data[done : where["start"]].decode(), False
            yield data[where["start"] : where["end"]].decode(), True
            done = where["end"]
    yield data[done:].decode(), False
