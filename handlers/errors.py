"""What goes wrong among the handlers."""

from __future__ import annotations

from chat.errors import AssistantError


class HandlerError(AssistantError):
    """A handler cannot do what was asked."""


class NotFound(HandlerError):
    """There is no such thing, or it is somebody else's: the two must look alike."""

    key = "not-found"
