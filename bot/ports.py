"""Which port the web chat listens on, and whether anybody answers there."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from msgspec import structs

from bot.settings import Settings, SettingsError

USUAL = 8484
TRIED = 100


def with_port(settings: Settings) -> Settings:
    """The settings with a port that is free now: the one set by hand, else 8484 or the next free.

    Raises SettingsError.
    """
    port = choose_port(settings.web.http_host, settings.web.http_port)
    return structs.replace(settings, web=structs.replace(settings.web, http_port=port))


def choose_port(host: str, wanted: int | None) -> int:
    """A port of `host` that is free now. Raises SettingsError where there is none to be had."""
    if wanted is not None:
        _try_port(host, wanted)
        return wanted
    for port in range(USUAL, USUAL + TRIED):
        with suppress(SettingsError):
            _try_port(host, port)
            return port
    raise SettingsError(
        f"HTTP_PORT wants a free port: {USUAL} to {USUAL + TRIED - 1} are all taken"
    )


def _try_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
            attempt.listen(1)
        except socket.gaierror as error:
            raise SettingsError(
                f"HTTP_HOST wants an address of this machine, not {host!r}"
            ) from error
        except OSError as error:
            raise SettingsError(
                f"HTTP_PORT wants a free port: {port} on {host} is taken ({error.strerror})"
            ) from error


def local_url(settings: Settings) -> str:
    """Where a browser on this machine finds the web chat."""
    host = reachable_host(settings.web.http_host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.web.http_port or USUAL}"


def reachable_host(host: str) -> str:
    """The address to call for a server that listens on `host`."""
    # compared with, not listened on
    everywhere = "0.0.0.0"  # nosec B104
    return {everywhere: "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)


async def answers(host: str, port: int, path: str = "/healthz") -> bool:
    """Whether an HTTP server answers there with success, within a second."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection(reachable_host(host), port)
            try:
                lines = (
                    f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
                )
                writer.write(lines.encode())
                return (await reader.readline()).split()[1:2] == [b"200"]
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
