"""A proxy of HTTP: it refuses, delays and forgets calls the way overloaded servers do."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from tests.fakes.loopback import LoopbackServer

CHAT = re.compile(rb"(?:^|&)chat_id=(-?\d+)")
FATES = ("limited", "failed", "hanging", "forgotten")


@dataclass(slots=True)
class HttpWays:
    """What becomes of calls whose path matches `only`; the shares add up to at most 1.

    `limited` are answered 429 with a Retry-After drawn from `wait` (whole seconds), `failed` 502
    with a page of HTML, `hanging` never; of `forgotten` the answer is lost: the call is handed on,
    takes its effect, and the connection closes. Neither sees more than `most` calls in all.
    """

    only: str = ".*"
    limited: float = 0.0
    wait: tuple[int, int] = (1, 2)
    failed: float = 0.0
    hanging: float = 0.0
    forgotten: float = 0.0
    most: int = 10**9


class HttpProxy(LoopbackServer):
    """Hands requests on to an HTTP server on loopback. Open it with `async with`.

    `seen` counts what was done to calls; `early` those that came for a chat before the time was
    over for which it had asked, as Telegram's `retry_after`. `spent` is set when the ways have done
    to `most` calls what they do.
    """

    def __init__(self, host: str, port: int, *, seed: int = 1) -> None:
        super().__init__()
        self._target = (host, port)
        self._dice = Random(seed)
        self._waits: dict[bytes, float] = {}
        self.ways = HttpWays(most=0)
        self.seen: Counter[str] = Counter()
        self.early = 0
        self.spent = asyncio.Event()

    @property
    def url(self) -> str:
        """The root to call instead."""
        return f"http://127.0.0.1:{self.port}"

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                source, sink = await asyncio.open_connection(*self._target)
                try:
                    while await self._one_call(reader, writer, source, sink):
                        pass
                finally:
                    sink.transport.abort()
        finally:
            writer.transport.abort()

    async def _one_call(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
    ) -> bool:
        """Whether the connection may be used again."""
        head, body = await _request(reader)
        path = head.split(b" ", 2)[1].decode("latin-1")
        fate = self._fate(path, body)
        self.seen[fate] += 1
        if fate == "limited":
            _write(writer, *self._limited(body))
        elif fate == "failed":
            page = b"<html><h1>502 Bad Gateway</h1></html>"
            _write(writer, b"HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\n", page)
        elif fate == "hanging":
            await asyncio.Event().wait()
        else:
            sink.write(head + body)
            await sink.drain()
            if fate == "forgotten":
                await source.readuntil(b"\r\n\r\n")  # it has taken its effect
                return False
            await _relay(source, writer)
        await writer.drain()
        return True

    def _fate(self, path: str, body: bytes) -> str:
        chat = _chat(body)
        self.early += time.monotonic() < self._waits.get(chat, 0.0)
        ways = self.ways
        if ways.most <= 0 or not re.search(ways.only, path):
            return "passed"
        drawn = self._dice.random()
        for name in FATES:
            drawn -= getattr(ways, name)
            if drawn < 0:
                ways.most -= 1
                if ways.most == 0:
                    self.spent.set()
                return name
        return "passed"

    def _limited(self, body: bytes) -> tuple[bytes, bytes]:
        seconds = self._dice.randint(*self.ways.wait)
        if chat := _chat(body):
            until = time.monotonic() + seconds
            self._waits[chat] = max(until, self._waits.get(chat, 0.0))
        told = {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        }
        head = b"HTTP/1.1 429 Too Many Requests\r\ncontent-type: application/json\r\n"
        return head + b"retry-after: %d\r\n" % seconds, json.dumps(told).encode()


def _chat(body: bytes) -> bytes:
    found = CHAT.search(body)
    return found[1] if found else b""


async def _request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    return head, await _body(reader, head)


async def _relay(source: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An answer, piece by piece as it comes."""
    head = await source.readuntil(b"\r\n\r\n")
    writer.write(head)
    if b"transfer-encoding: chunked" not in head.lower():
        writer.write(await _body(source, head))
        return
    while True:
        line = await source.readuntil(b"\r\n")
        size = int(line, 16)
        writer.write(line + await source.readexactly(size + 2))
        await writer.drain()
        if size == 0:
            return


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return await reader.readexactly(int(found[1])) if found else b""


def _write(writer: asyncio.StreamWriter, head: bytes, body: bytes) -> None:
    writer.write(head + b"content-length: %d\r\n\r\n" % len(body) + body)
