"""The processes that look at pictures, and what waits for them."""

from __future__ import annotations

import asyncio
from asyncio import Future, Queue
from collections.abc import Awaitable, Callable

import structlog

from moderation.pictures.asking import CheckingProcess
from moderation.pictures.errors import PictureUnchecked, Reason
from moderation.pictures.messages import Reply

log = structlog.get_logger()

Work = Callable[[CheckingProcess], Awaitable[Reply]]
Start = Callable[[], Awaitable[CheckingProcess]]

LONGEST_PAUSE = 60.0  # seconds


class Job:
    """Something that a process is to be asked. Nobody wants the answer after `until`, of the loop's
    clock."""

    def __init__(self, work: Work, until: float) -> None:
        self.work = work
        self.until = until
        self.done: Future[Reply] = asyncio.get_running_loop().create_future()
        # Whoever asked may have left; the failure is no less expected then.
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())

    def answer(self, reply: Reply) -> None:
        """Tell whoever waits."""
        if not self.done.done():
            self.done.set_result(reply)

    def fail(self, reason: Reason) -> None:
        """Tell whoever waits that there is no answer."""
        if not self.done.done():
            self.done.set_exception(PictureUnchecked(reason))


class Line:
    """Takes one job after the other to a process of its own, which it starts for the first one,
    replaces when it fails, and ends when there was nothing to do for `idle` seconds.

    A process that ends before its first answer is the second in a row only after a pause, which
    doubles from `pause` seconds on."""

    def __init__(self, start: Start, *, idle: float, pause: float) -> None:
        self._start = start
        self._idle = idle
        self._pause = pause
        self._process: CheckingProcess | None = None
        self._failures = 0
        self.rests_until = 0.0  # of the loop's clock

    @property
    def pid(self) -> int | None:
        """The process id, while there is a process."""
        return self._process.pid if self._process is not None else None

    async def serve(self, jobs: Queue[Job]) -> None:
        """Work until it is cancelled; the process ends then."""
        try:
            while True:
                job = await self._next(jobs)
                if job is not None and not await self._take(job):
                    await self._rest()
        finally:
            await self._end()

    async def _next(self, jobs: Queue[Job]) -> Job | None:
        """The next job; None after the process was ended for want of one."""
        try:
            async with asyncio.timeout(self._idle if self._process is not None else None):
                return await jobs.get()
        except TimeoutError:
            await self._end()
            return None

    async def _take(self, job: Job) -> bool:
        """Do a job; False where the process failed."""
        if asyncio.get_running_loop().time() > job.until:
            job.fail(Reason.WAITED)
            return True
        try:
            if self._process is None:
                self._process = await self._start()
        except OSError as error:
            log.error("pictures cannot be checked", error=str(error))
            self._failures += 1
            job.fail(Reason.DOWN)
            return False
        try:
            return await self._work(job, self._process)
        finally:
            job.fail(Reason.DIED)  # whatever happened, nobody waits for ever

    async def _work(self, job: Job, process: CheckingProcess) -> bool:
        try:
            job.answer(await job.work(process))
            self._failures = 0
            return True
        except TimeoutError:
            reason = Reason.SLOW
        except (OSError, EOFError, ValueError):
            reason = Reason.DIED
        # Never more than that: what is in the picture is nobody's business here.
        log.warning("a process that checks pictures is replaced", why=reason.value)
        self._failures = 0 if process.answers else self._failures + 1
        await self._end()
        job.fail(reason)
        return False

    async def _rest(self) -> None:
        if self._failures < 2:
            return
        seconds = min(self._pause * 2 ** (self._failures - 2), max(LONGEST_PAUSE, self._pause))
        self.rests_until = asyncio.get_running_loop().time() + seconds
        await asyncio.sleep(seconds)  # a pause between starts, not a wait for anything

    async def _end(self) -> None:
        """End the process. Once begun it goes on to its end, and may be called again meanwhile."""
        if self._process is not None:
            await asyncio.shield(self._process.end())
            self._process = None
