"""Clouds by name: paths, headers and bodies as each of them wants them, on a server of ours."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from models.endpoint.engine import HttpEngine
from models.endpoint.presets import Preset, presets
from models.loading import engine_from_settings
from models.settings import ModelSettings
from tests.models.prompts import answer, picture, prompt

KEY = "the-key"


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """The address of an application on loopback."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server._serve([listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task


class Cloud:
    """Takes every path, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], dict[str, Any]]] = []

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._take, methods=["GET", "POST"])])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        asked = json.loads(body) if body else {}
        self.asked.append((request.method, request.url.path, dict(request.headers), asked))
        if request.method == "GET":
            return JSONResponse({"data": [{"id": name} for name in _names()]})
        events = [
            {"choices": [{"delta": {"content": "Hi"}, "finish_reason": None}]},
            {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        ]
        lines = [f"data: {json.dumps(event)}\n\n" for event in events]
        return StreamingResponse(iter([*lines, "data: [DONE]\n\n"]), media_type="text/event-stream")


def _names() -> list[str]:
    return [name for each in presets().values() for name in (each.scout, each.maverick) if name]


@asynccontextmanager
async def asked(cloud: Preset, model: str) -> AsyncIterator[tuple[HttpEngine, Cloud]]:
    """The engine for a cloud whose host is this machine."""
    server = Cloud()
    async with served(server.app()) as url:
        path = urlsplit(cloud.address(account="an-account", region="")).path
        engine = HttpEngine(
            url + path,
            model=cloud.model(model),
            api_key=KEY,
            key_header=cloud.header,
            lists_models=cloud.lists_models,
        )
        async with engine:
            yield engine, server


@pytest.mark.parametrize("name", presets())
@pytest.mark.parametrize("model", ["scout", "maverick", ""])
async def test_each_is_asked_as_its_pages_say(name: str, model: str) -> None:
    cloud = presets()[name]
    if model and not getattr(cloud, model):
        with pytest.raises(ValueError, match=f"has no {model}"):
            cloud.model(model)
        return
    async with asked(cloud, model) as (engine, server):
        assert await answer(engine, prompt(picture("red"), "What is this?")) == "Hi"
    method, path, headers, body = server.asked[-1]
    assert method == "POST"
    assert path == urlsplit(cloud.address(account="an-account", region="")).path + (
        "/chat/completions"
    )
    expected = (cloud.header, KEY) if cloud.header else ("authorization", f"Bearer {KEY}")
    assert headers[expected[0]] == expected[1]
    assert ("authorization" in headers) == (not cloud.header)
    assert body["model"] == (getattr(cloud, model) if model else cloud.maverick or cloud.scout)
    assert body["stream"] is True
    kinds = [part["type"] for part in body["messages"][-1]["content"]]
    assert kinds == ["image_url", "text"]
    listed = any(asked[0] == "GET" for asked in server.asked)
    assert listed == cloud.lists_models


def test_addresses_are_whole() -> None:
    for cloud in presets().values():
        address = cloud.address(account="an-account", region="eu-1")
        assert address.startswith("https://")
        assert "{" not in address
        assert ("an-account" in address) == bool(cloud.account)
        assert ("eu-1" in address) == bool(cloud.region)


def test_what_a_cloud_needs_is_named() -> None:
    with pytest.raises(ValueError, match=r"ENGINE_ACCOUNT: Cloudflare .* account id"):
        ModelSettings(engine_url="cloudflare")
    with pytest.raises(ValueError, match="huggingface, cloudflare"):
        ModelSettings(engine_url="somewhere")


def test_several_can_be_named_together() -> None:
    settings = ModelSettings(engine_url="huggingface http://127.0.0.1:9/v1,http://[::1]:9/v1")
    assert len(settings.engine_urls) == 3
    assert engine_from_settings(settings).info.concurrency == 3 * 128
