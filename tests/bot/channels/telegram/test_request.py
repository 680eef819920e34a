"""The HTTP behind python-telegram-bot."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.channels.telegram.request import AiohttpRequest, proxy_of, tls_context


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_of("https://api.telegram.org") is None
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3128")
    monkeypatch.setenv("no_proxy", "localhost,.example.org")
    assert proxy_of("https://api.telegram.org") == "http://127.0.0.1:3128"
    assert proxy_of("http://api.telegram.org") is None
    assert proxy_of("https://bots.example.org") is None


def test_certificates_are_checked() -> None:
    context = tls_context()
    assert context.check_hostname
    assert context.get_ca_certs()


async def test_a_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[0])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(proxy, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        root = "http://bots.invalid"
        request = AiohttpRequest(root=root, connections=1, read_timeout=30)
        await request.initialize()
        assert await request.do_request(f"{root}/x", "POST", RequestData()) == (200, b"{}")
        await request.shutdown()
    assert asked == ["POST http://bots.invalid/x HTTP/1.1"]


async def test_an_answer_that_does_not_come() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        request = AiohttpRequest(root=url, connections=1, read_timeout=0.2)
        await request.initialize()
        with pytest.raises(TimedOut):
            await request.do_request(url, "POST")
        await request.shutdown()
    request = AiohttpRequest(root=url, connections=1, read_timeout=0.2)
    await request.initialize()
    with pytest.raises(NetworkError, match="ClientConnectorError"):
        await request.do_request(url, "POST")
    await request.shutdown()
