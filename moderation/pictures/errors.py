"""What keeps a picture from being looked at."""

from __future__ import annotations

from enum import StrEnum

from chat.errors import AssistantError


class Reason(StrEnum):
    """Why a picture was not looked at."""

    SLOW = "slow"  # it took longer than its limit
    DIED = "died"  # the process died of it, or said what no honest one says
    UNREADABLE = "unreadable"  # it is no JPEG or PNG
    BUSY = "busy"  # too many others wait
    WAITED = "waited"  # nobody came to it in time
    DOWN = "down"  # no process can be started


class PictureUnchecked(AssistantError):
    """Nobody knows what is in this picture."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"a picture was not looked at: {reason}")
        self.reason = reason


class PictureChecksOff(AssistantError):
    """No picture is looked at here, since packages are missing; the message says which."""
