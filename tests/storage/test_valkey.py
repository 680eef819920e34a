"""The private Valkey: alone, closed to others, on its data again after anything, never orphaned."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis

from chat.turns import TurnDelta, TurnHint, TurnResult, TurnState
from storage.broker import Broker
from storage.errors import BrokerBinaryMissing, BrokerInUse, BrokerUnavailable
from storage.valkey import PrivateValkey
from tests.waiting import eventually

# Starts a private Valkey, says so, and waits to be killed.
OWNER = """
import asyncio, sys
from pathlib import Path
from storage.valkey import PrivateValkey

async def main():
    async with PrivateValkey(Path(sys.argv[1])) as valkey:
        print(valkey.pid, valkey._watchdog.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
async def valkey(tmp_path: Path) -> AsyncIterator[PrivateValkey]:
    async with PrivateValkey(tmp_path) as valkey:
        yield valkey


@asynccontextmanager
async def owner(home: Path) -> AsyncIterator[tuple[Process, int, int]]:
    """A process that owns a server: the process, and the ids of server and watchdog."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OWNER, home, stdout=PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    try:
        server, watchdog = (await process.stdout.readline()).split()
        yield process, int(server), int(watchdog)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def is_gone(pid: int) -> bool:
    return has_ended(pid)


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def command_lines() -> list[bytes]:
    """Those of every process, with its environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            found.append((process / "cmdline").read_bytes() + (process / "environ").read_bytes())
    return found


async def take(broker: Broker) -> list[TurnHint]:
    return await broker.hints("one", count=10, block=0)


async def test_it_is_reached_by_its_url_and_not_without_the_password(
    valkey: PrivateValkey,
) -> None:
    async with Broker.from_url(valkey.url) as broker:
        await broker.ping()
    async with Broker.from_url(valkey.url.split("?")[0]) as stranger:
        with pytest.raises(BrokerUnavailable):
            await stranger.ping()


async def test_it_listens_on_its_socket_only_and_loses_nothing_on_purpose(
    valkey: PrivateValkey,
) -> None:
    async with Redis.from_url(valkey.url, decode_responses=True) as redis:
        assert (await redis.config_get("port"))["port"] == "0"
        assert (await redis.config_get("appendonly"))["appendonly"] == "yes"
        assert (await redis.config_get("appendfsync"))["appendfsync"] == "everysec"
        assert (await redis.config_get("maxmemory-policy"))["maxmemory-policy"] == "noeviction"


async def test_nobody_else_can_read_its_files(valkey: PrivateValkey, tmp_path: Path) -> None:
    folder = tmp_path / "broker"

    assert folder.stat().st_mode & 0o777 == 0o700
    for name in ("password", "url", "valkey.conf", "valkey.sock"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600, name


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_the_password_is_in_no_process_list(valkey: PrivateValkey, tmp_path: Path) -> None:
    password = (tmp_path / "broker" / "password").read_bytes()

    lines = command_lines()
    assert any(str(tmp_path).encode() in line for line in lines)
    assert not any(password in line for line in lines)


async def test_a_second_one_is_refused_while_the_first_goes_on(
    valkey: PrivateValkey, tmp_path: Path
) -> None:
    with pytest.raises(BrokerInUse, match=str(tmp_path)):
        await PrivateValkey(tmp_path).start()

    async with Broker.from_url(valkey.url) as broker:
        await broker.ping()


async def test_another_process_is_refused_too(tmp_path: Path) -> None:
    async with owner(tmp_path):
        with pytest.raises(BrokerInUse):
            await PrivateValkey(tmp_path).start()


async def test_others_find_it_while_it_runs(tmp_path: Path) -> None:
    assert await PrivateValkey.running_url(tmp_path) is None
    async with PrivateValkey(tmp_path) as valkey:
        assert await PrivateValkey.running_url(tmp_path) == valkey.url
    assert await PrivateValkey.running_url(tmp_path) is None


async def test_it_starts_again_on_its_data(tmp_path: Path) -> None:
    async with PrivateValkey(tmp_path) as valkey, Broker.from_url(valkey.url) as broker:
        url = valkey.url
        await broker.hint([1, 2])
    async with PrivateValkey(tmp_path) as valkey, Broker.from_url(valkey.url) as broker:
        assert valkey.url == url
        assert await take(broker) == [TurnHint(1), TurnHint(2)]


async def test_killed_and_started_again_it_has_the_hints_that_it_took(
    valkey: PrivateValkey,
) -> None:
    assert valkey.pid is not None
    async with Broker.from_url(valkey.url) as broker:
        for conversation in range(200):
            await broker.hint([conversation])
        os.kill(valkey.pid, signal.SIGKILL)
        keeping = asyncio.create_task(valkey.keep_running())

        found = await broker.hints("one", count=1000, block=20)
        keeping.cancel()

    assert found == [TurnHint(conversation) for conversation in range(200)]


async def test_everybody_goes_on_when_it_is_killed_under_them(valkey: PrivateValkey) -> None:
    async with (
        Broker.from_url(valkey.url) as broker,
        broker.follower() as follower,
        asyncio.timeout(30),
    ):
        keeping = asyncio.create_task(valkey.keep_running())
        following = asyncio.create_task(collect(follower.follow(1, 1)))
        hinted = asyncio.create_task(broker.hints("one", count=1, block=20))
        for offset in range(3):
            await broker.write(TurnDelta(1, 1, offset, "x"))
            first = valkey.pid
            assert first is not None
            os.kill(first, signal.SIGKILL)
            await eventually(lambda gone=first: has_changed(valkey, gone))  # type: ignore[misc]
        await broker.write(TurnResult(1, 1, TurnState.ANSWERED, "xxx"))
        await broker.hint([9])

        assert await hinted == [TurnHint(9)]
        # Written and never waited for: what was not yet on disk may be lost, but not the end.
        assert (await following)[-1] == TurnResult(1, 1, TurnState.ANSWERED, "xxx")
        keeping.cancel()


async def has_changed(valkey: PrivateValkey, pid: int) -> bool:
    return valkey.pid != pid


async def collect(values: AsyncIterator[TurnDelta | TurnResult]) -> list[TurnDelta | TurnResult]:
    return [value async for value in values]


async def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    async with owner(tmp_path) as (process, server, watchdog):
        process.kill()
        await process.wait()

        await eventually(lambda: is_gone(server))
        await eventually(lambda: is_gone(watchdog))
    async with PrivateValkey(tmp_path) as valkey, Broker.from_url(valkey.url) as broker:
        await broker.ping()


async def test_one_that_lost_parent_and_watchdog_makes_room_for_the_next(tmp_path: Path) -> None:
    async with owner(tmp_path) as (process, server, watchdog):
        url = await PrivateValkey.running_url(tmp_path)
        assert url is not None
        async with Broker.from_url(url) as broker:
            await broker.hint([4])
        os.kill(watchdog, signal.SIGKILL)
        process.kill()
        await process.wait()
        assert not await is_gone(server)

        async with PrivateValkey(tmp_path) as valkey, Broker.from_url(valkey.url) as broker:
            assert valkey.pid != server
            assert await take(broker) == [TurnHint(4)]
        assert await is_gone(server)


async def test_nothing_is_left_running_after_it_was_stopped(tmp_path: Path) -> None:
    valkey = PrivateValkey(tmp_path)
    await valkey.start()
    pid = valkey.pid
    assert pid is not None
    await valkey.stop()
    await valkey.stop()

    assert await is_gone(pid)
    assert not (tmp_path / "broker" / "valkey.sock").exists()


@pytest.mark.parametrize("name", ["x" * 150, 'two words, "quoted" \\ and #1', "Wörter für 🐦"])
async def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    async with PrivateValkey(home) as valkey:
        url = await PrivateValkey.running_url(home)
        assert url == valkey.url
        async with Broker.from_url(valkey.url) as broker:
            await broker.ping()
    assert (home / "broker" / "appendonlydir").is_dir()


async def test_a_server_that_does_not_come_up_shows_its_log(tmp_path: Path) -> None:
    data = tmp_path / "broker" / "appendonlydir"
    data.mkdir(parents=True)
    (data / "appendonly.aof.manifest").write_text("this is no manifest\n")

    with pytest.raises(BrokerUnavailable, match="manifest"):
        await PrivateValkey(tmp_path).start()

    (data / "appendonly.aof.manifest").unlink()
    async with PrivateValkey(tmp_path):
        pass


async def test_a_platform_without_a_binary_is_told_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(BrokerBinaryMissing, match="REDIS_URL"):
        await PrivateValkey(tmp_path).start()
