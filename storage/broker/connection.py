"""The connections to Redis, what their errors mean, and how long to wait before the next try."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff, NoBackoff
from redis.exceptions import RedisError

from storage.broker.scripts import Scripts
from storage.errors import BrokerUnavailable

PREFIX = "whimbrel:"
LONGEST_BLOCK = 5.0  # seconds that one blocking read may take before it is repeated
ANSWER_TIMEOUT = 5.0  # seconds for everything else, and on top of that


class Connection:
    """Two clients of one server: `commands` answer at once, `blocking` may wait for data; `scripts`
    run by the first.

    Commands are sent again when their answer is lost, about two seconds long: whatever is sent
    through here has to be harmless when it happens twice. Blocking reads are repeated by their
    callers.
    """

    def __init__(self, url: str) -> None:
        self.commands = _client(url, Retry(ExponentialWithJitterBackoff(cap=0.5, base=0.02), 8))
        self.blocking = _client(url, Retry(NoBackoff(), 0))
        self.scripts = Scripts(self.commands, timeout=ANSWER_TIMEOUT)

    @property
    def database(self) -> int:
        """The number of the database: pub/sub channels are not apart from one to the next."""
        return int(self.commands.connection_pool.connection_kwargs.get("db") or 0)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.scripts.aclose()
        await self.commands.aclose()
        await self.blocking.aclose()


def _client(url: str, retry: Retry) -> Redis:
    # No socket_timeout: with one, redis-py sends under asyncio.wait_for, which before Python 3.12
    # swallows a cancellation that comes just as the sending is done. broker_errors has the timeout.
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=32,
        timeout=ANSWER_TIMEOUT,
        socket_timeout=None,
        socket_connect_timeout=ANSWER_TIMEOUT,
        retry=retry,
        protocol=2,
    )
    return Redis.from_pool(pool)


@asynccontextmanager
async def broker_errors(seconds: float = ANSWER_TIMEOUT) -> AsyncIterator[None]:
    """Raise whatever Redis or the way to it does wrong, or takes too long for, as
    BrokerUnavailable. `seconds` cover repeats, too.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except (RedisError, OSError) as error:
        message = f"the broker fails: {error or type(error).__name__}"
        raise BrokerUnavailable(message) from error


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: doubling from 50 ms to 2 s, jittered."""
    longest: float = min(2.0, 0.05 * 2 ** min(failures, 10))
    # a pause, no secret
    return random.uniform(longest / 2, longest)  # nosec B311
