"""The transcript as pieces of HTML, each under a key, so that a page can follow its changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from msgspec import Struct

from chat.messages import Speaker
from handlers.conversations import Entry, MessageEntry, NoticeEntry, TurnEntry
from web.markdown import render_markdown
from web.pages import Pages
from web.visits import Visit


class Piece(Struct, frozen=True):
    """One entry as HTML; `digest` changes with it."""

    key: str
    digest: str
    html: str


def keys_of(entries: Sequence[Entry]) -> list[str]:
    """A key for each entry; an answer has the key of the turn that it grew in."""
    answered = {
        entry.message.turn_id
        for entry in entries
        if isinstance(entry, MessageEntry) and entry.message.speaker is Speaker.ASSISTANT
    }
    return [_key(entry, answered) for entry in entries]


def _key(entry: Entry, answered: set[int | None]) -> str:
    match entry:
        case MessageEntry(message=message):
            if message.speaker is Speaker.ASSISTANT and message.turn_id is not None:
                return f"a{message.turn_id}"
            return f"m{message.id}"
        case NoticeEntry(row=row):
            return f"n{row.id}"
        case TurnEntry(turn=turn):
            return f"t{turn.id}" if turn.id in answered else f"a{turn.id}"


def pieces_of(pages: Pages, visit: Visit, entries: Sequence[Entry]) -> list[Piece]:
    """The transcript as HTML in the reader's language."""
    said = [entry for entry in entries if not isinstance(entry, NoticeEntry)]
    return [
        _piece(pages, visit, entry, key, last=entry is said[-1] if said else False)
        for entry, key in zip(entries, keys_of(entries), strict=True)
    ]


def _piece(pages: Pages, visit: Visit, entry: Entry, key: str, *, last: bool) -> Piece:
    match entry:
        case MessageEntry():
            template = "entry-message.html"
        case NoticeEntry():
            template = "entry-notice.html"
        case TurnEntry():
            template = "entry-turn.html"
    html = pages.render(visit, template, entry=entry, key=key, last=last, markdown=render_markdown)
    digest = hashlib.sha256(html.encode()).hexdigest()[:12]
    return Piece(key, digest, str(html))
