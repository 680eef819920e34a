"""Looks at pictures for the checks of this house; all real work is done in other processes."""

from __future__ import annotations

import asyncio
from asyncio import Queue, Task
from collections.abc import Iterable
from functools import partial
from types import TracebackType
from typing import Self

import structlog
from msgspec import Struct

from moderation.checks import Shown
from moderation.pictures.asking import PROGRAM, CheckingProcess
from moderation.pictures.bank import Bank, BankEntry
from moderation.pictures.cache import Remembered
from moderation.pictures.errors import PictureChecksOff, PictureUnchecked, Reason
from moderation.pictures.installed import models, why_off
from moderation.pictures.line import Job, Line, Work
from moderation.pictures.messages import Compare, Learn, Look, Near, Reply, Seen, Setup, Unreadable

log = structlog.get_logger()

MATCHING = 31  # bits of 256, as Meta recommends: of unlike pictures, none in a billion is nearer
TRIES = 2  # of a picture that a process dies of, or takes too long over


class CheckerLimits(Struct, frozen=True):
    """Times in seconds. `work` is what one picture may take, `patience` what anybody waits for an
    answer in all, starting and queueing included; `idle` ends a process without work; `pause` is
    the first one between processes that do not stay up. `waiting` is how many pictures may stand in
    line, `remembered` of how many it is known what was seen."""

    work: float = 5.0
    patience: float = 10.0
    idle: float = 600.0
    pause: float = 0.5
    waiting: int = 64
    remembered: int = 4096


class Known(Struct, frozen=True):
    """A known picture that looks like one that was seen; `distance` in bits of 256."""

    entry: BankEntry
    distance: int


class PictureChecker:
    """Open it with `async with`. Nothing is started before the first picture.

    `processes` is how many pictures are looked at at once, each on one core; without `nudity` the
    model is not loaded; `program` is the module of the processes, for tests of one that misbehaves.
    """

    def __init__(
        self,
        *,
        nudity: bool = True,
        processes: int = 1,
        limits: CheckerLimits | None = None,
        program: str = PROGRAM,
    ) -> None:
        self._limits = limits or CheckerLimits()
        self.why_off = why_off(nudity=nudity)
        self.models = models(nudity=nudity)
        start = partial(CheckingProcess.start, Setup(nudity=nudity), program)
        self._lines = [
            Line(start, idle=self._limits.idle, pause=self._limits.pause) for _ in range(processes)
        ]
        self._jobs: Queue[Job] = Queue(self._limits.waiting)
        self._tasks: list[Task[None]] = []
        self._looking: dict[str, Job] = {}
        self._seen: Remembered[tuple[str, str], Reply] = Remembered(self._limits.remembered)
        self._failed: Remembered[str, int] = Remembered(self._limits.remembered)
        self._bank = Bank()

    async def __aenter__(self) -> Self:
        if self.why_off:
            log.warning("pictures are not checked", why=self.why_off)
        self._tasks = [
            asyncio.create_task(line.serve(self._jobs), name=f"check-pictures-{number}")
            for number, line in enumerate(self._lines)
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while not self._jobs.empty():
            self._jobs.get_nowait().fail(Reason.DOWN)

    @property
    def pids(self) -> list[int]:
        """The processes that run at the moment."""
        return [line.pid for line in self._lines if line.pid is not None]

    @property
    def knows_pictures(self) -> bool:
        """Whether there is any picture to be known."""
        return len(self._bank) > 0

    def update_bank(self, entries: Iterable[BankEntry]) -> None:
        """Know these pictures from now on, and no others. Raises ValueError for a broken hash."""
        self.take_bank(Bank(entries))

    def take_bank(self, bank: Bank) -> None:
        """The same, with a bank that was put together before."""
        self._bank = bank

    async def see(self, picture: Shown) -> Seen:
        """What there is to see, from memory where it was seen before.

        Raises PictureUnchecked, and PictureChecksOff where nothing is installed to look with."""
        if self.why_off:
            raise PictureChecksOff(self.why_off)
        reply = self._seen.get((picture.sha256, self.models))
        if reply is None:
            reply = await self._wait(self._looking.get(picture.sha256) or self._look(picture))
        if not isinstance(reply, Seen):
            raise PictureUnchecked(Reason.UNREADABLE)
        return reply

    async def known(self, seen: Seen) -> list[Known]:
        """The known pictures that look like this one in any position, nearest first.

        Raises as `see` does."""
        if self.why_off:
            raise PictureChecksOff(self.why_off)
        bank = self._bank
        if not (len(bank) and seen.hashes):
            return []
        near = await self._wait(self._queue(partial(self._compare, seen=seen, bank=bank)))
        assert isinstance(near, Near)
        return [Known(bank.entry(place), distance) for place, distance in near.found]

    def _look(self, picture: Shown) -> Job:
        """One job for everybody who asks for this picture meanwhile."""
        name = picture.sha256
        if (self._failed.get(name) or 0) >= TRIES:
            raise PictureUnchecked(Reason.DIED)
        job = self._queue(partial(self._see, content=picture.content))
        self._looking[name] = job
        job.done.add_done_callback(lambda _: self._looked(name, job))
        return job

    def _looked(self, name: str, job: Job) -> None:
        self._looking.pop(name, None)
        if job.done.cancelled():
            return
        error = job.done.exception()
        if error is None:
            self._seen.put((name, self.models), job.done.result())
        elif isinstance(error, PictureUnchecked) and error.reason in (Reason.SLOW, Reason.DIED):
            self._failed.put(name, (self._failed.get(name) or 0) + 1)

    def _queue(self, work: Work) -> Job:
        until = asyncio.get_running_loop().time() + self._limits.patience
        if not self._tasks or all(line.rests_until > until for line in self._lines):
            raise PictureUnchecked(Reason.DOWN)
        if self._jobs.full():
            raise PictureUnchecked(Reason.BUSY)
        job = Job(work, until)
        self._jobs.put_nowait(job)
        return job

    async def _wait(self, job: Job) -> Reply:
        try:
            async with asyncio.timeout(self._limits.patience):
                return await asyncio.shield(job.done)
        except TimeoutError as error:
            raise PictureUnchecked(Reason.WAITED) from error

    async def _see(self, process: CheckingProcess, *, content: bytes) -> Reply:
        reply = await process.ask(Look(content), seconds=self._limits.work)
        if not isinstance(reply, Seen | Unreadable):
            raise ValueError("another answer than was asked for")
        return reply

    async def _compare(self, process: CheckingProcess, *, seen: Seen, bank: Bank) -> Reply:
        if process.learnt is not bank:
            await process.ask(Learn(bank.hashes), seconds=self._limits.work)
            process.learnt = bank
        near = await process.ask(Compare(seen.hashes, MATCHING), seconds=self._limits.work)
        if not isinstance(near, Near) or any(place >= len(bank) for place, _ in near.found):
            raise ValueError("another answer than was asked for")
        return near
