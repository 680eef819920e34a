"""What can go wrong with the guard."""

from __future__ import annotations

import re

from models.errors import EngineError

_OF_THE_ENGINE = re.compile(r"\b(?:ENGINE_(?=(?:URL|API_KEY|ACCOUNT|REGION)\b)|(?=MODEL\b))")


class GuardError(EngineError):
    """The guard did not say whether something is safe: the policy says what follows from that."""


class GuardAway(GuardError):
    """The guard does not answer now, or did not just before and is left alone for a while."""


class Unreadable(GuardError):
    """What the guard said is no verdict. The message does not repeat it: it may be somebody's
    words."""


def of_guard(message: str) -> str:
    """What an engine said, with the names that the settings have for the guard."""
    return _OF_THE_ENGINE.sub("GUARD_", message)
