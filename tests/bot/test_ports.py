"""Ports: the one set by hand, or the next that is free."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.ports import answers, choose_port, local_url
from bot.settings import SettingsError, load


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_set_by_hand_is_an_error_that_names_it() -> None:
    with (
        taken() as port,
        pytest.raises(SettingsError, match=f"a free port: {port}"),
    ):
        choose_port("127.0.0.1", port)


def test_a_free_port_set_by_hand_is_taken() -> None:
    with taken() as port:
        pass
    assert choose_port("127.0.0.1", port) == port


def test_without_one_the_next_free_is_chosen() -> None:
    first = choose_port("127.0.0.1", None)
    assert first >= 8484
    with taken(first):
        assert choose_port("127.0.0.1", None) > first


def test_a_host_of_another_machine_is_named() -> None:
    with pytest.raises(SettingsError, match="HTTP_"):
        choose_port("192.0.2.1", None)
    with pytest.raises(SettingsError, match="HTTP_HOST wants an address of this machine"):
        choose_port("no such host", 8484)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000"),
        ("0.0.0.0", "http://127.0.0.1:9000"),
        ("::", "http://[::1]:9000"),
        ("localhost", "http://localhost:9000"),
    ],
)
def test_the_address_to_open_here(host: str, url: str) -> None:
    assert local_url(load({"HTTP_HOST": host, "HTTP_PORT": "9000"})) == url


@pytest.mark.parametrize(("status", "expected"), [(b"200 OK", True), (b"503 Not now", False)])
async def test_whether_a_server_answers(status: bytes, expected: bool) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 " + status + b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await answers("127.0.0.1", port) is expected
    assert await answers("127.0.0.1", port) is False
