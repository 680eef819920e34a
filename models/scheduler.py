"""Which answers take the next step: admission, cancelling and fairness, around one thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from models.engine import EngineOutput, Finished
from models.errors import EngineError, StepFailed

Emit = Callable[[EngineOutput | EngineError], None]


class Running(Protocol):
    """An answer being computed; `outputs` is what came of its steps, its end last."""

    outputs: list[EngineOutput | EngineError]


Answers = TypeVar("Answers", bound=Running)
Stepped = TypeVar("Stepped", bound=Running, contravariant=True)


class Stepper(Protocol[Stepped]):
    """Computes answers; everything of it is called in the scheduler's thread."""

    def step(self, answers: Sequence[Stepped]) -> None:
        """One step for all of them; none has ended yet, and failures are in their outputs."""
        ...

    def close(self, answer: Stepped) -> None:
        """Free what an answer holds, whether it has ended or was cancelled."""
        ...


class Job(Generic[Answers]):
    """One answer and where its outputs go. `bytes` of memory it may come to need."""

    def __init__(self, answer: Answers, emit: Emit, *, bytes: int = 0) -> None:
        self.answer = answer
        self.emit = emit
        self.bytes = bytes
        self.cancelled = False


class Scheduler(Generic[Answers]):
    """One thread that steps the admitted jobs together.

    Jobs wait in the order they came until there is room for them: `most_running` at once, and no
    more than `most_bytes` in all, of which the first one may need more.
    """

    def __init__(
        self,
        stepper: Callable[[], Stepper[Answers]],
        *,
        most_running: int = 1,
        most_bytes: int = 1 << 62,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._stepper = stepper
        self._most_running = most_running
        self._most_bytes = most_bytes
        self._clock = clock
        self._waiting: deque[Job[Answers]] = deque()
        self._admitted: deque[Job[Answers]] = deque()
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

    def add(self, job: Job[Answers]) -> None:
        """Queue a job."""
        with self._changed:
            if not (self._admitted or self._waiting):
                self._last_step = self._clock()
            self._waiting.append(job)
            self._changed.notify()

    def cancel(self, job: Job[Answers]) -> None:
        """Compute nothing more for a job after the step under way."""
        with self._changed:
            job.cancelled = True
            self._changed.notify()

    def _run(self) -> None:
        stepper = self._stepper()
        while not self._closing:
            gone, batch = self._admit()
            for job in gone:
                stepper.close(job.answer)
            if batch:
                self._step(stepper, batch)

    def _admit(self) -> tuple[list[Job[Answers]], list[Job[Answers]]]:
        """Who was cancelled or has to end, and who takes the next step; waits while nobody does."""
        with self._changed:
            while True:
                self._waiting = deque(job for job in self._waiting if not job.cancelled)
                gone = [job for job in self._admitted if job.cancelled or self._closing]
                for job in gone:
                    self._admitted.remove(job)
                while self._waiting and not self._closing and self._fits(self._waiting[0]):
                    self._admitted.append(self._waiting.popleft())
                if self._admitted or gone or self._closing:
                    # Whoever's prompt was computed last is behind the others now.
                    self._admitted.rotate(-1)
                    return gone, list(self._admitted)
                self._changed.wait()

    def _fits(self, job: Job[Answers]) -> bool:
        if not self._admitted:
            return True
        taken = sum(other.bytes for other in self._admitted)
        return len(self._admitted) < self._most_running and taken + job.bytes <= self._most_bytes

    def _step(self, stepper: Stepper[Answers], batch: list[Job[Answers]]) -> None:
        try:
            stepper.step([job.answer for job in batch])
        except Exception as error:  # no step may end the thread that all answers depend on
            failed = StepFailed(f"{type(error).__name__}: {error}")
            for job in batch:
                job.answer.outputs.append(failed)
        ended, said = [], []
        for job in batch:
            outputs = list(job.answer.outputs)
            said.append((job, outputs))
            if outputs and isinstance(outputs[-1], Finished | EngineError):
                stepper.close(job.answer)
                ended.append(job)
            job.answer.outputs.clear()
        with self._changed:
            self._last_step = self._clock()
            for job in ended:
                self._admitted.remove(job)
        for job, outputs in said:
            for output in outputs:
                job.emit(output)
