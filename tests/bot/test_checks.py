"""`whimbrel check`: a line each, and an exit status that tells."""

from __future__ import annotations

import socket
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.checks import engine, guard, messengers, moderators, packages, stores
from bot.checks.finding import Check, Finding, State, note, ok, wrong
from bot.checks.run import check
from bot.settings import Settings, load
from storage import migrate
from storage.database import Database
from tests.deployment.processes import free_port
from tests.fakes.openai_endpoint import Canned, Guarding, OpenAIEndpoint, Ways
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.naughty.strings import STRINGS


def settings(tmp_path: Path, **values: str) -> Settings:
    return load({"WHIMBREL_HOME": str(tmp_path / "home"), **values})


async def one(checking: Check, given: Settings) -> Finding:
    (finding,) = await checking(given)
    return finding


@asynccontextmanager
async def endpoint(**ways: object) -> AsyncIterator[OpenAIEndpoint]:
    """A model server on loopback."""
    async with OpenAIEndpoint(Canned(3), Ways(**ways)) as server:  # type: ignore[arg-type]
        yield server


async def test_every_finding_is_a_line_and_one_wrong_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WHIMBREL_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    lines: list[str] = []

    async def fine(settings: Settings) -> list[Finding]:
        return [*ok("this", "is fine"), *note("that", "is worth knowing")]

    async def bad(settings: Settings) -> list[Finding]:
        return wrong("other", "is not")

    async def check_broken(settings: Settings) -> list[Finding]:
        raise RuntimeError("redis://:planted@broker/0 did not answer")

    assert await check(say=lines.append, checks=(fine,)) == 0
    assert lines[-1] == "Everything is in order."
    lines.clear()
    assert await check(say=lines.append, checks=(fine, bad, check_broken)) == 1
    assert [line.split()[0] for line in lines[:-1]] == ["ok", "ok", "note", "WRONG", "WRONG"]
    assert "planted" not in "\n".join(lines)
    assert lines[-1].startswith("2 of these")


async def test_names_from_outside_do_not_steer_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHIMBREL_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    lines: list[str] = []

    async def naughty(settings: Settings) -> list[Finding]:
        return [finding for text in STRINGS for finding in ok("engine", f"{text} answers")]

    assert await check(say=lines.append, checks=(naughty,)) == 0
    assert len(lines) == len(STRINGS) + 2
    assert not [line for line in lines if len(line.splitlines()) != 1]
    signs = set("".join(lines)) - {"\t"}
    assert not [sign for sign in signs if unicodedata.category(sign) == "Cc"]


async def test_a_wrong_setting_is_the_only_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "http")
    lines: list[str] = []
    assert await check(say=lines.append) == 2
    (line,) = lines
    assert "HTTP_PORT wants" in line


async def test_a_home_that_is_not_there_will_be_made(tmp_path: Path) -> None:
    found = await one(stores.check_home, settings(tmp_path))
    assert found.state is State.OK
    assert "will be made" in found.text


async def test_a_home_that_others_may_look_into_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home").chmod(0o755)
    found = await one(stores.check_home, settings(tmp_path))
    assert found.state is State.WRONG
    assert f"chmod 700 {tmp_path / 'home'}" in found.text
    (tmp_path / "home").chmod(0o700)
    assert (await one(stores.check_home, settings(tmp_path))).state is State.OK


