"""Decoders that were taken over: what they can do to us, to others and to the machine. Nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import pairwise

import psutil
import pytest
import pytest_asyncio

from chat.errors import AttachmentError
from handlers.pictures.decoder import PICTURES_EACH, PictureDecoder
from handlers.pictures.limits import PictureLimits
from tests.handlers.misbehaving_decoder import DEEDS, ESCAPES, deed
from tests.waiting import eventually

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROGRAM = "tests.handlers.misbehaving_decoder"
HONEST = ("honest", "remembers", "answers-twice")
# On Linux a filter denies them all; elsewhere limits deny some, and README.md says so.
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has seccomp")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def decoder() -> AsyncIterator[PictureDecoder]:
    """One for all, as in life."""
    limits = PictureLimits(cpu_seconds=1, timeout=4.0)
    async with PictureDecoder(program=PROGRAM, limits=limits) as decoder:
        yield decoder


async def said(decoder: PictureDecoder, content: bytes) -> str:
    """How a picture is refused, in a word."""
    with pytest.raises(AttachmentError) as caught:
        await decoder.decode(content)
    return caught.value.key.removeprefix("refused-picture-")


@pytest.mark.parametrize("name", [name for name in DEEDS if name not in HONEST])
async def test_whatever_it_does_is_refused_and_the_next_one_is_read(
    decoder: PictureDecoder, name: str
) -> None:
    descriptors = psutil.Process().num_fds() - len(decoder.resting)
    reason = await said(decoder, deed(name, "x" * 3_000_000))
    slow = {"spins", "hangs", "answers-and-spins"}
    assert reason == ("slow" if name in slow else "broken")
    assert decoder.resting == [], "nothing forks again that had such a child"
    assert psutil.Process().num_fds() <= descriptors
    assert (await decoder.decode(deed("honest"))).width == 64


async def test_one_that_does_not_listen_is_ended(decoder: PictureDecoder) -> None:
    await decoder.decode(deed("honest"))
    [warm] = decoder.resting
    assert await said(decoder, deed("hangs")) == "slow"
    await eventually(lambda: _is_gone(warm))


async def test_a_child_that_will_not_end_ends_with_its_parent(decoder: PictureDecoder) -> None:
    await decoder.decode(deed("honest"))
    [warm] = decoder.resting
    work = asyncio.create_task(said(decoder, deed("hangs")))
    await eventually(lambda: _has_a_child(warm))
    [child] = psutil.Process(warm).children()
    assert await work == "slow"
    await eventually(lambda: _is_gone(child.pid))


async def test_nothing_of_a_picture_is_left_for_the_next(decoder: PictureDecoder) -> None:
    await decoder.decode(deed("remembers"))
    first = decoder.resting
    await decoder.decode(deed("remembers"))
    assert decoder.resting == first, "it was forked from the same one"


async def test_what_is_said_twice_is_heard_once(decoder: PictureDecoder) -> None:
    with suppress(AttachmentError):  # it fails where nobody listens any more to its second answer
        await decoder.decode(deed("answers-twice"))
    assert await said(decoder, deed("exits")) == "broken"


async def test_a_warm_process_is_replaced_in_time(decoder: PictureDecoder) -> None:
    seen = []
    for _ in range(PICTURES_EACH + 2):
        await decoder.decode(deed("honest"))
        seen += decoder.resting
    assert sum(one != other for one, other in pairwise(seen)) == 1


async def test_whoever_stops_waiting_leaves_nothing_behind(decoder: PictureDecoder) -> None:
    await decoder.decode(deed("honest"))
    [warm] = decoder.resting
    work = asyncio.create_task(decoder.decode(deed("hangs")))
    await eventually(lambda: _has_a_child(warm))
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    await eventually(lambda: _is_gone(warm))
    assert (await decoder.decode(deed("honest"))).width == 64


async def test_what_does_not_start_is_no_fault_of_the_picture() -> None:
    async with PictureDecoder(program="tests.handlers.no_such_program") as decoder:
        with pytest.raises(OSError, match="does not start"):
            await decoder.decode(deed("honest"))


@linux
@pytest.mark.parametrize("name", ESCAPES)
async def test_no_way_out(decoder: PictureDecoder, name: str) -> None:
    reached: list[str] = []
    server = await asyncio.start_server(lambda *_: reached.append("connected"), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await said(decoder, deed(name, port)) == "denied"
    assert reached == []
    assert not os.path.exists("/tmp/whimbrel-canary")  # noqa: ASYNC240


async def _has_a_child(pid: int) -> bool:
    return bool(psutil.Process(pid).children())


async def _is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid)
