"""`whimbrel up` as a person runs it: a banner, processes that stay up, and an end that is clean."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import stat
import sys
from contextlib import suppress
from pathlib import Path

import httpx2
import psutil
import pytest

from bot.home import Home, Running
from tests.deployment.environments import clean_environ
from tests.deployment.processes import Running as Process
from tests.deployment.processes import free_port, started
from tests.waiting import eventually
from web.containers import has_own_network

UP = (sys.executable, "-P", "-m", "bot", "up")
PAIR = (sys.executable, "-P", "-m", "bot", "pair")
LINK = re.compile(r"http://127\.0\.0\.1:\d+/pair/[A-Za-z0-9_-]{20,}")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A home of its own and an endpoint that is down, so that no model has to be loaded."""
    return clean_environ(
        WHIMBREL_HOME=str(tmp_path / "home"),
        HTTP_PORT=str(free_port()),
        ENGINE_URL="http://127.0.0.1:9/v1",
        MODEL="none",
    )


async def run(command: tuple[str, ...], environ: dict[str, str], folder: Path) -> tuple[int, str]:
    """The exit status of a command and everything that it said."""
    async with started(command, environ, folder, name=command[-1]) as process:
        status = await asyncio.wait_for(process.process.wait(), 60)
        return status, process.said()


def family(pid: int) -> dict[str, psutil.Process]:
    """The processes that one has started, by what they are."""
    found = {}
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            line = " ".join(child.cmdline())
            for name in ("bot bot", "bot worker", "valkey-server"):
                if name in line and "watchdog" not in line:
                    found[name] = child
    return found


async def complete(up: Process) -> dict[str, psutil.Process]:
    """Wait until bot, worker and broker run, and the banner stands there."""
    await up.until_it_says("Ctrl-C stops it.")

    async def all_run() -> dict[str, psutil.Process] | None:
        found = family(up.process.pid)
        return found if len(found) == 3 else None

    found = await eventually(all_run, seconds=60)
    assert found is not None
    return found


def peak_memory(pid: int) -> int:
    """The most memory in bytes that a process has held since its start."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


async def gone(processes: dict[str, psutil.Process]) -> None:
    async def none_runs() -> bool:
        return not any(each.is_running() and each.status() != "zombie" for each in alive())

    def alive() -> list[psutil.Process]:
        return [each for each in processes.values() if psutil.pid_exists(each.pid)]

    await eventually(none_runs, seconds=30)


async def test_a_whole_life(environ: dict[str, str], tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    async with started(UP, environ, tmp_path, name="up") as up:
        processes = await complete(up)
        (link,) = LINK.findall(up.said())
        async with httpx2.AsyncClient() as client:  # the banner comes when the page is there
            assert (await client.get(link)).status_code == 200

        assert stat.S_IMODE((home.path / "up.json").stat().st_mode) == 0o600
        assert isinstance(home.running(), Running)

        status, said = await run(UP, environ | {"HTTP_PORT": ""}, tmp_path / "home")
        assert status == 2
        assert f"process {up.process.pid}" in said

        status, said = await run(PAIR, environ, tmp_path / "home")
        assert status == 0
        (fresh,) = LINK.findall(said)
        assert fresh != link

        assert peak_memory(processes["bot bot"].pid) < 200e6

        for name in ("bot bot", "bot worker", "valkey-server"):
            processes[name].kill()
        again = await eventually(lambda: started_again(up, processes), seconds=60)
        await up.until_it_serves(f"http://127.0.0.1:{environ['HTTP_PORT']}/healthz")

        assert await up.stop(signal.SIGINT) == 0, up.said()
        assert again is not None
        await gone(again)
    said = up.said()
    assert "Traceback" not in said
    assert link.rpartition("/")[2] not in said.replace(link, "")
    assert home.running() is None


async def started_again(
    up: Process, before: dict[str, psutil.Process]
) -> dict[str, psutil.Process] | None:
    up.still_runs()
    now = family(up.process.pid)
    new = [name for name in now if now[name].pid != before[name].pid]
    return now if len(new) == 3 else None


async def test_nothing_outlives_a_killed_up(environ: dict[str, str], tmp_path: Path) -> None:
    async with started(UP, environ, tmp_path, name="up") as up:
        processes = await complete(up)
        up.process.kill()
        await gone(processes)


async def test_a_second_signal_ends_it_at_once(environ: dict[str, str], tmp_path: Path) -> None:
    async with started(UP, environ, tmp_path, name="up") as up:
        processes = await complete(up)
        os.kill(processes["bot worker"].pid, signal.SIGSTOP)  # one that will not drain
        up.process.send_signal(signal.SIGTERM)
        await up.until_it_says("stopping")
        assert await up.stop(signal.SIGTERM, seconds=10) == 0
        await gone(processes)


async def test_a_taken_port_set_by_hand_is_said(environ: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", int(environ["HTTP_PORT"])))
        listener.listen()
        status, said = await run(UP, environ, tmp_path)
    assert status == 2
    assert f"HTTP_PORT wants a free port: {environ['HTTP_PORT']}" in said


async def test_a_model_that_is_not_there_ends_it(environ: dict[str, str], tmp_path: Path) -> None:
    without = environ | {"ENGINE_URL": "", "MODEL": str(tmp_path / "missing")}
    status, said = await run(UP, without, tmp_path)
    assert status == 2
    assert str(tmp_path / "missing") in said


@pytest.mark.parametrize(
    ("command", "setting", "value", "said"),
    [
        ("up", "HTTP_PORT", "http", "HTTP_PORT wants a whole number"),
        ("bot", "HTTP_PORT", "", "REDIS_URL and DATABASE_URL must be set"),
        ("worker", "HTTP_PORT", "", "REDIS_URL and DATABASE_URL must be set"),
        ("pair", "HTTP_PORT", "", "REDIS_URL and DATABASE_URL must be set"),
        ("up", "WHIMBREL_HOME", "/proc/whimbrel", "WHIMBREL_HOME wants a folder"),
    ],
)
async def test_what_is_wrong_is_named(
    command: str, setting: str, value: str, said: str, environ: dict[str, str], tmp_path: Path
) -> None:
    whole = (sys.executable, "-P", "-m", "bot", command)
    status, words = await run(whole, environ | {setting: value}, tmp_path)
    assert status == 2
    assert said in words
    assert "Traceback" not in words


async def test_it_listens_beyond_loopback_in_a_network_of_its_own_only(
    environ: dict[str, str], tmp_path: Path
) -> None:
    everywhere = environ | {"HTTP_HOST": "0.0.0.0"}
    if has_own_network():  # these tests may run in a container
        async with started(UP, everywhere, tmp_path, name="up") as up:
            await up.until_it_serves(f"http://127.0.0.1:{environ['HTTP_PORT']}/healthz")
            assert await up.stop() == 0, up.said()
    else:
        status, said = await run(UP, everywhere, tmp_path)
        assert status == 2
        assert "PUBLIC_URL" in said
