"""`whimbrel chat`, beside a running `up` and alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from tests.handlers.pictures import drawing, encoded
from tests.system.stand import Stand, ends, stand

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def picture(tmp_path: Path) -> str:
    """A file with a picture."""
    file = tmp_path / "drawing.png"
    file.write_bytes(encoded(drawing(size=(320, 240)), "PNG"))
    return str(file)


async def test_only_the_answer_goes_to_stdout(town: Stand) -> None:
    ended = await town.run("chat", "Good morning")
    assert ended == (0, "I heard: Good morning.\n", "")


async def test_a_conversation_is_remembered_with_its_picture(town: Stand, picture: str) -> None:
    first = await town.run("chat", "Look", "--image", picture, "--conversation", "drawings")
    assert first == (0, "I heard: Look. I see: red-blue 320x240.\n", "")
    second = await town.run("chat", "And", "--conversation", "drawings")
    assert second.out == "I heard: And. I remember: Look. I saw: red-blue 320x240.\n"
    other = await town.run("chat", "And")
    assert other.out == "I heard: And.\n"


async def test_a_failed_turn_is_told_and_ends_with_1(town: Stand) -> None:
    async with town.refused("No"):
        ended = await town.run("chat", "Hello")
    assert ended.status == 1
    assert ended.out.strip() == ""
    assert "the model failed on this question" in ended.err
    assert "Traceback" not in ended.err


async def test_ctrl_c_cancels(town: Stand) -> None:
    async with hanging(town, after=3):
        ended = await town.run("chat", "Hello there", ctrl_c="I heard: Hello ")
        await asyncio.wait_for(town.endpoint.broken_off.wait(), 30)
    assert ended.status == 1
    assert ended.out == "I heard: Hello \n"
    assert "Stopped." in ended.err
    assert "Traceback" not in ended.err


async def test_ctrl_c_cancels_before_anything_is_printed(town: Stand) -> None:
    async with hanging(town, after=1):
        ended = await town.run("chat", "Hello there", ctrl_c=town.endpoint.hanging)
        await asyncio.wait_for(town.endpoint.broken_off.wait(), 30)
    assert ended.status == 1
    assert ended.out in ("", "I \n")  # as far as the worker had read
    assert "Stopped." in ended.err
    assert "Traceback" not in ended.err


@asynccontextmanager
async def hanging(town: Stand, *, after: int) -> AsyncIterator[None]:
    """The model hangs after so many pieces of an answer meanwhile."""
    town.endpoint.broken_off.clear()
    town.endpoint.hanging.clear()
    town.ways.hang_after = after
    try:
        yield
    finally:
        town.ways.hang_after = None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing argument"),
        (("Hello", "--image", "/nowhere/a.png"), "/nowhere/a.png"),
        (("Hello", "--loudly"), "--loudly"),
        ((" ",), "There was nothing in that message."),
        (("/frobnicate",), "I do not know /frobnicate."),
    ],
)
async def test_bad_usage_ends_with_2(town: Stand, arguments: tuple[str, ...], words: str) -> None:
    ended = await town.run("chat", *arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert words in ended.err


async def test_the_one_at_the_terminal_is_the_owner_and_invites_friends(town: Stand) -> None:
    ended = await town.run("chat", "/invite 1")
    assert (ended.status, ended.out) == (0, "")
    (code,) = re.findall(r"t\.me/whimbrel_bot\?start=(\S+)", ended.err)
    assert f"{town.url}/pair/{code}" in ended.err
    finn = town.telegram.person("Finn")
    finn.says(f"/start {code}")
    await ends(finn.chat, "Hello Finn!")


async def test_an_export_waits_on_the_web_page(town: Stand) -> None:
    ended = await town.run("chat", "/export")
    assert (ended.status, ended.out) == (0, "")
    assert f"Your copy waits for you on my web page: {town.url}" in ended.err


async def test_a_file_that_is_no_picture_ends_with_2(town: Stand, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_text("this is text")
    ended = await town.run("chat", "Look", "--image", str(file))
    assert (ended.status, ended.out) == (2, "")
    assert "This file is not a picture" in ended.err


async def test_alone_it_brings_what_it_needs_and_leaves_nothing_behind(picture: str) -> None:
    async with stand() as around:
        first = await around.run("chat", "Look", "--image", picture, "--conversation", "one")
        assert first == (0, "I heard: Look. I see: red-blue 320x240.\n", "")
        second = await around.run("chat", "And", "--conversation", "one")
        assert second == (0, "I heard: And. I remember: Look. I saw: red-blue 320x240.\n", "")
        assert around.home.running() is None
        left = [each for each in psutil.process_iter(["cmdline"]) if uses(each, around.folder)]
        assert left == []


def uses(process: psutil.Process, folder: Path) -> bool:
    return any(str(folder) in word for word in process.info["cmdline"] or [])
