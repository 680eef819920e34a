"""Which engine the settings ask for."""

from __future__ import annotations

from pathlib import Path

from models.endpoint.engine import HttpEngine
from models.engine import Engine, SamplingParams
from models.settings import ModelSettings

SHIPPED = Path(__file__).parent / "fledgling" / "checkpoint"


def engine_from_settings(settings: ModelSettings) -> Engine:
    """The endpoint's engine where one is set, else a checkpoint in this process.

    Nothing is loaded until it is opened, but a checkpoint that cannot be served is refused here.
    Raises CheckpointError."""
    if settings.engine_url:
        return HttpEngine(
            settings.engine_url,
            model=settings.model,
            api_key=settings.engine_api_key,
            context_window=settings.context_window,
            max_pictures=settings.max_pictures,
        )
    from models.local.engine import TransformersEngine  # torch is only needed from here on

    return TransformersEngine(
        settings.model or str(SHIPPED),
        context_window=settings.context_window,
        max_pictures=settings.max_pictures,
        demonstration=not settings.model,
    )


def sampling_from_settings(settings: ModelSettings) -> SamplingParams:
    """How answers are sampled."""
    return SamplingParams(max_tokens=settings.max_tokens, temperature=settings.temperature)
