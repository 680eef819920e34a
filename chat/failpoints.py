"""Named points in the life of a turn at which a test run can be told to end the process.

Whoever serves people arms nothing, and a point then costs one comparison. What happens at a point
is handed in (`bot/failpoints.py`), since this house does nothing to the world.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Failpoint(StrEnum):
    """Every point, in the order in which a turn passes them. docs/architecture.md lists them."""

    # a bot receives and accepts
    UPDATES_RECEIVED = "updates-received"
    UPDATES_HANDLED = "updates-handled"
    UPDATES_COMMITTED = "updates-committed"
    UPDATES_ANNOUNCED = "updates-announced"
    UPDATES_ACCEPTED = "updates-accepted"
    # a bot fetches pictures and sweeps
    PICTURES_TAKEN = "pictures-taken"
    PICTURE_FETCHED = "picture-fetched"
    PICTURE_STORED = "picture-stored"
    PICTURE_RECORDED = "picture-recorded"
    TURNS_PROMOTED = "turns-promoted"
    LEASES_EXPIRED = "leases-expired"
    # a worker claims and answers
    HINTS_TAKEN = "hints-taken"
    TURNS_CLAIMED = "turns-claimed"
    TURNS_STARTED = "turns-started"
    HISTORY_LOADED = "history-loaded"
    PROMPT_BUILT = "prompt-built"
    FIRST_TEXT = "first-text"
    DELTAS_WRITTEN = "deltas-written"
    LEASES_RENEWED = "leases-renewed"
    ANSWER_COMPUTED = "answer-computed"
    ENDS_WRITTEN = "ends-written"
    ENDS_COMMITTED = "ends-committed"
    ENDS_TOLD = "ends-told"
    SESSION_REMEMBERED = "session-remembered"
    # a bot shows the answer, and says what else there is to say
    SHOWINGS_TAKEN = "showings-taken"
    PLACEHOLDER_RECORDED = "placeholder-recorded"
    PLACEHOLDER_SENT = "placeholder-sent"
    PLACEHOLDER_STORED = "placeholder-stored"
    DRAFT_EDITED = "draft-edited"
    ANSWER_RECORDED = "answer-recorded"
    ANSWER_SENT = "answer-sent"
    PART_EDITED = "part-edited"
    SHOWING_ENDED = "showing-ended"
    NOTICE_BEGUN = "notice-begun"
    NOTICE_SENT = "notice-sent"
    NOTICE_RECORDED = "notice-recorded"


_act: Callable[[Failpoint], None] | None = None


def arm(act: Callable[[Failpoint], None] | None) -> None:
    """Let this be called wherever the process passes a point; None disarms all of them."""
    global _act
    _act = act


def reached(point: Failpoint) -> None:
    """The process passes this point."""
    if _act is not None:
        _act(point)
