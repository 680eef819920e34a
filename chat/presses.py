"""What people who press a button are told by the button itself."""

from __future__ import annotations

MOST = 1000  # notes that nobody has come for


class PressNotes:
    """Notes by the messenger's id of a press, until its channel shows them to who pressed. Each
    process remembers its own: where it dies, the button is silent."""

    def __init__(self) -> None:
        self._notes: dict[str, str] = {}

    def put(self, press_id: str, text: str) -> None:
        """Tell who pressed this."""
        if len(self._notes) >= MOST:
            self._notes.pop(next(iter(self._notes)))
        self._notes[press_id] = text

    def take(self, press_id: str) -> str:
        """What who pressed this is told; empty where there is nothing."""
        return self._notes.pop(press_id, "")
