"""The bot runs where torch is not installed, and the worker where python-telegram-bot is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from storage.broker import Broker
from tests.deployment.environments import clean_environ, make_environment
from tests.deployment.processes import free_port, started
from tests.waiting import eventually

ABSENT = """
import importlib.util, sys
present = [name for name in sys.argv[2:] if importlib.util.find_spec(name)]
assert not present, present
importlib.import_module(sys.argv[1])
"""


@pytest.fixture(scope="module")
def bot_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with what the bot needs."""
    return make_environment(tmp_path_factory.mktemp("bot") / "venv", {"bot"})


@pytest.fixture(scope="module")
def worker_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with what the worker needs."""
    return make_environment(tmp_path_factory.mktemp("worker") / "venv", {"worker"})


def import_there(python: Path, module: str, *absent: str) -> None:
    command = [str(python), "-P", "-c", "import importlib\n" + ABSENT, module, *absent]
    done = subprocess.run(
        command, env=clean_environ(), capture_output=True, text=True, check=False, timeout=110
    )
    assert done.returncode == 0, done.stderr


def test_the_bot_is_imported_without_the_workers_packages(bot_python: Path) -> None:
    workers = ("torch", "torchvision", "transformers", "accelerate", "tokenizers", "safetensors")
    import_there(bot_python, "bot.app", *workers, "pytest", "asyncpg")


def test_the_worker_is_imported_without_the_bots_packages(worker_python: Path) -> None:
    bots = ("telegram", "telegramify_markdown", "starlette", "uvicorn", "sse_starlette")
    import_there(worker_python, "bot.worker", *bots, "pytest", "asyncpg")


def settings_for(tmp_path: Path, valkey_url: str, **more: str) -> dict[str, str]:
    return clean_environ(
        WHIMBREL_HOME=str(tmp_path / "home"),
        DATABASE_URL=f"sqlite:///{tmp_path / 'whimbrel.sqlite3'}",
        REDIS_URL=valkey_url,
        **more,
    )


def migrate(python: Path, environ: dict[str, str]) -> None:
    command = [str(python), "-P", "-m", "bot", "migrate"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_the_bot_starts_and_stops_there(
    bot_python: Path, tmp_path: Path, valkey_url: str
) -> None:
    port = free_port()
    environ = settings_for(tmp_path, valkey_url, HTTP_PORT=str(port))
    migrate(bot_python, environ)
    command = (bot_python, "-P", "-m", "bot", "bot")
    async with started(command, environ, tmp_path, name="bot") as bot:
        await bot.until_it_serves(f"http://127.0.0.1:{port}/healthz")
        assert await bot.stop() == 0, bot.said()


async def test_the_worker_starts_and_stops_there(
    worker_python: Path, tmp_path: Path, valkey_url: str, broker: Broker
) -> None:
    environ = settings_for(tmp_path, valkey_url)
    migrate(worker_python, environ)
    command = (worker_python, "-P", "-m", "bot", "worker")
    async with started(command, environ, tmp_path, name="worker") as worker:

        async def announced() -> bool:
            worker.still_runs()
            return len(await broker.workers()) == 1

        await eventually(announced, seconds=100)
        (info,) = await broker.workers()
        assert info.demonstration
        assert await worker.stop() == 0, worker.said()
