"""Tells the open pages of a conversation to look again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from chat.turns import BrokerEvent, OutboundAdded


class Nudges:
    """Events by conversation. What other processes change is found by looking now and then."""

    def __init__(self) -> None:
        self._events: dict[int, set[asyncio.Event]] = defaultdict(set)
        self.closed = False

    @contextmanager
    def listen(self, conversation_id: int) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be something new."""
        event = asyncio.Event()
        self._events[conversation_id].add(event)
        try:
            yield event
        finally:
            self._events[conversation_id].discard(event)
            if not self._events[conversation_id]:
                del self._events[conversation_id]

    def nudge(self, conversation_id: int) -> None:
        """Something has changed in this conversation."""
        for event in self._events.get(conversation_id, ()):
            event.set()

    def close(self) -> None:
        """The server is ending: nobody is to wait any more."""
        self.closed = True
        for conversation_id in list(self._events):
            self.nudge(conversation_id)

    def hear(self, event: BrokerEvent) -> None:
        """Listener for TurnFeed.listen."""
        if isinstance(event, OutboundAdded):
            self.nudge(event.conversation_id)
