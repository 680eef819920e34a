"""Faults for the next calls of a method: answers that are lost, errors, delays."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fakes.telegram.errors import ApiError, too_many_requests


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of `method` (`*` for any, getUpdates excepted)."""

    method: str
    times: int
    error: ApiError | None = None
    hang_up_before: bool = False
    hang_up_after: bool = False
    delay: float = 0.0
    garbage: bool = False


class Faults:
    """The faults that are still to happen, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def loses_answer(self, method: str, times: int = 1) -> None:
        """The call takes effect, and the connection closes before its answer."""
        self._waiting.append(Fault(method, times, hang_up_after=True))

    def drops(self, method: str, times: int = 1) -> None:
        """The connection closes before the call takes any effect."""
        self._waiting.append(Fault(method, times, hang_up_before=True))

    def answers(self, method: str, code: int, description: str, times: int = 1) -> None:
        """The call is refused with this error and has no effect."""
        self._waiting.append(Fault(method, times, error=ApiError(code, description)))

    def floods(self, method: str, retry_after: int, times: int = 1) -> None:
        """The call is refused with 429, and the chat is in a wait from then on."""
        self._waiting.append(Fault(method, times, error=too_many_requests(retry_after)))

    def delays(self, method: str, seconds: float, times: int = 1) -> None:
        """The call takes effect at once and is answered late."""
        self._waiting.append(Fault(method, times, delay=seconds))

    def answers_garbage(self, method: str, times: int = 1) -> None:
        """The call takes effect, and the answer is not JSON (as from a broken proxy)."""
        self._waiting.append(Fault(method, times, garbage=True))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The fault for this call, used up once."""
        for fault in self._waiting:
            if fault.method == method or (fault.method == "*" and method != "getUpdates"):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None
