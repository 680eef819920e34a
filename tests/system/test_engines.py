"""A model that is out of reach or wrong, and a messenger that somebody else listens to."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest

from tests.system.stand import Stand, Up, asks, ends, stand
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_endpoint_that_is_away_is_told_once_and_answers_by_itself(town: Stand) -> None:
    anna = town.telegram.person("Anna")
    await asks(anna, "Before")
    async with town.endpoint_away():
        anna.says("Are you there")
        await ends(anna.chat, "The model that answers for me is out of reach.")
        anna.says("Hello?")
    answer = await ends(anna.chat, "Hello?", seconds=30)
    said = "\n".join(message.text for message in anna.chat.from_bot)
    assert said.count("out of reach") == 1
    assert said.count("Are you there") in (1, 2)  # and once in what is remembered
    assert "Before" in answer.text


async def test_a_second_poller_is_named_and_nothing_is_lost(town: Stand, up: Up) -> None:
    anna = town.telegram.person("Anna")
    url = f"{town.telegram.url}/bot{town.telegram.token}/getUpdates"
    async with httpx2.AsyncClient() as other:
        assert (await other.get(url, params={"timeout": 0})).status_code == 200

    async def named() -> bool:
        return "another program receives this bot's messages" in up.log

    await eventually(named)
    await asks(anna, "Did you get this")
    assert len(anna.chat.from_bot) == 1


@pytest.mark.parametrize(
    ("kind", "weights", "words"),
    [
        ("llama4", "pytorch_model.bin", ["pytorch_model.bin", "can run code"]),
        ("vit", "model.safetensors", ["vit", "ENGINE_URL"]),
    ],
    ids=["pickled", "another-kind"],
)
async def test_a_checkpoint_that_is_not_served_ends_it(
    tmp_path: Path, kind: str, weights: str, words: list[str]
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": kind}))
    (tmp_path / weights).write_bytes(b"never read")
    async with stand(ENGINE_URL="", MODEL=str(tmp_path)) as around:
        ended = await around.run("up")
    assert ended.status == 2
    for word in (str(tmp_path), *words):
        assert word in ended.err
    assert "Traceback" not in ended.err
