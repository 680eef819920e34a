"""Leaving alone what does not answer, so that nobody waits for it in vain."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from models.errors import EngineUnavailable
from models.guard.errors import GuardAway, of_guard

log = structlog.get_logger()

LONGEST_REST = 60.0  # seconds, whatever a limit asks for


class Breaker:
    """After `after` failures in a row nothing is asked for `rest` seconds, or as long as the
    endpoint asked for; then one question at a time, until one is answered.

    Being cancelled counts as a failure where it came after `slow` seconds: that is how whoever asks
    tells that it has waited long enough. Times in seconds."""

    def __init__(
        self,
        *,
        after: int = 2,
        rest: float = 10.0,
        slow: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._after, self._rest, self._slow = after, rest, slow
        self._clock = clock
        self._failures = 0
        self._resting_until = 0.0
        self._trying = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Around each question. Raises GuardAway at once while nothing is asked, and for an engine
        that does not answer."""
        tries = self._admit()
        began = self._clock()
        try:
            yield
        except EngineUnavailable as error:
            self._failed(error.retry_after)
            raise GuardAway(of_guard(str(error))) from error
        except (asyncio.CancelledError, TimeoutError):
            if self._clock() - began >= self._slow:
                self._failed(None)
            raise
        except BaseException:
            self._failures = 0  # it did answer, whatever it said
            raise
        else:
            self._failures = 0
        finally:
            if tries:
                self._trying = False

    def _admit(self) -> bool:
        """Whether this question is the one that tries."""
        if self._failures < self._after:
            return False
        if self._trying or self._clock() < self._resting_until:
            raise GuardAway("the guard did not answer and is left alone for a while")
        self._trying = True
        return True

    def _failed(self, retry_after: float | None) -> None:
        self._failures += 1
        rest = self._rest if retry_after is None else min(retry_after, LONGEST_REST)
        if self._failures >= self._after:
            self._resting_until = self._clock() + rest
        if self._failures == self._after:
            log.warning("guard-away", rest=rest)
