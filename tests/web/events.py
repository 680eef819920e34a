"""Reads server-sent events as a browser does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2


@dataclass(slots=True)
class Event:
    """One event of a stream."""

    name: str
    data: dict[str, Any]
    id: str


@asynccontextmanager
async def listening(
    client: httpx2.AsyncClient, conversation: int, *, last_id: str = ""
) -> AsyncIterator[AsyncIterator[Event]]:
    """The events of a conversation, from `last_id` on."""
    headers = {"accept": "text/event-stream"} | ({"last-event-id": last_id} if last_id else {})
    async with client.stream("GET", f"/c/{conversation}/events", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield events_of(response)


async def events_of(response: httpx2.Response) -> AsyncIterator[Event]:
    """The events of an answer, until it ends."""
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif fields.get("data"):
            yield Event(fields["event"], json.loads(fields["data"]), fields.get("id", ""))
            fields = {}


async def until(events: AsyncIterator[Event], name: str) -> Event:
    """The next event of a name."""
    async for event in events:
        if event.name == name:
            return event
    raise AssertionError(f"the stream ended without {name}")


def html_of(event: Event) -> str:
    """All HTML of an `entries` event."""
    return "\n".join(entry["html"] for entry in event.data["changed"])
