"""Asking an endpoint which model it serves, its context window, and whether it takes pictures."""

from __future__ import annotations

import re
from typing import Any

import httpx2
from msgspec import Struct

from models.endpoint.failures import of_answer
from models.errors import EngineMisconfigured, EngineUnavailable

OLLAMA_DEFAULT = 4096  # OLLAMA_CONTEXT_LENGTH; it cuts silently what is longer
ASKING = 5.0  # seconds for each question


class Told(Struct, frozen=True):
    """What an endpoint says of itself; None where it does not. `guessed`: the window may be
    larger, should the operator know better."""

    model: str
    window: int | None = None
    guessed: bool = False
    pictures: int | None = None
    number_format: str = ""


async def ask(client: httpx2.AsyncClient, base: str, wanted: str) -> Told:
    """Ask for `wanted`, or for the first model where that is empty.

    Raises EngineUnavailable, EngineMisconfigured."""
    entries = await _models(client, base, wanted)
    entry = next((each for each in entries if each.get("id") == wanted), None)
    if entry is None and not wanted:
        if not entries:
            raise EngineMisconfigured("the endpoint has no model: load one, or set MODEL")
        entry = entries[0]
    model = wanted or str((entry or {}).get("id", ""))
    window = _number((entry or {}).get("max_model_len"))  # vLLM, SGLang
    if window:
        return Told(model=model, window=window)
    root = base.removesuffix("/v1")
    for question in (_llama_cpp, _lm_studio, _ollama):
        told = await question(client, root, model)
        if told is not None:
            return told
    return Told(model=model, window=_number((entry or {}).get("context_length")))


async def _models(client: httpx2.AsyncClient, base: str, wanted: str) -> list[dict[str, Any]]:
    try:
        response = await client.get(f"{base}/models", timeout=ASKING)
    except httpx2.HTTPError as error:
        raise EngineUnavailable(f"{base} does not answer: {error!r}") from error
    if response.status_code == 404 and wanted:
        return []  # an endpoint without a list; the model is named, so that it can do without
    if response.status_code != 200:
        refusal = of_answer(response, response.text, pictures=0)
        known = isinstance(refusal, EngineUnavailable)
        raise refusal if known else EngineMisconfigured(str(refusal))
    return [each for each in _rows(_json(response)) if isinstance(each, dict)]


async def _llama_cpp(client: httpx2.AsyncClient, root: str, model: str) -> Told | None:
    props = await _get(client, f"{root}/props")
    settings = props.get("default_generation_settings")
    if not isinstance(settings, dict):
        return None
    window = _number(settings.get("n_ctx"))
    sees = props.get("modalities")
    pictures = 0 if isinstance(sees, dict) and not sees.get("vision") else None
    return Told(model=model, window=window, pictures=pictures)


async def _lm_studio(client: httpx2.AsyncClient, root: str, model: str) -> Told | None:
    listed = _rows(await _get(client, f"{root}/api/v0/models"))
    entry = next((each for each in listed if each.get("id") == model), None)
    if entry is None:
        return None
    loaded = _number(entry.get("loaded_context_length"))
    return Told(
        model=model,
        window=loaded or min(OLLAMA_DEFAULT, _number(entry.get("max_context_length")) or 0) or None,
        guessed=loaded is None,
        pictures=None if entry.get("type") == "vlm" else 0,
        number_format=str(entry.get("quantization") or ""),
    )


async def _ollama(client: httpx2.AsyncClient, root: str, model: str) -> Told | None:
    shown = await _get(client, f"{root}/api/show", {"model": model})
    if "model_info" not in shown:
        return None
    running = _rows(await _get(client, f"{root}/api/ps"), "models")
    loaded = next((row for row in running if model in (row.get("name"), row.get("model"))), {})
    told = re.search(r"^num_ctx\s+(\d+)", str(shown.get("parameters", "")), re.MULTILINE)
    set_ = _number(loaded.get("context_length")) or (int(told[1]) if told else None)
    trained = [
        _number(value) or 0
        for key, value in shown["model_info"].items()
        if str(key).endswith(".context_length")
    ]
    sees = shown.get("capabilities")
    return Told(
        model=model,
        window=set_ or min([OLLAMA_DEFAULT, *trained]),
        guessed=set_ is None,
        pictures=0 if isinstance(sees, list) and "vision" not in sees else None,
        number_format=str(shown.get("details", {}).get("quantization_level") or ""),
    )


async def _get(
    client: httpx2.AsyncClient, url: str, body: dict[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object behind an address that only some servers have; empty where it is not."""
    method = "GET" if body is None else "POST"
    try:
        response = await client.request(method, url, json=body, timeout=ASKING)
    except httpx2.HTTPError:
        return {}
    return _json(response) if response.status_code == 200 else {}


def _json(response: httpx2.Response) -> dict[str, Any]:
    try:
        value = response.json()
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _rows(value: dict[str, Any], key: str = "data") -> list[dict[str, Any]]:
    rows = value.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
