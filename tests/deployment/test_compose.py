"""The processes of docker-compose.yml, run by hand with the settings that stand there.

No container engine is needed: PostgreSQL and redis-server are Debian's.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from msgspec import structs

from bot.settings import load, sections
from chat.budgets import BudgetSettings
from tests.deployment.compose import environment, services
from tests.deployment.environments import ROOT, clean_environ
from tests.deployment.processes import Running, free_port, started
from tests.waiting import eventually
from web.errors import ExposureError
from web.exposure import check_exposure
from web.hosts import HostNames

PASSWORDS = {"WHIMBREL_DB_PASSWORD": "db-word", "WHIMBREL_REDIS_PASSWORD": "broker-word"}
ELSEWHERE = {"HF_TOKEN", "HF_HOME", "NUMBA_CACHE_DIR"}  # names that libraries read


@pytest.mark.parametrize("name", PASSWORDS)
def test_a_password_has_no_default(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        services(PASSWORDS | {name: ""})


@pytest.mark.parametrize("name", ["migrations", "bot", "worker"])
def test_the_settings_of_each_process_are_ours_and_right(name: str) -> None:
    environ = environment(services(PASSWORDS)[name])
    known = {field.name.upper() for section in sections() for field in structs.fields(section)}
    assert set(environ) <= known | ELSEWHERE
    settings = load(environ)
    assert settings.storage.database_url.startswith("postgresql://whimbrel:db-word@postgres")
    assert settings.storage.redis_url == "redis://:broker-word@valkey:6379/0"


@pytest.mark.parametrize("name", ["bot", "worker"])
def test_budgets_reach_who_takes_messages_and_who_counts_tokens(name: str) -> None:
    given = {"PERSON_BUDGET": "7 tokens/day", "TOTAL_BUDGET": "none", "PERSON_AT_ONCE": "3"}
    budgets = load(environment(services(PASSWORDS | given)[name])).budgets
    assert budgets == BudgetSettings("7 tokens/day", total_budget="none", person_at_once=3)


def test_every_image_is_a_target_of_the_dockerfile() -> None:
    targets = set(re.findall(r"^FROM \S+ AS (\w+)", (ROOT / "Dockerfile").read_text(), re.M))
    built = [each["build"]["target"] for each in services(PASSWORDS).values() if "build" in each]
    assert set(built) == {"bot", "worker"} <= targets


def test_nothing_is_published_beyond_the_host() -> None:
    for service in services(PASSWORDS).values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_bot_listens_in_its_own_network_and_answers_to_few_names() -> None:
    web = load(environment(services(PASSWORDS)["bot"])).web
    assert not web.allow_lan
    check_exposure(web, own_network=lambda: True)
    with pytest.raises(ExposureError):  # with `network_mode: host` it would be the machine's
        check_exposure(web, own_network=lambda: False)
    names = HostNames(web)
    assert "localhost" in names
    assert not [each for each in ("192.168.1.4", "172.18.0.3", "machine.local") if each in names]


def test_every_house_is_in_the_images() -> None:
    houses = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    houses -= {"tests", "benchmarks", "scripts"}
    copied = set(re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.M))
    let_in = set((ROOT / ".dockerignore").read_text().replace("!", "").split())
    assert houses <= copied
    assert houses <= let_in


def command(service: str, file: dict[str, dict[str, list[str]]]) -> list[str]:
    """How a container of ours starts, without the container."""
    return [sys.executable, "-P", "-m", "bot", *file[service]["command"]]


@asynccontextmanager
async def broker(arguments: list[str], folder: Path) -> AsyncIterator[int]:
    """The port of Debian's redis-server, started as the file starts Valkey."""
    binary = shutil.which("redis-server")
    if binary is None:
        if os.environ.get("CI") == "true":
            pytest.fail("redis-server is missing (Debian: redis-server)")
        pytest.skip("redis-server was not found (Debian: redis-server)")
    port = free_port()
    where = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    async with started([binary, *arguments, *where], clean_environ(), folder, name="broker") as it:
        await it.until_it_says("Ready to accept connections")
        yield port


@pytest.mark.timeout(240)
async def test_the_whole_deployment_answers(tmp_path: Path, empty_postgres_url: str) -> None:
    endpoint_port, http_port = free_port(), free_port()
    file = services(
        PASSWORDS | {"ENGINE_URL": f"http://127.0.0.1:{endpoint_port}/v1", "LOG_LEVEL": "debug"}
    )
    async with AsyncExitStack() as stack:
        redis_port = await stack.enter_async_context(
            broker(file["valkey"]["command"][1:], tmp_path)
        )

        def environ(service: str) -> dict[str, str]:
            """As the file says, but for where the other containers are found."""
            told = environment(file[service])
            assert "@postgres:5432/" in told["DATABASE_URL"]
            told["DATABASE_URL"] = empty_postgres_url
            told["REDIS_URL"] = told["REDIS_URL"].replace("valkey:6379", f"127.0.0.1:{redis_port}")
            told |= {"WHIMBREL_HOME": str(tmp_path / "home")}
            if "HTTP_PORT" in told:
                told |= {"HTTP_HOST": "127.0.0.1", "HTTP_PORT": str(http_port)}
            return clean_environ(**told)

        async def start(service: str) -> Running:
            return await stack.enter_async_context(
                started(command(service, file), environ(service), tmp_path, name=service)
            )

        migrations = await start("migrations")
        assert await migrations.process.wait() == 0, migrations.said()
        await stack.enter_async_context(endpoint(endpoint_port, tmp_path))
        bot, worker = await start("bot"), await start("worker")
        url = f"http://127.0.0.1:{http_port}"
        await bot.until_it_serves(f"{url}/healthz")
        await bot.until_it_serves(f"{url}/readyz")
        worker.still_runs()

        chat = [sys.executable, "-P", "-m", "bot", "chat", "Good morning!"]
        said = await stack.enter_async_context(
            started(chat, environ("worker"), tmp_path, name="chat")
        )
        assert await said.process.wait() == 0, said.said()
        assert "word1 " in said.said()

        async def counted() -> bool:
            async with httpx2.AsyncClient() as client:
                text = (await client.get(f"{url}/metrics")).text
            return 'whimbrel_turns_total{channel="terminal",state="answered"} 1.0' in text

        await eventually(counted)
        assert await worker.stop() == 0, worker.said()
        assert await bot.stop() == 0, bot.said()
        for process in (bot, worker, migrations):
            assert "broker-word" not in process.said()


@asynccontextmanager
async def endpoint(port: int, folder: Path) -> AsyncIterator[None]:
    """A model server as it may run on the host."""
    module = ("-m", "tests.fakes.openai_endpoint", "--tokens", "5", "--port", str(port))
    environ = clean_environ(PYTHONPATH=str(ROOT))
    async with started([sys.executable, *module], environ, folder, name="endpoint") as server:
        await server.until_it_serves(f"http://127.0.0.1:{port}/v1/models")
        yield
