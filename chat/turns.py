"""One prompt and its answer, from the first piece of the prompt to the last word shown."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from chat.conversations import ConversationKey


class TurnState(StrEnum):
    """Where a turn is in its life; the last four are ends."""

    COLLECTING = "collecting"  # pieces or pictures of the prompt are still on their way
    QUEUED = "queued"
    RUNNING = "running"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def is_end(self) -> bool:
        """Whether nothing will be computed for this turn any more."""
        return self not in (TurnState.COLLECTING, TurnState.QUEUED, TurnState.RUNNING)


class Turn(Struct, frozen=True):
    """A turn as SQL records it.

    `attempt` is the number of the try that may write; `crashes` counts only tries that a dying
    worker ended. `reason` is a text key that says why it ended without an answer. `shown` says that
    nothing is left to show.
    """

    id: int
    conversation_id: int
    state: TurnState
    attempt: int
    crashes: int
    created_at: float
    reason: str = ""
    answer: str = ""
    answer_id: int | None = None
    cancel_requested: bool = False
    shown: bool = False


class ClaimedTurn(Struct, frozen=True):
    """What a worker needs to answer a turn that it has claimed.

    `revision` is the conversation's, to be held against the hot session; `alone` asks to run it
    without neighbours because it has killed workers before. `postponed_since` is when its endpoint
    first failed it (epoch seconds), or None. `region` and `restricted` are the person's, which
    policies ask for; `cleared_up_to` is the last message that somebody has let through;
    `told_places` are the hosts that the person was told their words go to; `budget` is the person's
    own, empty where it is the usual one.
    """

    id: int
    attempt: int
    conversation_id: int
    key: ConversationKey
    user_id: int
    user_name: str
    language: str
    revision: int
    alone: bool
    created_at: float
    postponed_since: float | None = None
    region: str = ""
    restricted: bool = False
    cleared_up_to: int = 0
    told_places: frozenset[str] = frozenset()
    budget: str = ""


class ShownTurn(Struct, frozen=True):
    """Where a turn is shown, in which language, and which bot owns its showing."""

    turn: Turn
    key: ConversationKey
    user_id: int
    language: str
    reply_to: str = ""
    delivery_owner: str = ""


class TurnHint(Struct, frozen=True):
    """Look at this conversation: it has a turn to answer."""

    conversation_id: int


class TurnDelta(Struct, frozen=True, tag="delta"):
    """Text that grew.

    `text` begins at character `offset` of the answer, so that repeats are harmless.
    """

    turn_id: int
    attempt: int
    offset: int
    text: str


class TurnResult(Struct, frozen=True, tag="result"):
    """How an attempt ended. `text` is the whole answer, also what there is of it when cancelled.

    `finish_reason` is `stop` or `length` as engines say it; `reason` a text key otherwise.
    Tokens are counted by the engine; `cached_tokens` is the part of the prompt it remembered.
    `first_text_seconds` passed from the finished prompt to the first text; `pictures` is how many
    the question had. Both are None where nobody knows. `model` is the one that answered.
    """

    turn_id: int
    attempt: int
    state: TurnState
    text: str = ""
    reason: str = ""
    finish_reason: str = ""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    generated_tokens: int = 0
    first_text_seconds: float | None = None
    pictures: int | None = None
    model: str = ""


# Why a turn waits while the assistant is being worked on; after a colon what people are told
# besides.
IN_MAINTENANCE = "waiting-in-maintenance"


class TurnWaiting(Struct, frozen=True, tag="waiting"):
    """The turn is not being answered yet; `place` others go before it. `reason` is the text key of
    why it waits where it was taken up before, in vain."""

    turn_id: int
    place: int
    reason: str = ""


class TurnStarted(Struct, frozen=True, tag="started"):
    """A worker has claimed the turn; its deltas are in the stream of this attempt."""

    turn_id: int
    attempt: int


class TurnEnded(Struct, frozen=True, tag="ended"):
    """The turn has ended, or its answer was taken back; SQL says how."""

    turn_id: int


class TurnCancelled(Struct, frozen=True, tag="cancelled"):
    """Somebody asked for the turn to stop: the flag in SQL says so too."""

    turn_id: int


class TurnsLeft(Struct, frozen=True, tag="left"):
    """Turns are left to this worker for a moment, which remembers their conversations."""

    worker_id: str


class OutboundAdded(Struct, frozen=True, tag="outbound"):
    """A notice waits to be sent."""

    conversation_id: int


TurnProgress = TurnWaiting | TurnStarted | TurnDelta | TurnResult
BrokerEvent = TurnStarted | TurnEnded | TurnCancelled | TurnsLeft | OutboundAdded


class WorkerInfo(Struct, frozen=True):
    """What a live worker says of itself: the exact checkpoint and its number format.

    `demonstration` marks the checkpoint that ships with the project; `llama` that a Llama model
    answers; `local` that it is computed on the operator's own machine; `remembers` that the
    worker itself keeps what it computed for a conversation. `memory` and `accelerator_memory` are
    bytes that its process holds, 0 where it does not say.
    """

    worker_id: str
    model: str
    number_format: str
    context_window: int
    max_pictures: int
    demonstration: bool = False
    llama: bool = False
    local: bool = True
    remembers: bool = False
    memory: int = 0
    accelerator_memory: int = 0
