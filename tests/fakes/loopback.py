"""A server on loopback of which every connection ends with it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Self


class LoopbackServer(ABC):
    """Listens on `port`, or on a free one where that is 0. Open it with `async with`;
    closed, it can be opened again on the same port."""

    def __init__(self, *, port: int = 0) -> None:
        self.port = port
        self._talks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            await self._talk(reader, writer)
        except asyncio.CancelledError:
            pass  # the server is being closed, and nothing waits for this connection
        finally:
            self._talks.discard(talk)
            writer.close()

    @property
    def open_connections(self) -> int:
        """How many clients are connected now."""
        return len(self._talks)

    @abstractmethod
    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end."""
