"""The checkpoint that ships, served unchanged by vLLM, and the whole bot answering through it."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from PIL import Image

from models.fledgling.checkpoint import FOLDER
from models.fledgling.drawn.scenes import Drawing, draw
from models.fledgling.evaluate import Fledgling, user
from tests.deployment.processes import free_port, started
from tests.system.stand import Stand, stand

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
SERVE = (str(ROOT / ".venvs/vllm/bin/vllm"), "serve")
START = 300.0  # seconds until it serves, on a busy machine
SEED = 70_000  # of drawings that the checkpoint was not trained on
ALIKE = 12


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vllm(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of vLLM, which serves the folder that ships."""
    port = free_port()
    # 32 bits, as generate() beside it: answers are compared.
    options = ("--dtype", "float32", "--enforce-eager", "--max-model-len", "2048")
    pictures = ("--limit-mm-per-prompt", '{"image": 5}', "--served-model-name", "fledgling")
    where = ("--host", "127.0.0.1", "--port", str(port))
    environ = {
        **os.environ,
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "HF_HUB_OFFLINE": "1",
    }
    command = (*SERVE, str(FOLDER), *options, *pictures, *where)
    folder = tmp_path_factory.mktemp("vllm")
    async with started(command, environ, folder, name="vllm") as running:
        url = f"http://127.0.0.1:{port}"
        await running.until_it_serves(f"{url}/health", seconds=START)
        yield url
        await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(vllm: str) -> AsyncIterator[Stand]:
    """The whole system with vLLM as its engine."""
    settings = {"ACCESS": "open", "ENGINE_URL": f"{vllm}/v1", "TEMPERATURE": "0"}
    async with stand(**settings) as around, around.up():
        yield around


async def test_the_bot_answers_about_pictures_through_it(bot: Stand) -> None:
    red_circle, blue_star = _drawn("circle", "red"), _drawn("star", "blue")
    anna, ben = bot.telegram.person("Anna"), bot.telegram.person("Ben")
    anna.sends_photo(_png(red_circle.picture), "What is in this picture?")
    ben.sends_photo(_png(blue_star.picture), "What is in this picture?")
    for person, words in ((anna, "red circle"), (ben, "blue star")):
        await person.chat.shows_count(1, within=60)
        await person.chat.until(lambda chat: chat.from_bot[-1].buttons == [], within=60)
        assert words in person.chat.from_bot[-1].text


async def test_it_says_what_generate_says(vllm: str) -> None:
    pictures = [draw(SEED + number).picture for number in range(ALIKE)]
    fledgling = Fledgling()
    expected = [fledgling.answer([user(one, "What is this?")]) for one in pictures]
    async with httpx2.AsyncClient(base_url=vllm, timeout=60) as client:
        told = [await _asked(client, one, "What is this?") for one in pictures]
    same = sum(one == other for one, other in zip(told, expected, strict=True))
    # It resizes pictures on a path of its own; a pixel more or less may turn a doubtful word.
    assert same >= ALIKE - 1, list(zip(told, expected, strict=True))


async def _asked(client: httpx2.AsyncClient, picture: Image.Image, question: str) -> str:
    url = "data:image/png;base64," + base64.b64encode(_png(picture)).decode()
    content = [
        {"type": "image_url", "image_url": {"url": url}},
        {"type": "text", "text": question},
    ]
    asked = {
        "model": "fledgling",
        "messages": [{"role": "user", "content": content}],
        "temperature": 0,
        "max_tokens": 60,
    }
    answer = await client.post("/v1/chat/completions", json=asked)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["choices"][0]["message"]["content"]).strip()


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _drawn(shape: str, colour: str) -> Drawing:
    for seed in count(SEED):
        drawing = draw(seed, "single")
        (thing,) = drawing.scene.things
        if (thing.shape, thing.colour) == (shape, colour):
            return drawing
    raise AssertionError
