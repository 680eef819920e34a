"""Which guard the settings ask for."""

from __future__ import annotations

from pathlib import Path

from models.endpoint.engine import Patience
from models.errors import CheckpointError
from models.guard.check import WINDOW, GuardCheck
from models.guard.errors import of_guard
from models.guard.hazards import codes
from models.guard.settings import GuardSettings
from models.loading import endpoint_from_settings

PATIENCE = Patience(connect=2, first=15, between=5)  # somebody waits behind each verdict
ELSEWHERE = "Serve it with vLLM or Ollama and set GUARD_URL"


def guard_from_settings(settings: GuardSettings, *, pins: Path | None = None) -> GuardCheck | None:
    """The guard, to be opened before use; None where none is set.

    `pins` is the file that keeps which commits of checkpoints at the hub are served here. Raises
    CheckpointError for a checkpoint that cannot be a guard in this process."""
    if not settings.wanted:
        return None
    excluded = codes(settings.guard_excludes)
    if settings.guard_url:
        engine = endpoint_from_settings(settings.endpoint, patience=PATIENCE, always_parts=True)
        return GuardCheck(engine, excluded=excluded)
    try:
        return _in_process(settings, excluded, pins)
    except CheckpointError as error:
        raise CheckpointError(of_guard(str(error))) from error


def _in_process(settings: GuardSettings, excluded: frozenset[str], pins: Path | None) -> GuardCheck:
    from models.local.checkpoint import Checkpoint  # torch is only needed from here on
    from models.local.engine import TransformersEngine, room_for_keys
    from models.local.hub import pin

    model = pin(settings.guard_model, pins) if pins else settings.guard_model
    if not Checkpoint(model).is_llama4:
        raise CheckpointError(f"MODEL: {model} has not Llama 4's architecture. {ELSEWHERE}")
    engine = TransformersEngine(
        model,
        number_format=settings.guard_number_format,
        context_window=WINDOW,
        memory=room_for_keys() // 2,  # it stands beside the assistant's model
    )
    return GuardCheck(engine, excluded=excluded, in_process=True)