async def test_a_database_without_its_tables_is_wrong_until_migrated(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    given = settings(tmp_path)
    assert "will be made" in (await one(stores.check_database, given)).text
    (tmp_path / "home" / "whimbrel.sqlite3").touch()
    found = await one(stores.check_database, given)
    assert found.state is State.WRONG
    assert "whimbrel migrate" in found.text
    migrate.upgrade(given.storage.sql_url)
    assert (await one(stores.check_database, given)).state is State.OK


async def test_a_database_that_is_down_is_wrong(tmp_path: Path) -> None:
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    found = await one(stores.check_database, settings(tmp_path, DATABASE_URL=url))
    assert found.state is State.WRONG
    assert found.text.startswith("DATABASE_URL:")


async def test_the_broker_answers_or_not(tmp_path: Path, valkey_url: str) -> None:
    found = await one(stores.check_broker, settings(tmp_path, REDIS_URL=valkey_url))
    assert found.state is State.OK
    assert "workers here: 0" in found.text
    down = settings(tmp_path, REDIS_URL=f"unix://{tmp_path}/nobody.sock")
    found = await one(stores.check_broker, down)
    assert found.state is State.WRONG
    assert (await one(stores.check_broker, settings(tmp_path))).state is State.OK


async def test_attachments_are_put_got_and_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "attachments"
    folder.mkdir()
    given = settings(tmp_path, ATTACHMENTS_URL=folder.as_uri())
    assert (await one(stores.check_attachments, given)).state is State.OK
    assert not [path for path in folder.rglob("*") if path.is_file()]
    (tmp_path / "file").touch()
    given = settings(tmp_path, ATTACHMENTS_URL=(tmp_path / "file" / "in").as_uri())
    assert (await one(stores.check_attachments, given)).state is State.WRONG


async def test_packages_are_complete_here(tmp_path: Path) -> None:
    found = await packages.check_packages(settings(tmp_path))
    assert {finding.state for finding in found} == {State.OK}
    assert "torch" in packages.required("worker")
    assert "torch" not in packages.required("")
    assert "python-telegram-bot" in packages.required("bot")


async def test_an_endpoint_is_asked_for_its_models(tmp_path: Path) -> None:
    async with endpoint(model="llama-4-scout") as server:
        given = settings(tmp_path, ENGINE_URL=server.url)
        found = await one(engine.check_engine, given)
        assert found.state is State.OK
        assert "llama-4-scout" in found.text
        other = settings(tmp_path, ENGINE_URL=server.url, MODEL="another")
        found = await one(engine.check_engine, other)
        assert found.state is State.WRONG
        assert "another is not there; there are llama-4-scout" in found.text


async def test_an_endpoint_that_is_down_is_wrong(tmp_path: Path) -> None:
    found = await one(engine.check_engine, settings(tmp_path, ENGINE_URL="http://127.0.0.1:9/v1"))
    assert found.state is State.WRONG
    assert found.text.startswith("ENGINE_URL: no answer")


async def test_each_of_several_endpoints_is_asked(tmp_path: Path) -> None:
    async with endpoint(model="llama-4-scout") as server:
        given = settings(tmp_path, ENGINE_URL=f"{server.url} http://127.0.0.1:9/v1")
        up, down = await engine.check_engine(given)
    assert (up.state, down.state) == (State.OK, State.WRONG)
    assert server.url in up.text
    assert down.text.startswith("ENGINE_URL: http://127.0.0.1:9/v1: no answer")


async def test_a_cloud_wants_its_key(tmp_path: Path) -> None:
    cloud = {"ENGINE_URL": "databricks", "ENGINE_ACCOUNT": "host.example"}
    found = await one(engine.check_engine, settings(tmp_path, **cloud))
    assert found.state is State.WRONG
    assert "ENGINE_API_KEY" in found.text
    assert "DATABRICKS_TOKEN" in found.text
    found = await one(engine.check_engine, settings(tmp_path, ENGINE_API_KEY="k", **cloud))
    assert found.state is State.NOTE
    assert "databricks-llama-4-maverick" in found.text


async def test_the_shipped_checkpoint_is_in_order(tmp_path: Path) -> None:
    found = await one(engine.check_engine, settings(tmp_path))
    assert found == Finding("engine", State.OK, "the shipped checkpoint")


async def test_a_pickled_checkpoint_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama4"}')
    (folder / "pytorch_model.bin").touch()
    found = await one(engine.check_engine, settings(tmp_path, MODEL=str(folder)))
    assert found.state is State.WRONG
    assert "pytorch_model.bin" in found.text


async def test_endpoints_of_this_machine_come_with_the_line_to_type(tmp_path: Path) -> None:
    async with endpoint(model="llama4:scout") as server:
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        ports = {"Ollama": port, "vLLM": 9}
        (found,) = await engine.find_endpoints(settings(tmp_path), ports=ports)
    line = f"ENGINE_URL=http://127.0.0.1:{port}/v1 MODEL=llama4:scout make run"
    assert found.state is State.NOTE
    assert found.text == f"Ollama found. To use it:  {line}"


async def test_a_taken_port_is_wrong(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        found = await one(messengers.check_web, settings(tmp_path, HTTP_PORT=port))
    assert found.state is State.WRONG
    assert f"HTTP_PORT wants a free port: {port}" in found.text


async def test_a_network_without_tls_is_wrong_but_a_containers_own_is_not(tmp_path: Path) -> None:
    port = free_port()
    given = settings(tmp_path, HTTP_HOST="0.0.0.0", HTTP_PORT=str(port))
    (found,) = await messengers.check_web(given, own_network=lambda: False)
    assert found.state is State.WRONG
    assert "ALLOW_LAN" in found.text
    (found,) = await messengers.check_web(given, own_network=lambda: True)
    assert found.state is State.OK
    assert found.text.startswith(f"0.0.0.0 port {port} is free, in a container's own network")


async def test_telegram_knows_the_token_or_not(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        told = {"TELEGRAM_API_URL": telegram.url, "TELEGRAM_BOT_TOKEN": TOKEN}
        found = await one(messengers.check_telegram, settings(tmp_path, **told))
        assert found.state is State.OK
        assert "by long polling" in found.text
        told["TELEGRAM_BOT_TOKEN"] = "42:AAwrong_token_of_nobody_here"
        found = await one(messengers.check_telegram, settings(tmp_path, **told))
        assert found.state is State.WRONG
        assert "TELEGRAM_BOT_TOKEN: Telegram says" in found.text
    found = await one(messengers.check_telegram, settings(tmp_path, **told))
    assert "TELEGRAM_API_URL: no answer" in found.text


async def test_no_telegram_is_no_mistake(tmp_path: Path) -> None:
    assert (await one(messengers.check_telegram, settings(tmp_path))).state is State.NOTE


STABBING = {"stab": "S1"}


@asynccontextmanager
async def guarding(answerer: Any, **ways: Any) -> AsyncIterator[OpenAIEndpoint]:
    """A guard on loopback."""
    async with OpenAIEndpoint(answerer, Ways(**{"model": "llama-guard", **ways})) as server:
        yield server


async def test_no_guard_is_no_line(tmp_path: Path) -> None:
    assert await guard.check_guard(settings(tmp_path)) == []


async def test_a_guard_that_tells_safe_from_unsafe(tmp_path: Path) -> None:
    async with guarding(Guarding(STABBING)) as server:
        given = settings(tmp_path, GUARD_URL=server.url, GUARD_EXCLUDES="S1")
        answers, judges = await guard.check_guard(given)
    assert answers.state is judges.state is State.OK
    assert "llama-guard tells safe from unsafe" in judges.text


@pytest.mark.parametrize(
    ("answerer", "said"),
    [
        (Guarding({}), "judges an unsafe question wrongly"),
        (Guarding({"neighbour": "S1"}), "judges an unsafe answer wrongly"),
        (Guarding({"Hello": "S1"}), "judges a safe question wrongly"),
        (Canned(9), "does not answer as Llama Guard does"),
    ],
)
async def test_a_guard_that_does_not_is_wrong(tmp_path: Path, answerer: Any, said: str) -> None:
    async with guarding(answerer) as server:
        found = await guard.check_guard(settings(tmp_path, GUARD_URL=server.url))
    assert found[-1].state is State.WRONG
    assert said in found[-1].text


async def test_a_guard_that_is_away_is_told_by_its_own_settings(tmp_path: Path) -> None:
    async with guarding(Guarding(STABBING), api_key="right") as server:
        refused = await one(guard.check_guard, settings(tmp_path, GUARD_URL=server.url))
        missing = await one(
            guard.check_guard,
            settings(tmp_path, GUARD_URL=server.url, GUARD_API_KEY="right", GUARD_MODEL="other"),
        )
    assert str(refused).startswith("WRONG  guard")
    assert "GUARD_URL: GUARD_API_KEY is refused" in refused.text
    assert "GUARD_MODEL: other is not there; there are llama-guard" in missing.text


async def test_a_guard_in_the_worker_wants_a_checkpoint_of_llama_4(tmp_path: Path) -> None:
    shipped = settings(tmp_path, GUARD_MODEL=str(engine.SHIPPED))
    assert (await one(guard.check_guard, shipped)).state is State.OK
    nothing = settings(tmp_path, GUARD_MODEL=str(tmp_path / "nothing"))
    found = await one(guard.check_guard, nothing)
    assert found.state is State.WRONG
    assert found.text.startswith("GUARD_MODEL: ")
    at_the_hub = settings(tmp_path, GUARD_MODEL="meta-llama/Llama-Guard-4-12B")
    assert (await one(guard.check_guard, at_the_hub)).state is State.NOTE


async def test_the_chat_for_moderators_is_as_the_bot_found_it(tmp_path: Path) -> None:
    assert await moderators.check_moderators(settings(tmp_path)) == []
    wanted = {"MODERATORS_CHAT": "telegram:-1001"}
    lonely = await one(moderators.check_moderators, settings(tmp_path, **wanted))
    assert lonely.state is State.WRONG
    assert "TELEGRAM_BOT_TOKEN" in lonely.text
    given = settings(tmp_path, **wanted, TELEGRAM_BOT_TOKEN=TOKEN)
    assert (await one(moderators.check_moderators, given)).state is State.NOTE
    given.storage.whimbrel_home.mkdir(parents=True)
    migrate.upgrade(given.storage.sql_url)
    async with Database.from_url(given.storage.sql_url) as database:
        async with database.write() as tx:
            chat = await tx.desk.open("telegram", TOKEN.partition(":")[0], "-1001")
        assert "PUBLIC_URL" in (await one(moderators.check_moderators, given)).text
        async with database.write() as tx:
            await tx.desk.set_error(chat, "bot was kicked")
        found = await one(moderators.check_moderators, given)
        assert found.state is State.WRONG
        assert "bot was kicked" in found.text
        async with database.write() as tx:
            await tx.desk.set_error(chat, "")
            await tx.desk.move(chat, "-1002")
        assert "telegram:-1002" in (await one(moderators.check_moderators, given)).text
