"""The data folder: one `up` a home, and what it tells the others."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.home import (
    BOT_ID,
    WORKER_ID,
    Home,
    HomeError,
    Running,
    new_bot_id,
    new_worker_id,
    with_parts,
)
from bot.settings import Secret, SettingsError, load

RUNNING = Running(
    pid=os.getpid(),
    database_url=Secret("sqlite:////somewhere/whimbrel.sqlite3"),
    redis_url="unix:///somewhere/valkey.sock?password=word",
    attachments_url="",
    http_url="http://127.0.0.1:8484",
)

HOLD = """
import sys
from collections.abc import Callable
from pathlib import Path
from bot.home import Home
with Home(Path(sys.argv[1])).lock():
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_the_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.prepare()
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700
    home.path.chmod(0o755)
    home.prepare()
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="WHIMBREL_HOME wants a folder to write to"):
        Home(tmp_path / "file" / "home").prepare()


def test_a_second_up_is_told_who_has_the_home(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "locked\n"
        told = rf"process {first.pid}\).*WHIMBREL_HOME"
        with pytest.raises(HomeError, match=told), Home(tmp_path).lock():
            pass
        first.communicate("")
    with Home(tmp_path).lock():
        pass


def test_a_killed_up_leaves_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as first:
        assert first.stdout is not None
        first.stdout.readline()
        first.kill()
    with Home(tmp_path).lock():
        pass


def test_what_runs_is_told_to_the_owner_only(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.lock():
        with home.announced(RUNNING):
            (file,) = tmp_path.glob("up.json")
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            assert Home(tmp_path).running() == RUNNING
        assert home.running() is None


def test_what_a_killed_up_left_behind_counts_for_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.lock(), home.announced(RUNNING):
        left = (tmp_path / "up.json").read_bytes()
    (tmp_path / "up.json").write_bytes(left)
    assert home.running() is None
    (tmp_path / "up.json").write_bytes(b"{half")
    assert home.running() is None


def test_parts_come_from_the_environment(tmp_path: Path) -> None:
    settings = load(
        {
            "WHIMBREL_HOME": str(tmp_path),
            "DATABASE_URL": "postgresql://db/whimbrel",
            "REDIS_URL": "redis://broker:6379/0",
        }
    )
    assert with_parts(settings) == settings


def test_parts_come_from_a_running_up(tmp_path: Path) -> None:
    settings = load({"WHIMBREL_HOME": str(tmp_path)})
    home = Home(tmp_path)
    with home.lock(), home.announced(RUNNING):
        found = with_parts(settings)
    assert found.storage.database_url == RUNNING.database_url
    assert found.storage.redis_url == RUNNING.redis_url
    assert "word" not in repr(found)


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "REDIS_URL and DATABASE_URL must be set"),
        ({"REDIS_URL": "redis://broker:6379/0"}, "^DATABASE_URL must be set"),
        ({"DATABASE_URL": "postgresql://db/whimbrel"}, "^REDIS_URL must be set"),
    ],
)
def test_missing_parts_are_named(environ: dict[str, str], missing: str, tmp_path: Path) -> None:
    settings = load({"WHIMBREL_HOME": str(tmp_path), **environ})
    with pytest.raises(SettingsError, match=missing):
        with_parts(settings)


@pytest.mark.parametrize(
    ("role", "variable", "new"),
    [("bot", BOT_ID, new_bot_id), ("worker", WORKER_ID, new_worker_id)],
)
def test_its_processes_have_one_name_in_all_their_lives(
    role: str,
    variable: str,
    new: Callable[[], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Home(tmp_path).lock():
        name = Home(tmp_path).name_of(role)
    with Home(tmp_path).lock():
        assert Home(tmp_path).name_of(role) == name
    assert new() != new()
    monkeypatch.setenv(variable, name)
    assert new() == name
