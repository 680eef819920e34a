"""A proxy of bytes: whatever is spoken on a connection, it can be slowed, cut, lost and refused."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from tests.fakes.loopback import LoopbackServer

CHUNK = 65536
Target = tuple[str, int] | str  # host and port, or the path of a socket


class TcpProxy(LoopbackServer):
    """Listens on a port of loopback and hands on to `target`. Open it with `async with`.

    Its ways can be changed at any time: `delay` is what every piece takes in either direction
    (seconds); `refuses` closes new connections at once; `silent` takes them, and everything that is
    sent on any of them, and answers nothing; `answers_left` lets so many bytes of answers through
    on all connections together, then cuts the connection that wants more.
    """

    def __init__(self, target: Target = "") -> None:
        super().__init__()
        self.target = target
        self.delay = 0.0
        self.refuses = False
        self.silent = False
        self.answers_left: int | None = None
        self.connections = 0
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()
        self.cut()
        await super().__aexit__(*exc)

    def cut(self) -> None:
        """Close every connection without a word."""
        for writer in list(self._writers):
            writer.transport.abort()

    def goes_down(self) -> None:
        """Cut everything, and let nobody in."""
        self.refuses = True
        self.cut()

    def comes_back(self) -> None:
        """Be as if nothing had been."""
        self.delay, self.refuses, self.silent, self.answers_left = 0.0, False, False, None

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not self.refuses:
                await self._connect(reader, writer)
        finally:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(OSError):
            source, sink = await self._open()
            self._writers |= {writer, sink}
            pumps = [
                asyncio.create_task(self._pump(reader, sink, answers=False)),
                asyncio.create_task(self._pump(source, writer, answers=True)),
            ]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
                self._writers -= {writer, sink}
                sink.transport.abort()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, str):
            return await asyncio.open_unix_connection(self.target)
        return await asyncio.open_connection(*self.target)

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        with suppress(OSError):
            while piece := await source.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if self.silent:
                    continue
                if answers and not self._may_answer(len(piece)):
                    return
                sink.write(piece)
                await sink.drain()

    def _may_answer(self, size: int) -> bool:
        if self.answers_left is None:
            return True
        self.answers_left -= size
        return self.answers_left >= 0
