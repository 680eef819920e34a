"""Admission, cancelling and failures around one thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import Queue

import pytest

from models.engine import EngineOutput, Finished, TextChunk
from models.errors import EngineError, StepFailed
from models.scheduler import Job, Running, Scheduler


class Counting(Running):
    """Says as many numbers as it is told, each step as soon as it may."""

    def __init__(self, steps: int, *, gate: threading.Semaphore | None = None) -> None:
        self.left = steps
        self.gate = gate
        self.stepped = threading.Event()

    def step(self) -> list[EngineOutput]:
        if self.gate is not None:
            assert self.gate.acquire(timeout=10)
        self.left -= 1
        self.stepped.set()
        text = TextChunk(str(self.left))
        return [text] if self.left else [text, Finished("stop")]


@pytest.fixture
def scheduler() -> Iterator[Scheduler]:
    scheduler = Scheduler(max_running=2)
    scheduler.start()
    yield scheduler
    scheduler.close()


def job(running: Running) -> tuple[Job, Queue[EngineOutput | EngineError]]:
    said: Queue[EngineOutput | EngineError] = Queue()
    return Job(lambda: running, said.put), said


def until_end(said: Queue[EngineOutput | EngineError]) -> list[EngineOutput | EngineError]:
    outputs = [said.get(timeout=10)]
    while not isinstance(outputs[-1], Finished | EngineError):
        outputs.append(said.get(timeout=10))
    return outputs


def test_jobs_come_to_their_ends(scheduler: Scheduler) -> None:
    jobs = [job(Counting(3)) for _ in range(5)]
    for each, _ in jobs:
        scheduler.add(each)
    for _, said in jobs:
        assert [TextChunk("2"), TextChunk("1"), TextChunk("0"), Finished("stop")] == until_end(said)


def test_admitted_jobs_step_in_turn(scheduler: Scheduler) -> None:
    gate = threading.Semaphore(0)
    order: Queue[str] = Queue()
    for name in "ab":
        running = Counting(3, gate=gate)
        scheduler.add(Job(lambda running=running: running, lambda _, name=name: order.put(name)))  # type: ignore[misc]
    gate.release(6)
    steps = "".join(order.get(timeout=10) for _ in range(8))
    assert steps.index("b") < steps.rindex("a")


def test_a_cancelled_job_makes_no_further_step(scheduler: Scheduler) -> None:
    gate = threading.Semaphore(1)
    running = Counting(100, gate=gate)
    endless, _ = job(running)
    scheduler.add(endless)
    assert running.stepped.wait(10)
    scheduler.cancel(endless)
    gate.release(3)
    other, said = job(Counting(1))
    scheduler.add(other)
    until_end(said)
    assert running.left >= 98


def test_a_waiting_job_that_is_cancelled_never_opens(scheduler: Scheduler) -> None:
    gate = threading.Semaphore(0)
    for _ in range(2):
        scheduler.add(job(Counting(1, gate=gate))[0])
    opened = threading.Event()

    def open_() -> Running:
        opened.set()
        return Counting(1)

    waiting = Job(open_, lambda _: None)
    scheduler.add(waiting)
    scheduler.cancel(waiting)
    last, said = job(Counting(1))
    scheduler.add(last)
    gate.release(2)
    until_end(said)
    assert not opened.is_set()


def test_an_exception_fails_its_own_job_only(scheduler: Scheduler) -> None:
    def explode() -> Running:
        raise MemoryError("too large")

    said: Queue[EngineOutput | EngineError] = Queue()
    scheduler.add(Job(explode, said.put))
    (error,) = until_end(said)
    assert isinstance(error, StepFailed)
    other, heard = job(Counting(1))
    scheduler.add(other)
    assert isinstance(until_end(heard)[-1], Finished)


def test_the_last_step_grows_old_only_while_there_is_work() -> None:
    now = [100.0]
    scheduler = Scheduler(clock=lambda: now[0])
    scheduler.start()
    gate = threading.Semaphore(0)
    now[0] = 200.0
    assert scheduler.last_step_at == 200.0
    hung, said = job(Counting(1, gate=gate))
    scheduler.add(hung)
    now[0] = 300.0
    assert scheduler.last_step_at == 200.0
    gate.release()
    until_end(said)
    assert scheduler.last_step_at == 300.0
    scheduler.close()
