"""Checks of what answers: the checkpoint or the endpoint, and endpoints found on this machine."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx2

import models
from bot.checks.finding import Finding, note, ok, wrong
from bot.settings import Settings
from models.endpoint.engine import base_url, key_headers
from models.endpoint.presets import presets
from models.errors import CheckpointError
from models.settings import ModelSettings

SHIPPED = Path(models.__path__[0]) / "fledgling" / "checkpoint"
LOCAL_ENDPOINTS = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080, "vLLM": 8000}
PATIENCE = 10.0  # seconds for the endpoint that is set
GLANCE = 0.7  # seconds for each that may or may not be there


async def check_engine(settings: Settings) -> list[Finding]:
    """The endpoint answers and has the model, or the checkpoint can be loaded."""
    if settings.model.engine_url:
        return await check_endpoints(settings.model)
    return await asyncio.to_thread(_checkpoint, settings)


async def check_endpoints(model: ModelSettings) -> list[Finding]:
    """Each endpoint answers and has the model."""
    found = [await _one_endpoint(each, model) for each in model.engine_urls]
    return [line for lines in found for line in lines]


async def _one_endpoint(url: str, model: ModelSettings) -> list[Finding]:
    cloud = presets().get(url)
    wanted, key = model.model, model.engine_api_key
    alone = len(model.engine_urls) == 1 and not cloud
    name = "the endpoint" if alone else url
    if cloud:
        name = cloud.title
        if not key:
            return wrong("engine", f"ENGINE_API_KEY: {name} wants its key, {cloud.key}")
        wanted = cloud.model(wanted)
        url = cloud.address(account=model.engine_account, region=model.engine_region)
        if not cloud.lists_models:
            return note("engine", f"{name} is not asked before the first prompt; model: {wanted}")
    prefix = "ENGINE_URL: " if alone else f"ENGINE_URL: {name}: "
    try:
        names = await model_names(url, headers=key_headers(key), seconds=PATIENCE)
    except httpx2.HTTPStatusError as error:
        status = error.response.status_code
        why = "ENGINE_API_KEY is refused" if status in (401, 403) else f"answers {status}"
        return wrong("engine", prefix + why)
    except (httpx2.HTTPError, ValueError) as error:
        why = f"no answer ({type(error).__name__})"
        return wrong("engine", prefix + why)
    if wanted and names and wanted not in names:
        return wrong("engine", f"MODEL: {wanted} is not there; there are {', '.join(names)}")
    return ok("engine", f"{name} answers; model: {wanted or (names or ['?'])[0]}")


def _checkpoint(settings: Settings) -> list[Finding]:
    name = settings.model.model or str(SHIPPED)
    try:
        from models.local.checkpoint import LLAMA4, check_folder
        from models.local.hub import HUB_ID
    except ImportError as error:
        return note("engine", f"{name} is not checked here: {error.name} is not installed")
    if HUB_ID.fullmatch(name) and not Path(name).is_dir():
        return note(
            "engine",
            f"{name} comes from the hub when the worker starts, which keeps to one commit of it",
        )
    try:
        kind = check_folder(Path(name).expanduser())
    except CheckpointError as error:
        return wrong("engine", str(error))
    if kind != LLAMA4:
        return note(
            "engine",
            f"checkpoint {name} is of kind {kind} and answers through transformers' generate(): "
            "slower than a server such as vLLM or Ollama with ENGINE_URL",
        )
    return ok("engine", f"checkpoint {name}" if settings.model.model else "the shipped checkpoint")


async def find_endpoints(
    settings: Settings, *, ports: dict[str, int] | None = None
) -> list[Finding]:
    """Model servers on loopback, with the line that connects each."""
    if settings.model.engine_url:
        return []
    wanted = LOCAL_ENDPOINTS if ports is None else ports
    found = await asyncio.gather(*(_glance(name, port) for name, port in wanted.items()))
    return [line for each in found for line in each]


async def _glance(name: str, port: int) -> list[Finding]:
    url = f"http://127.0.0.1:{port}/v1"
    try:
        names = await model_names(url, headers={}, seconds=GLANCE)
    except (httpx2.HTTPError, ValueError):
        return []
    if not names:
        return note("endpoints", f"{name} runs on port {port}, without a model")
    more = f"  (also: {', '.join(names[1:6])})" if names[1:] else ""
    line = f"ENGINE_URL={url} MODEL={names[0]} make run"
    return note("endpoints", f"{name} found. To use it:  {line}{more}")


async def model_names(url: str, *, headers: dict[str, str], seconds: float) -> list[str]:
    """The models of an OpenAI-compatible endpoint.

    Raises httpx2.HTTPError, and ValueError where the answer is of another kind.
    """
    async with httpx2.AsyncClient(timeout=seconds, headers=headers) as client:
        response = await client.get(f"{base_url(url)}/models")
    response.raise_for_status()
    answer: Any = response.json()
    try:
        return [str(each["id"]) for each in answer["data"] or []]
    except (KeyError, TypeError) as error:
        raise ValueError("not a list of models") from error
