"""Which answers take the next step: admission, cancelling and fairness, around one thread.

Batches have one sequence for now; several in one step belong into `_batch` and the runner."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from models.engine import EngineOutput, Finished
from models.errors import EngineError, StepFailed

Emit = Callable[[EngineOutput | EngineError], None]


class Running(Protocol):
    """An answer being computed."""

    def step(self) -> list[EngineOutput]:
        """Compute a piece of the prompt or one token; what came of it, `Finished` last."""
        ...


class Job:
    """One answer: opened and stepped in the scheduler's thread, emitting as it goes."""

    def __init__(self, open_: Callable[[], Running], emit: Emit) -> None:
        self.open = open_
        self.emit = emit
        self.cancelled = False
        self.running: Running | None = None


class Scheduler:
    """One thread that steps the admitted jobs in turn. At most `max_running` hold a cache at once,
    the others wait in the order they came."""

    def __init__(self, *, max_running: int = 1, clock: Callable[[], float] = time.time) -> None:
        self._max_running = max_running
        self._clock = clock
        self._waiting: deque[Job] = deque()
        self._admitted: deque[Job] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._last_step = clock()
        # A daemon, so that a step that never comes back cannot keep the process alive.
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)

    @property
    def last_step_at(self) -> float:
        """When the last step ended (epoch seconds); the present while there is nothing to do."""
        with self._changed:
            busy = self._admitted or self._waiting
            return self._last_step if busy else self._clock()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self, timeout: float = 10) -> None:
        """Cancel everything and wait up to `timeout` seconds for the step under way."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(timeout)

    def add(self, job: Job) -> None:
        """Queue a job."""
        with self._changed:
            if not (self._admitted or self._waiting):
                self._last_step = self._clock()
            self._waiting.append(job)
            self._changed.notify()

    def cancel(self, job: Job) -> None:
        """Compute nothing more for a job after the step under way."""
        with self._changed:
            job.cancelled = True
            self._changed.notify()

    def _run(self) -> None:
        while self._admit():
            for job in self._batch():
                self._step(job)

    def _admit(self) -> bool:
        """Drop what was cancelled, take in what there is room for; waits while there is nothing."""
        with self._changed:
            while True:
                self._drop_cancelled()
                if self._closing:
                    return False
                while self._waiting and len(self._admitted) < self._max_running:
                    self._admitted.append(self._waiting.popleft())
                if self._admitted:
                    return True
                self._changed.wait()

    def _drop_cancelled(self) -> None:
        self._waiting = deque(job for job in self._waiting if not job.cancelled)
        self._admitted = deque(job for job in self._admitted if not job.cancelled)

    def _batch(self) -> Sequence[Job]:
        """The jobs of the next step: each admitted one in turn."""
        with self._changed:
            self._admitted.rotate(-1)
            return [self._admitted[-1]]

    def _step(self, job: Job) -> None:
        outputs: list[EngineOutput | EngineError] = []
        try:
            if job.running is None:
                job.running = job.open()
            outputs.extend(job.running.step())
        except EngineError as error:
            outputs.append(error)
        except Exception as error:  # whatever a model raises fails this answer only
            outputs.append(StepFailed(f"{type(error).__name__}: {error}"))
        ended = bool(outputs) and isinstance(outputs[-1], Finished | EngineError)
        with self._changed:
            self._last_step = self._clock()
            if ended and job in self._admitted:
                self._admitted.remove(job)
        for output in outputs:
            job.emit(output)
