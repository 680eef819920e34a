"""The proxies, with clients that we did not write."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import httpx2
import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from tests.fakes.proxy import HttpProxy, HttpWays, TcpProxy
from tests.fakes.telegram import FakeTelegram


@pytest.fixture
async def redis_proxy(redis_server: str) -> AsyncIterator[TcpProxy]:
    """A proxy before a Redis that lives on a socket."""
    async with TcpProxy(urlsplit(redis_server).path) as proxy:
        yield proxy


def client(proxy: TcpProxy, *, timeout: float | None = None) -> Redis:
    return Redis(
        host="127.0.0.1", port=proxy.port, retry=Retry(NoBackoff(), 0), socket_timeout=timeout
    )


async def test_redis_is_reached_through_it(redis_proxy: TcpProxy) -> None:
    async with client(redis_proxy) as redis:
        await redis.set("a", b"x" * 200_000)
        assert await redis.strlen("a") == len(await redis.get("a") or b"") == 200_000


async def test_what_is_cut_refused_and_silent_is_seen_as_such(redis_proxy: TcpProxy) -> None:
    async with client(redis_proxy, timeout=0.3) as redis:
        await redis.ping()
        redis_proxy.goes_down()
        with pytest.raises(RedisConnectionError):
            await redis.ping()
        redis_proxy.comes_back()
        await redis.ping()
        redis_proxy.silent = True
        with pytest.raises(RedisTimeoutError):
            await redis.ping()


async def test_an_answer_is_cut_after_so_many_bytes(redis_proxy: TcpProxy) -> None:
    async with client(redis_proxy) as redis:
        await redis.set("a", b"x" * 1000)
        redis_proxy.answers_left = 100
        with pytest.raises(RedisConnectionError):
            await redis.get("a")


async def test_every_piece_takes_its_time(redis_proxy: TcpProxy) -> None:
    async with client(redis_proxy) as redis:
        await redis.ping()
        redis_proxy.delay = 0.1
        began = time.monotonic()
        await redis.ping()
        assert time.monotonic() - began >= 0.2


async def test_postgresql_is_reached_through_it(postgres_server: str) -> None:
    parts = urlsplit(postgres_server.format("postgres"))
    folder = parts.query.removeprefix("host=")
    async with TcpProxy(f"{folder}/.s.PGSQL.5432") as proxy:
        connection = await asyncpg.connect(
            host="127.0.0.1", port=proxy.port, user=parts.username, database="postgres", ssl=False
        )
        assert await connection.fetchval("SELECT 6 * 7") == 42
        proxy.cut()
        with pytest.raises((asyncpg.PostgresConnectionError, OSError)):
            await connection.fetchval("SELECT 1")


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """A messenger with one person."""
    async with FakeTelegram(limits=False) as fake:
        yield fake


async def send(proxy: HttpProxy, telegram: FakeTelegram, chat: int) -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=1) as http:
        data = {"chat_id": chat, "text": "hello"}
        return await http.post(f"{proxy.url}/bot{telegram.token}/sendMessage", data=data)


async def test_a_call_is_limited_and_one_that_does_not_wait_is_counted(
    telegram: FakeTelegram,
) -> None:
    anna = telegram.person()
    async with HttpProxy("127.0.0.1", telegram.port) as proxy:
        assert (await send(proxy, telegram, anna.id)).json()["ok"]
        proxy.ways = HttpWays(only="sendMessage", limited=1, wait=(30, 30), most=1)
        refused = await send(proxy, telegram, anna.id)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
        assert refused.json()["parameters"] == {"retry_after": 30}
        assert proxy.early == 0
        await send(proxy, telegram, anna.id)
        assert proxy.early == 1
        assert len(anna.chat.from_bot) == 2


async def test_failed_hanging_and_forgotten_calls(telegram: FakeTelegram) -> None:
    anna = telegram.person()
    async with HttpProxy("127.0.0.1", telegram.port) as proxy:
        proxy.ways = HttpWays(failed=1, most=1)
        assert (await send(proxy, telegram, anna.id)).status_code == 502
        proxy.ways = HttpWays(hanging=1, most=1)
        with pytest.raises(httpx2.ReadTimeout):
            await send(proxy, telegram, anna.id)
        assert anna.chat.from_bot == []
        proxy.ways = HttpWays(forgotten=1, most=1)
        with pytest.raises(httpx2.RemoteProtocolError):
            await send(proxy, telegram, anna.id)
        await anna.chat.shows("hello")
        assert proxy.seen == {"failed": 1, "hanging": 1, "forgotten": 1}


async def test_the_same_seed_does_the_same(telegram: FakeTelegram) -> None:
    fates = []
    for _ in range(2):
        async with HttpProxy("127.0.0.1", telegram.port, seed=5) as proxy:
            proxy.ways = HttpWays(failed=0.5)
            anna = telegram.person()
            answers = await asyncio.gather(*(send(proxy, telegram, anna.id) for _ in range(1)))
            more = [await send(proxy, telegram, anna.id) for _ in range(15)]
            fates.append([each.status_code for each in (*answers, *more)])
    assert fates[0] == fates[1]
    assert set(fates[0]) == {200, 502}
