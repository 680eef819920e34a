"""A database full of talk, made at the first revision so that every migration finds it there."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection

from storage import migrate
from storage.backup.rows import Rows, tables_of

FIRST = "0001"
TURNS_EACH = 50  # of two messages, in one conversation
NOW = 1_700_000_000.0
WORDS = (
    "Hello",
    "",
    "naïve – “quotes” 'and' \"more\"",
    "日本語の文章です",
    "👩‍👩‍👧‍👦 🇩🇪 e\u0301",
    "مرحبا بالعالم",
    "\u202eright to left\u202c \ufeff\u2028",
    "back\\slash\r\nnew\tline",
    "\x01\x7f",
    "\U0010ffff",
)
Row = dict[str, Any]


def fill(url: str, messages: int, *, hashes: tuple[str, ...] = ()) -> None:
    """Migrate to the first revision and put so many messages, and what goes with them, there.

    `hashes` are SHA-256 of pictures, each of which the first messages show."""

    def work(connection: Connection) -> None:
        migrate.upgrade_within(connection, FIRST)
        tables = {rows.shape.name: rows for rows in tables_of(connection)}
        for name, rows in _everything(messages, hashes):
            _add(tables[name], rows)

    migrate.within(url, work)


def contents(url: str, names: dict[str, list[str]] | None = None) -> dict[str, tuple[int, str]]:
    """How many rows each table has and what they add up to, of these columns where given."""

    def work(connection: Connection) -> dict[str, tuple[int, str]]:
        found = {}
        for rows in tables_of(connection):
            name = rows.shape.name
            if names is not None and name not in names:
                continue
            if names is not None:
                kept = tuple(each for each in rows.shape.columns if each[0] in names[name])
                rows.shape = type(rows.shape)(name, kept)
            content = rows.content()
            found[name] = (content.rows, content.hex())
        return found

    return migrate.within(url, work)


def columns(url: str) -> dict[str, list[str]]:
    """The columns of every table."""
    return migrate.within(
        url,
        lambda at: {
            rows.shape.name: [name for name, _ in rows.shape.columns] for rows in tables_of(at)
        },
    )


def _add(rows: Rows, values: list[Row]) -> None:
    names = [name for name, _ in rows.shape.columns]
    for start in range(0, len(values), 1000):
        rows.add([tuple(each[name] for name in names) for each in values[start : start + 1000]])


def _everything(messages: int, hashes: tuple[str, ...]) -> Iterator[tuple[str, list[Row]]]:
    chance = random.Random(5)
    turns = messages // 2
    chats = max(1, turns // TURNS_EACH)
    yield "users", [_user(number, chance) for number in range(1, chats + 1)]
    yield "identities", [_identity(number) for number in range(1, chats + 1)]
    yield "conversations", [_conversation(number) for number in range(1, chats + 1)]
    yield "turns", [_turn(number, chats) for number in range(1, turns + 1)]
    yield "messages", [_message(number, chats, chance) for number in range(1, 2 * turns + 1)]
    yield "attachments", [_attachment(number, each) for number, each in enumerate(hashes, 1)]
    yield (
        "message_attachments",
        [
            {"message_id": 2 * number - 1, "attachment_id": number}
            for number in range(1, len(hashes) + 1)
        ],
    )
    yield "outbound", [_outbound(number, chats) for number in range(1, turns + 1)]
    yield "updates", [_update(number) for number in range(1, turns + 1)]
    yield (
        "flags",
        [{"id": 1, "conversation_id": 1, "message_id": None, "reason": "x", "created_at": NOW}],
    )
    yield "waits", [{"channel": "telegram", "account": "b", "chat": "", "until": math.inf}]
    yield "web_sessions", [_session(number) for number in range(1, 4)]
    yield "codes", [_code()]


def _hash(*of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()


def _chat(turn: int, chats: int) -> int:
    return (turn - 1) % chats + 1


def _user(number: int, chance: random.Random) -> Row:
    name = WORDS[number % len(WORDS)]
    role = "owner" if number == 1 else "member"
    times = {"created_at": NOW + chance.random()}
    return {"id": number, "name": name, "language": "en", "role": role, "access": "allowed"} | times


def _identity(number: int) -> Row:
    return {
        "id": number,
        "user_id": number,
        "channel": "telegram",
        "external_id": str(2**53 + number),
        "created_at": 0.1 + number,
    }


def _conversation(number: int) -> Row:
    return {
        "id": number,
        "channel": "telegram",
        "account": "b",
        "chat": str(number),
        "thread": "",
        "user_id": number,
        "title": WORDS[number % len(WORDS)],
        "revision": number * 3,
        "begun_turn": 0,
        "reachable": number % 7 != 0,
        "deleted": False,
        "created_at": 5e-324,
        "updated_at": 1.7976931348623157e308,
    }


def _turn(number: int, chats: int) -> Row:
    return {
        "id": number,
        "conversation_id": _chat(number, chats),
        "state": "answered",
        "attempt": 1,
        "crashes": 0,
        "reason": "",
        "finish_reason": "stop",
        "answer_id": 2 * number,
        "cancel_requested": False,
        "due_at": None,
        "not_before": 0.0,
        "postponed_since": None if number % 3 else NOW + number / 7,
        "worker_id": f"worker-{number % 2}",
        "lease_until": None,
        "pulled": False,
        "shown": True,
        "delivery_owner": None,
        "delivery_until": 0.0,
        "generation": 0,
        "prompt_tokens": 2**62 + number,
        "cached_tokens": -number,
        "generated_tokens": number,
        "created_at": NOW + number / 3,
        "asked_at": NOW + number / 3,
        "ended_at": NOW + number / 3 + 0.1,
    }


def _message(number: int, chats: int, chance: random.Random) -> Row:
    turn, asked = (number + 1) // 2, number % 2 == 1
    words = WORDS[number % len(WORDS)] + f" {chance.getrandbits(64):x}" * chance.randrange(1, 12)
    return {
        "id": number,
        "conversation_id": _chat(turn, chats),
        "turn_id": turn,
        "user_id": _chat(turn, chats) if asked else None,
        "speaker": "user" if asked else "assistant",
        "parts": '[{"type":"text","text":' + _quoted(words) + "}]",
        "platform_id": str(number) if asked else "",
        "sent_at": NOW + chance.random() if asked else None,
        "created_at": NOW + number / 9,
        "recorded_at": NOW + number / 9,
        "replaces_id": number - 2 if number % 1000 == 3 else None,
        "superseded": number % 1000 == 1,
        "erased": False,
    }


def _quoted(words: str) -> str:
    return msgspec.json.encode(words).decode()


def _attachment(number: int, sha256: str) -> Row:
    return {
        "id": number,
        "conversation_id": 1,
        "user_id": 1,
        "state": "ready",
        "source": "file-id",
        "name": "picture.png",
        "problem": "",
        "sha256": sha256,
        "media_type": "image/webp",
        "width": 640,
        "height": 480,
        "size": 1000,
        "tries": 1,
        "lease_owner": None,
        "lease_until": 0.0,
        "created_at": NOW,
    }


def _outbound(number: int, chats: int) -> Row:
    return {
        "id": number,
        "conversation_id": _chat(number, chats),
        "turn_id": number,
        "kind": "answer",
        "state": "sent",
        "generation": 0,
        "part": 0,
        "notice": None,
        "buttons": "[]",
        "text": "",
        "platform_id": str(number),
        "reply_to": "",
        "error": "",
        "tries": 1,
        "not_before": 0.0,
        "lease_owner": None,
        "lease_until": 0.0,
        "created_at": NOW + number,
    }


def _update(number: int) -> Row:
    kinds = {"channel": "telegram", "account": "b", "kind": "message"}
    return kinds | {"update_id": f"Ä{number}" if number % 2 else str(number), "seen_at": NOW}


def _session(number: int) -> Row:
    times = {"lifetime": 1e6, "seen_at": NOW, "created_at": NOW}
    return {"id": number, "user_id": 1, "hash": _hash("session", number)} | times


def _code() -> Row:
    return {
        "id": 1,
        "kind": "owner",
        "hash": _hash("code"),
        "user_id": None,
        "uses": 1,
        "wrong_tries": 0,
        "expires_at": None,
        "created_at": NOW,
    }
