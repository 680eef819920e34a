"""What can go wrong between a prompt and its answer."""

from __future__ import annotations

from chat.errors import AssistantError


class EngineError(AssistantError):
    """The engine did not answer; `key` is what the person is told."""

    key = "failed-engine"


class EngineUnavailable(EngineError):
    """Nothing is wrong with the prompt, the endpoint just does not answer now.

    `retry_after` is the time in seconds that the endpoint asked for, or None.
    """

    key = "failed-endpoint"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EngineMisconfigured(EngineUnavailable):
    """The endpoint refuses us (a wrong key, an unknown model): the operator has to act."""


class EngineStalled(EngineError):
    """A step of the model has not come back: its thread is lost and its process should go."""


class StepFailed(EngineError):
    """A step of the model raised, or its numbers were not numbers. Only this turn has failed."""


class PromptTooLong(EngineError):
    """What was said in this turn alone does not fit the context window."""

    key = "refused-too-long"


class TooManyPictures(EngineError):
    """The endpoint takes at most `limit` pictures in a prompt, as `Engine.info` now says too."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the endpoint takes {limit} pictures in a prompt")
        self.limit = limit


class CheckpointError(EngineError):
    """A checkpoint cannot be served; the message names it and says what is wrong with it."""
