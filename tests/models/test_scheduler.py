"""Admission, cancelling and failures around one thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from queue import Queue

import pytest

from models.engine import EngineOutput, Finished, TextChunk
from models.errors import EngineError, StepFailed
from models.scheduler import Job, Scheduler

Said = Queue[EngineOutput | EngineError]


class Counting:
    """Says as many numbers as it is told, one in each step."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.outputs: list[EngineOutput | EngineError] = []
        self.closed = threading.Event()

    def count(self) -> None:
        self.left -= 1
        self.outputs.append(TextChunk(str(self.left)))
        if not self.left:
            self.outputs.append(Finished("stop"))


class Together:
    """Steps all at once, each time it may; `batches` are who took each step."""

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)
        self.stepping = threading.Event()
        self.batches: list[list[Counting]] = []
        self.explodes = False

    def step(self, answers: Sequence[Counting]) -> None:
        self.batches.append(list(answers))
        self.stepping.set()
        assert self.gate.acquire(timeout=10)
        if self.explodes:
            raise MemoryError("too large")
        for answer in answers:
            answer.count()

    def close(self, answer: Counting) -> None:
        answer.closed.set()


@pytest.fixture
def together() -> Together:
    return Together()


@contextmanager
def running(
    together: Together, *, most_running: int = 2, most_bytes: int = 1 << 62, steps: int = 1000
) -> Iterator[Scheduler[Counting]]:
    """A scheduler that may make so many steps."""
    together.gate.release(steps) if steps else None
    scheduler = Scheduler(lambda: together, most_running=most_running, most_bytes=most_bytes)
    scheduler.start()
    yield scheduler
    together.gate.release(100)
    scheduler.close()


def job(steps: int, *, bytes: int = 0) -> tuple[Job[Counting], Said]:
    said: Said = Queue()
    return Job(Counting(steps), said.put, bytes=bytes), said


def until_end(said: Said) -> list[EngineOutput | EngineError]:
    outputs = [said.get(timeout=10)]
    while not isinstance(outputs[-1], Finished | EngineError):
        outputs.append(said.get(timeout=10))
    return outputs


def test_jobs_come_to_their_ends_and_are_closed(together: Together) -> None:
    with running(together) as scheduler:
        jobs = [job(3) for _ in range(5)]
        for each, _ in jobs:
            scheduler.add(each)
        for each, said in jobs:
            expected = [TextChunk("2"), TextChunk("1"), TextChunk("0"), Finished("stop")]
            assert until_end(said) == expected
            assert each.answer.closed.wait(10)


def test_admitted_jobs_step_together_and_others_join_when_one_leaves(together: Together) -> None:
    with running(together, steps=0) as scheduler:
        jobs = [job(steps) for steps in (2, 5, 5)]
        scheduler.add(jobs[0][0])
        assert together.stepping.wait(10)
        for each, _ in jobs[1:]:
            scheduler.add(each)
        together.gate.release(20)
        for _, said in jobs:
            until_end(said)
    first, second, third = (each.answer for each, _ in jobs)
    met = [set(batch) for batch in together.batches]
    assert met[:2] == [{first}, {first, second}]
    assert {second, third} in met
    assert max(map(len, met)) == 2


def test_each_is_first_in_its_turn(together: Together) -> None:
    with running(together, steps=0) as scheduler:
        jobs = [job(6) for _ in range(2)]
        for each, _ in jobs:
            scheduler.add(each)
        together.gate.release(20)
        for _, said in jobs:
            until_end(said)
    firsts = [batch[0] for batch in together.batches if len(batch) == 2]
    assert len(firsts) >= 4
    assert all(one is not other for one, other in pairwise(firsts))


def test_memory_is_given_in_the_order_they_came(together: Together) -> None:
    with running(together, most_running=9, most_bytes=10, steps=0) as scheduler:
        jobs = [job(2, bytes=size) for size in (99, 7, 7, 1)]
        for each, _ in jobs:
            scheduler.add(each)
        together.gate.release(50)
        for _, said in jobs:
            until_end(said)
    huge, large, other, small = (each.answer for each, _ in jobs)
    met = [set(batch) for batch in together.batches]
    assert met[0] == {huge}  # alone, as it needs more than there is
    assert {large, other} not in met
    assert {other, small} in met
    assert not any(small in batch and large in batch for batch in met)


def test_a_cancelled_job_makes_no_further_step(together: Together) -> None:
    with running(together, steps=0) as scheduler:
        endless, _ = job(100)
        scheduler.add(endless)
        assert together.stepping.wait(10)
        scheduler.cancel(endless)
        together.gate.release(3)
        other, said = job(1)
        scheduler.add(other)
        until_end(said)
        assert endless.answer.left >= 98
        assert endless.answer.closed.wait(10)


def test_a_waiting_job_that_is_cancelled_never_steps(together: Together) -> None:
    with running(together, steps=0) as scheduler:
        for _ in range(2):
            scheduler.add(job(1)[0])
        waiting, _ = job(1)
        scheduler.add(waiting)
        scheduler.cancel(waiting)
        last, said = job(1)
        scheduler.add(last)
        together.gate.release(5)
        until_end(said)
    assert not any(waiting.answer in batch for batch in together.batches)


def test_a_step_that_raises_fails_those_in_it_only(together: Together) -> None:
    together.explodes = True
    with running(together) as scheduler:
        one, said = job(1)
        scheduler.add(one)
        (error,) = until_end(said)
        assert isinstance(error, StepFailed)
        assert "too large" in str(error)
        together.explodes = False
        other, heard = job(1)
        scheduler.add(other)
        assert isinstance(until_end(heard)[-1], Finished)


def test_the_last_step_grows_old_only_while_there_is_work(together: Together) -> None:
    now = [100.0]
    clock: Callable[[], float] = lambda: now[0]  # noqa: E731
    scheduler = Scheduler(lambda: together, clock=clock)
    scheduler.start()
    now[0] = 200.0
    assert scheduler.last_step_at == 200.0
    hung, said = job(1)
    scheduler.add(hung)
    now[0] = 300.0
    assert scheduler.last_step_at == 200.0
    together.gate.release()
    until_end(said)
    assert scheduler.last_step_at == 300.0
    scheduler.close()
