"""What goes wrong among the handlers."""

from __future__ import annotations

from chat.errors import AssistantError
from storage.errors import NotFound

__all__ = ["HandlerError", "NotFound", "NotTheirs"]


class HandlerError(AssistantError):
    """A handler cannot do what was asked."""


class NotTheirs(HandlerError):
    """A message came for a conversation that belongs to somebody else."""
