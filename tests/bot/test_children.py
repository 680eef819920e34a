"""Processes that are kept running: started again, given up, stopped, never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from bot.children import Child, GaveUp
from tests.waiting import eventually

FOREVER = "import signal, sys; print(flush=True); signal.pause()"
STUBBORN = (
    "import pathlib, signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "pathlib.Path(sys.argv[1]).touch(); "
    "[signal.pause() for _ in iter(int, 1)]"
)
COUNTING = """
import os, pathlib, signal, sys
with open(sys.argv[1], "a") as file:
    print(os.getpid(), file=file)
signal.pause()
"""
ENDING = "import sys; sys.exit(int(sys.argv[1]))"

PARENT = """
import asyncio, sys
from bot.children import Child
code = '''
import os, pathlib, signal, sys
from bot.signals import die_with_parent
die_with_parent()
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
signal.pause()
'''
child = Child("test", environ={}, command=(sys.executable, "-c", code, sys.argv[1]))
asyncio.run(child.keep_running())
"""


def child(code: str, *arguments: object, tries: int = 6) -> Child:
    command = (sys.executable, "-c", code, *map(str, arguments))
    return Child("test", environ={}, command=command, tries=tries)


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return b") Z" not in Path(f"/proc/{pid}/stat").read_bytes()


async def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    kept = child(COUNTING, file)
    keeping = asyncio.create_task(kept.keep_running())
    for lives in (1, 2, 3):
        await eventually(partial(number_is, file, lives))
        if lives < 3:
            os.kill(pids(file)[-1], signal.SIGKILL)
    await kept.stop(seconds=5)
    await keeping
    assert not any(alive(pid) for pid in pids(file))
    assert len(pids(file)) == 3


async def number_is(file: Path, number: int) -> bool:
    return len(pids(file)) == number


async def test_a_wrong_setting_is_given_up_at_once() -> None:
    with pytest.raises(GaveUp) as caught:
        await child(ENDING, 2).keep_running()
    assert caught.value.status == 2


async def test_a_process_that_never_stays_up_is_given_up() -> None:
    with pytest.raises(GaveUp, match="2 times in a row") as caught:
        await child(ENDING, 1, tries=2).keep_running()
    assert caught.value.status == 1


async def test_one_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    kept = child(STUBBORN, ready)
    keeping = asyncio.create_task(kept.keep_running())
    await eventually(lambda: asyncio.to_thread(ready.exists))
    await asyncio.wait_for(kept.stop(seconds=0.1), 30)
    await asyncio.wait_for(keeping, 30)


async def test_stopping_before_the_next_start_does_not_wait() -> None:
    kept = child(ENDING, 1)
    keeping = asyncio.create_task(kept.keep_running())
    await asyncio.sleep(0)
    await kept.stop(seconds=5)
    await asyncio.wait_for(keeping, 30)


async def test_children_die_with_a_killed_parent(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, str(file))
    await eventually(lambda: number_is(file, 1))
    (pid,) = pids(file)
    assert alive(pid)
    parent.kill()
    await parent.wait()

    async def gone() -> bool:
        return not alive(pid)

    await eventually(gone)


def test_a_child_that_starts_after_its_parent_died_ends_itself() -> None:
    code = "from bot.signals import die_with_parent; die_with_parent(); print('lived on')"
    environ = {**os.environ, "WHIMBREL_PARENT": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
