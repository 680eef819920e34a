"""The private Valkey server of one home: from a wheel, on a unix socket, gone with its parent."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self


class PrivateValkey:
    """A Valkey server for this home only. Open it with `async with`, or `start` and `stop` it."""

    def __init__(self, home: Path) -> None:
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where Redis clients find it. Holds the password: not for logs."""
        raise NotImplementedError

    @staticmethod
    async def running_url(home: Path) -> str | None:
        """The url of the server that another process runs in this home, or None."""
        raise NotImplementedError

    async def start(self) -> None:
        """Start the server on what it had stored, and wait until it answers.

        Raises BrokerBinaryMissing, BrokerInUse where this home already runs one, and
        BrokerUnavailable with the end of its log where it does not come up.
        """
        raise NotImplementedError

    async def stop(self) -> None:
        """Stop the server after it has written everything to disk; harmless when repeated."""
        raise NotImplementedError

    async def keep_running(self) -> None:
        """Start it again whenever it dies, until cancelled."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError
