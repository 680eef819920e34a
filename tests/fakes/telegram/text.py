"""Text as Telegram counts and checks it: UTF-16 units, entities, HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from tests.fakes.telegram.errors import ApiError, bad_request

Entity = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100

ENTITY_TYPES = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    }
)
HTML_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
LINK = re.compile(r"https?://\S+|\b[\w-]+\.(?:com|org|net|de|io|dev)\b", re.IGNORECASE)


def utf16_length(text: str) -> int:
    """The length in UTF-16 units, as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def formatted(
    text: str, *, entities: list[Entity] | None, parse_mode: str | None
) -> tuple[str, list[Entity]]:
    """The text as it will stand in the chat, and its checked entities."""
    found = list(entities or [])
    if parse_mode:
        if parse_mode.lower() != "html":
            raise ApiError(501, f"the fake Telegram does not know parse_mode {parse_mode}")
        text, found = _parse_html(text)
    _check_entities(text, found)
    return _trimmed(text, found[:MAX_ENTITIES])


def _check_entities(text: str, entities: list[Entity]) -> None:
    units = text.encode("utf-16-le", "surrogatepass")
    length = len(units) // 2
    for entity in entities:
        offset, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] not in ENTITY_TYPES:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if offset < 0 or offset > length:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if entity["length"] < 0 or end > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} "
                f"ends after the end of the text at UTF-16 offset {end}"
            )
        if _in_a_pair(units, offset):
            raise bad_request(
                f"entity begins in a middle of a UTF-16 symbol at byte offset {offset}"
            )
        if _in_a_pair(units, end):
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} "
                f"ends in a middle of a UTF-16 symbol at byte offset {end}"
            )


def _in_a_pair(units: bytes, offset: int) -> bool:
    """Whether the unit at this offset is the second half of a surrogate pair."""
    return offset * 2 < len(units) and 0xDC <= units[offset * 2 + 1] < 0xE0


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram cuts white space at both ends, and entities with it."""
    stripped = text.strip()
    if stripped == text:
        return text, entities
    shift = utf16_length(text) - utf16_length(text.lstrip())
    length = utf16_length(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, length)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return stripped, kept


def _parse_html(text: str) -> tuple[str, list[Entity]]:
    parser = _Html()
    parser.feed(text)
    parser.close()
    if parser.open:
        tag = parser.open[-1][0]
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\""
        )
    return parser.text, sorted(parser.entities, key=lambda entity: entity["offset"])


class _Html(HTMLParser):
    """The tags of Telegram's HTML mode that people use most."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.entities: list[Entity] = []
        self.open: list[tuple[str, Entity]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HTML_TAGS:
            raise bad_request(
                f'can\'t parse entities: Unsupported start tag "{tag}" '
                f"at byte offset {self.getpos()[1]}"
            )
        entity: Entity = {"type": HTML_TAGS[tag], "offset": utf16_length(self.text), "length": 0}
        if tag == "a":
            entity["url"] = dict(attrs).get("href") or ""
        self.open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad_request(
                f"can't parse entities: Unexpected end tag at byte offset {self.getpos()[1]}"
            )
        _, entity = self.open.pop()
        entity["length"] = utf16_length(self.text) - entity["offset"]
        if entity["length"]:
            self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data


def has_link(text: str, entities: list[Entity]) -> bool:
    """Whether Telegram would look for something to preview."""
    return bool(LINK.search(text)) or any(entity["type"] == "text_link" for entity in entities)


def commands_in(text: str) -> list[Entity]:
    """The entity of a command at the beginning, which Telegram adds to what people write."""
    found = re.match(r"/[A-Za-z0-9_]{1,32}(@\w+)?", text)
    if not found:
        return []
    return [{"type": "bot_command", "offset": 0, "length": found.end()}]
