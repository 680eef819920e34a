"""Which engine the settings ask for."""

from __future__ import annotations

from pathlib import Path

from models.endpoint.engine import HttpEngine, Patience
from models.endpoint.pool import EndpointPool
from models.endpoint.presets import presets
from models.engine import Engine, SamplingParams
from models.settings import ModelSettings

SHIPPED = Path(__file__).parent / "fledgling" / "checkpoint"


def engine_from_settings(settings: ModelSettings, pins: Path | None = None) -> Engine:
    """The endpoint's engine where one is set, else a checkpoint in this process.

    `pins` is the file that keeps which commits of checkpoints at the hub are served here. Nothing
    is loaded until it is opened, but a checkpoint that cannot be served is refused here.
    Raises CheckpointError."""
    if settings.engine_url:
        return endpoint_from_settings(settings)
    from models.local.checkpoint import Checkpoint  # torch is only needed from here on
    from models.local.engine import TransformersEngine
    from models.local.generated import GenerateEngine
    from models.local.hub import pin

    model = pin(settings.model, pins) if pins else settings.model
    if model and not Checkpoint(model).is_llama4:
        return GenerateEngine(
            model,
            number_format=settings.number_format,
            context_window=settings.context_window,
            max_pictures=settings.max_pictures,
        )
    return TransformersEngine(
        model or str(SHIPPED),
        number_format=settings.number_format,
        context_window=settings.context_window,
        max_pictures=settings.max_pictures,
        demonstration=not model,
    )


def endpoint_from_settings(
    settings: ModelSettings, *, patience: Patience | None = None, always_parts: bool = False
) -> Engine:
    """The engine for what ENGINE_URL names, or the pool where that is several."""
    engines = [
        _endpoint(each, settings, patience=patience, always_parts=always_parts)
        for each in settings.engine_urls
    ]
    return engines[0] if len(engines) == 1 else EndpointPool(engines)


def _endpoint(
    url: str, settings: ModelSettings, *, patience: Patience | None, always_parts: bool
) -> HttpEngine:
    """The engine for an address, or for a cloud by its name."""
    cloud = presets().get(url)
    model = settings.model
    if cloud:
        model = cloud.model(model)
        url = cloud.address(account=settings.engine_account, region=settings.engine_region)
    return HttpEngine(
        url,
        model=model,
        api_key=settings.engine_api_key,
        key_header=cloud.header if cloud else "",
        lists_models=cloud.lists_models if cloud else True,
        context_window=settings.context_window,
        max_pictures=settings.max_pictures,
        patience=patience,
        always_parts=always_parts,
    )


def sampling_from_settings(settings: ModelSettings) -> SamplingParams:
    """How answers are sampled."""
    return SamplingParams(max_tokens=settings.max_tokens, temperature=settings.temperature)
