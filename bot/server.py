"""The HTTP server of the bot process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from web.settings import WebSettings

GRACE = 3  # seconds for requests under way at the end; streams are resumed by browsers


class HttpServer(uvicorn.Server):
    """uvicorn without signal handlers of its own: the process decides when it ends."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        assert settings.http_port is not None
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.http_host,
                port=settings.http_port,
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_until_stopped(self) -> None:
        """Serve until `stop`. Raises OSError where the port is taken."""
        try:
            await self.serve()
        except SystemExit as error:  # uvicorn ends the process where it cannot listen
            raise OSError(f"port {self.config.port} on {self.config.host} is taken") from error

    def stop(self) -> None:
        """Take no more requests and let `run_until_stopped` return."""
        self.should_exit = True
