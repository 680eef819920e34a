"""A small HTTP/1.1 server on asyncio: keep-alive, chunked bodies, and rude ways to hang up.

Written out because a call must cost little where a benchmark shares its cores with the fake.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import NamedTuple, cast
from urllib.parse import unquote

from tests.fakes.telegram.errors import Hangup


class Request(NamedTuple):
    """One request, its header names in lower case."""

    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Response(NamedTuple):
    """One answer."""

    status: int
    body: bytes
    content_type: str = "application/json"

    def encode(self) -> bytes:
        """The bytes on the wire."""
        return (
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n"
            f"Content-Type: {self.content_type}\r\n"
            f"Content-Length: {len(self.body)}\r\n"
            "Connection: keep-alive\r\n\r\n"
        ).encode() + self.body


Later = Callable[[], Awaitable[Response]]
Handler = Callable[[Request], Response | Later]


class HttpServer:
    """Listens on loopback; a handler that answers at once costs no task."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.tasks: set[asyncio.Task[None]] = set()
        self.connections: set[Connection] = set()
        self._server: asyncio.Server | None = None

    async def listen(self, port: int = 0) -> int:
        """Start to listen and return the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), "127.0.0.1", port)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def close(self) -> None:
        """Stop to listen and drop every connection, answered or not."""
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in list(self.connections):
            connection.hang_up()
        for _ in range(3):  # lets both ends notice, where a client is in the same loop
            await asyncio.sleep(0)


class Connection(asyncio.Protocol):
    """One client. Requests are answered one after the other."""

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._buffer = bytearray()
        self._busy = False
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self._transport = None
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._busy:
            self._answer_next()

    def hang_up(self) -> None:
        """Close without another word."""
        if self._transport is not None:
            self._transport.abort()

    def _answer_next(self) -> None:
        while not self._busy and (request := self._take_request()) is not None:
            try:
                answer = self._server.handler(request)
            except Hangup:
                self.hang_up()
                return
            if isinstance(answer, Response):
                self._write(answer)
            else:
                self._busy = True
                self._task = asyncio.ensure_future(self._answer_later(answer))
                self._server.tasks.add(self._task)
                self._task.add_done_callback(self._server.tasks.discard)

    async def _answer_later(self, answer: Later) -> None:
        try:
            self._write(await answer())
        except Hangup:
            self.hang_up()
            return
        self._busy = False
        self._task = None
        self._answer_next()

    def _write(self, response: Response) -> None:
        if self._transport is not None:
            self._transport.write(response.encode())

    def _take_request(self) -> Request | None:
        """The next whole request in the buffer, or None where more bytes are needed."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding", "").lower() == "chunked":
            taken = _dechunk(self._buffer, end + 4)
        else:
            stop = end + 4 + int(headers.get("content-length", 0))
            taken = (
                (bytes(self._buffer[end + 4 : stop]), stop) if len(self._buffer) >= stop else None
            )
        if taken is None:
            return None
        body, stop = taken
        del self._buffer[:stop]
        path, _, query = first.split(" ")[1].partition("?")
        return Request(unquote(path), query, headers, body)


def _dechunk(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    """A chunked body and where it ends, or None where more bytes are needed."""
    body = bytearray()
    while True:
        line_end = buffer.find(b"\r\n", start)
        if line_end < 0:
            return None
        size = int(buffer[start:line_end].split(b";")[0], 16)
        start = line_end + 2
        if len(buffer) < start + size + 2:
            return None
        if size == 0:
            return bytes(body), start + 2
        body += buffer[start : start + size]
        start += size + 2
