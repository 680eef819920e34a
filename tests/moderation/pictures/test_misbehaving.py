"""Processes that hang, die, lie and were taken over: what that does to others, and to us."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator

import psutil
import pytest

from moderation.checks import Shown
from moderation.pictures.bank import BankEntry
from moderation.pictures.checker import CheckerLimits, PictureChecker
from moderation.pictures.errors import PictureUnchecked, Reason
from tests.moderation.pictures.drawn import named

PROGRAM = "tests.moderation.pictures.misbehaving_process"
LIMITS = CheckerLimits(work=1.0, patience=30.0, waiting=4)


def told(deed: str, number: int = 0) -> Shown:
    """A picture that makes the process do something."""
    return named(f"{deed} {number}".encode())


def checker(limits: CheckerLimits = LIMITS, program: str = PROGRAM) -> PictureChecker:
    """A checker whose processes do as they are told."""
    return PictureChecker(nudity=False, limits=limits, program=program)


@pytest.fixture
async def taken_over() -> AsyncIterator[PictureChecker]:
    """One of those, open."""
    async with checker() as opened:
        yield opened


async def reason_of(checker: PictureChecker, picture: Shown) -> Reason:
    """Why a picture was not looked at."""
    with pytest.raises(PictureUnchecked) as raised:
        await checker.see(picture)
    return raised.value.reason


@pytest.mark.parametrize("deed", ["hangs", "spins"])
async def test_a_picture_that_takes_too_long_is_given_up(
    taken_over: PictureChecker, deed: str
) -> None:
    await taken_over.see(told("honest"))
    [slow] = taken_over.pids
    began = time.monotonic()
    assert await reason_of(taken_over, told(deed)) is Reason.SLOW
    assert 0.9 < time.monotonic() - began < 5
    assert not psutil.pid_exists(slow)
    assert (await taken_over.see(told("honest", 2))).quality == 77
    assert taken_over.pids != [slow]


@pytest.mark.parametrize(
    "deed",
    [
        "floods",
        "aborts",
        "exits",
        "says-another-thing",
        "is-ready-again",
        "scores-beyond",
        "scores-nothing",
        "sends-a-short-hash",
        "sends-few-hashes",
    ],
)
async def test_a_process_that_dies_or_lies_is_replaced(
    taken_over: PictureChecker, deed: str
) -> None:
    await taken_over.see(told("honest"))
    [liar] = taken_over.pids
    assert await reason_of(taken_over, told(deed)) is Reason.DIED
    assert not psutil.pid_exists(liar)
    assert (await taken_over.see(told("honest", 2))).quality == 77


async def test_a_bomb_of_memory_ends_the_process_and_not_the_machine(
    taken_over: PictureChecker,
) -> None:
    assert await reason_of(taken_over, told("takes-memory")) is Reason.DIED


async def test_a_known_picture_that_nobody_taught_it_is_a_lie(taken_over: PictureChecker) -> None:
    taken_over.update_bank([BankEntry("a", "0f" * 32, "known-picture", "case 1")])
    seen = await taken_over.see(told("honest"))
    with pytest.raises(PictureUnchecked):
        await taken_over.known(seen)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has seccomp")
@pytest.mark.parametrize("escape", ["connects", "reads-a-file", "writes-a-file", "forks"])
async def test_it_can_reach_nothing(taken_over: PictureChecker, escape: str) -> None:
    assert (await taken_over.see(told(escape))).quality == 0


async def test_who_stands_behind_a_hanging_picture_waits_no_longer_than_its_limit(
    taken_over: PictureChecker,
) -> None:
    await taken_over.see(told("honest"))
    began = time.monotonic()
    hanging = asyncio.create_task(reason_of(taken_over, told("hangs")))
    others = await asyncio.gather(*(taken_over.see(told("honest", n)) for n in (1, 2, 3)))
    waited = time.monotonic() - began
    assert [each.quality for each in others] == [77, 77, 77]
    assert await hanging is Reason.SLOW
    assert waited > LIMITS.work  # it was there all the while


async def test_nobody_waits_longer_than_their_patience() -> None:
    async with checker(CheckerLimits(work=60.0, patience=1.0)) as opened:
        began = time.monotonic()
        asked = [reason_of(opened, told("hangs", n)) for n in range(3)]
        assert set(await asyncio.gather(*asked)) == {Reason.WAITED}
        assert time.monotonic() - began < 5


async def test_only_so_many_may_wait(taken_over: PictureChecker) -> None:
    asked = [asyncio.create_task(taken_over.see(told("honest", n))) for n in range(12)]
    ends = await asyncio.gather(*asked, return_exceptions=True)
    busy = [end for end in ends if isinstance(end, PictureUnchecked)]
    assert {each.reason for each in busy} == {Reason.BUSY}
    assert len(ends) - len(busy) == LIMITS.waiting


async def test_a_picture_that_kills_is_tried_twice(taken_over: PictureChecker) -> None:
    for _ in range(2):
        assert await reason_of(taken_over, told("aborts")) is Reason.DIED
    await taken_over.see(told("honest"))
    [alive] = taken_over.pids
    assert await reason_of(taken_over, told("aborts")) is Reason.DIED
    assert taken_over.pids == [alive]


async def test_no_process_is_started_again_and_again_where_none_stays_up() -> None:
    limits = CheckerLimits(patience=30.0, pause=3600.0)
    program = "tests.moderation.pictures.stillborn_process"
    async with checker(limits, program) as opened:
        for number in range(2):
            assert await reason_of(opened, told("honest", number)) is Reason.DOWN
        began = time.monotonic()
        for number in range(50):
            assert await reason_of(opened, told("honest", number)) is Reason.DOWN
        assert time.monotonic() - began < 0.2  # less than one start takes


async def test_no_word_about_a_picture_is_logged(
    taken_over: PictureChecker, capfd: pytest.CaptureFixture[str]
) -> None:
    for deed in ("aborts", "scores-beyond", "sends-a-short-hash"):
        await reason_of(taken_over, told(deed))
    printed = "".join(capfd.readouterr())
    assert "replaced" in printed
    assert not any(word in printed for word in ("aborts", "hash", "1.5", told("aborts").sha256))


async def test_closing_answers_those_who_wait() -> None:
    async with checker() as opened:
        await opened.see(told("honest"))
        [process] = opened.pids
        asked = [asyncio.create_task(reason_of(opened, told("hangs", n))) for n in range(3)]
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        assert set(await asyncio.gather(*asked)) <= {Reason.DIED, Reason.DOWN}
    assert not psutil.pid_exists(process)
