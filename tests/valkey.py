"""Real brokers for tests: one server of a kind for the whole run, emptied before each test."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from storage.broker import Broker
from storage.valkey import PrivateValkey


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The url of a private Valkey that lives as long as the run."""
    with tempfile.TemporaryDirectory(prefix="whimbrel-tests-") as home:
        valkey = PrivateValkey(Path(home))
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            runner.run(valkey.start())
            try:
                yield valkey.url
            finally:
                runner.run(valkey.stop())


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """The url of a redis-server as Debian packages it."""
    binary = shutil.which("redis-server")
    if binary is None:
        if os.environ.get("CI") == "true":
            pytest.fail("redis-server is not installed")
        pytest.skip("redis-server is not installed")
    with tempfile.TemporaryDirectory(prefix="whimbrel-tests-") as folder:
        socket = f"{folder}/redis.sock"
        command = [binary, "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", ""]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                _wait_for(f"unix://{socket}")
                yield f"unix://{socket}"
            finally:
                process.terminate()


@pytest.fixture
def valkey_url(valkey_server: str) -> str:
    """The url of a Valkey server with nothing in it."""
    return _emptied(valkey_server)


@pytest.fixture(params=["valkey_server", "redis_server"])
def any_broker_url(request: pytest.FixtureRequest) -> str:
    """The urls of the servers that we promise to work with, one after the other."""
    url: str = request.getfixturevalue(request.param)
    return _emptied(url)


@pytest.fixture
async def broker(valkey_url: str) -> AsyncIterator[Broker]:
    """A broker with nothing in it."""
    async with Broker.from_url(valkey_url) as broker:
        yield broker


def _emptied(url: str) -> str:
    with Redis.from_url(url) as redis:
        redis.flushall()
    return url


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 20
    with Redis.from_url(url) as redis:
        while True:
            try:
                redis.ping()
                return
            except RedisConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
