"""What people were told lately, so that a flood is not answered by a flood."""

from __future__ import annotations

from collections.abc import Callable

MOST = 10_000  # sentences that are remembered


class Told:
    """Sentences and until when they need not be said again. Each process remembers its own: after
    a restart, or by another bot, something is said once more."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}
        self._new: list[tuple[str, str]] = []

    def first(self, place: str, key: str, seconds: float) -> bool:
        """Whether this sentence is to be said in this place: not within `seconds` of the last."""
        now = self._clock()
        if self._until.get((place, key), 0.0) > now:
            return False
        if len(self._until) >= MOST:
            self._until = {each: until for each, until in self._until.items() if until > now}
        if len(self._until) < MOST:
            self._until[place, key] = now + seconds
            self._new.append((place, key))
        return True

    def keep(self) -> None:
        """What was to be said lately is recorded now."""
        self._new.clear()

    def forget(self) -> None:
        """Say again what was to be said since the last `keep`: it was not recorded."""
        for each in self._new:
            self._until.pop(each, None)
        self._new.clear()
