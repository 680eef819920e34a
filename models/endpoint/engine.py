"""The HTTP engine: streams answers of an OpenAI-compatible endpoint."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from itertools import cycle
from typing import Self
from urllib.parse import urlsplit

import httpx2
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from models.endpoint.estimate import TokenEstimate
from models.endpoint.failures import OnePerMessage, UnknownField, of_answer, of_event, window_told
from models.endpoint.limits import Told, ask
from models.endpoint.protocol import Events, Usage, events, request_body
from models.engine import EngineInfo, EngineOutput, Finished, Prompt, SamplingParams, TextChunk
from models.errors import EngineUnavailable, PromptTooLong, StepFailed, TooManyPictures
from models.stopping import StopStrings

UNKNOWN_WINDOW = 4096  # where neither the endpoint nor CONTEXT_WINDOW tells
UNKNOWN_PICTURES = 5
CLOSING = 0.2  # seconds that the end of a stream may take after its last event
SHARD = 16  # answers at once in one pool of connections, whose costs grow with its square
OWN_HOSTS = ("localhost", "host.docker.internal", "host.containers.internal")


class Patience(Struct, frozen=True):
    """How long to wait in seconds: for a connection, the first token, and each further one."""

    connect: float = 5.0
    first: float = 180.0
    between: float = 60.0


class HttpEngine:
    """Asks `url` (".../v1"). One that is down when this opens is asked about itself later.

    `key_header` takes the key where it is no bearer token. One that does not list its models is
    asked nothing about itself: `model` has to be named then. `always_parts` sends words as parts,
    which the templates of Llama Guard look for: some servers show them nothing of a plain text.
    """

    def __init__(
        self,
        url: str,
        *,
        model: str = "",
        api_key: str = "",
        key_header: str = "",
        lists_models: bool = True,
        context_window: int | None = None,
        max_pictures: int | None = None,
        patience: Patience | None = None,
        always_parts: bool = False,
        concurrency: int = 128,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._base = base_url(url)
        self._own = is_own(self._base)
        self._wanted = model
        self._key_headers = key_headers(api_key, key_header)
        self._lists_models = lists_models
        self._set_window, self._set_pictures = context_window, max_pictures
        self._patience = patience or Patience()
        self._always_parts = always_parts
        self._clock = clock
        self._estimate = TokenEstimate()
        self._told: Told | None = None
        self._asking = asyncio.Lock()
        self._without: frozenset[str] = frozenset()
        self._one_per_message = False
        self._answered_at = 0.0
        self._info = replace(self._describe(Told(model=model), concurrency), known=False)

    async def __aenter__(self) -> Self:
        pools = max(1, self._info.concurrency // SHARD)
        trust = httpx2.create_ssl_context() if self._base.startswith("https") else True
        self._clients = [self._client(trust) for _ in range(pools)]
        self._next_client = cycle(self._clients)
        return self

    async def __aexit__(self, *exc: object) -> None:
        for client in self._clients:
            await client.aclose()

    def _client(self, trust: ssl.SSLContext | bool) -> httpx2.AsyncClient:
        patience = self._patience
        return httpx2.AsyncClient(
            headers={"accept-encoding": "identity", **self._key_headers},
            verify=trust,
            timeout=httpx2.Timeout(
                patience.between, read=None, connect=patience.connect, pool=None
            ),
            limits=httpx2.Limits(
                max_connections=None, max_keepalive_connections=SHARD, keepalive_expiry=2
            ),
            trust_env=not self._own,  # a proxy does not lead to this very machine
        )

    @property
    def info(self) -> EngineInfo:
        return self._info

    @property
    def last_step_at(self) -> float:
        return self._clock()  # the steps are the endpoint's; `Patience` watches over them

    async def check(self) -> None:
        """Ask the endpoint for its models, unless it has just answered a prompt."""
        async with self._asking:
            if self._told is not None and self._clock() - self._answered_at < 5:
                return
            told = Told(model=self._wanted)
            if self._lists_models:
                told = await ask(self._clients[0], self._base, self._wanted)
            if told != self._told:
                self._told, self._info = told, self._describe(told, self._info.concurrency)
            self._answered_at = self._clock()

    def count(self, prompt: Prompt) -> int:
        return self._estimate.count(prompt)

    async def generate(
        self, prompt: Prompt, params: SamplingParams
    ) -> AsyncGenerator[EngineOutput, None]:
        await self._meet()
        room = self._info.context_window - self.count(prompt)
        if room < 1:
            raise PromptTooLong(f"no room in {self._info.context_window} tokens")
        while True:
            body = request_body(
                prompt,
                params,
                model=self._info.model,
                max_tokens=min(params.max_tokens, room),
                without=self._without,
                one_per_message=self._one_per_message,
                always_parts=self._always_parts,
            )
            try:
                async with aclosing(self._stream(body, prompt, params)) as outputs:
                    async for output in outputs:
                        yield output
                return
            except OnePerMessage as error:
                if self._one_per_message:
                    raise TooManyPictures(1) from error
                self._one_per_message = True
            except UnknownField as error:
                if error.name in self._without:
                    raise StepFailed(str(error)) from error
                self._without |= {error.name}

    async def _meet(self) -> None:
        """Ask once which model it is and what it takes."""
        if self._told is None:
            await self.check()

    async def _stream(
        self, body: bytes, prompt: Prompt, params: SamplingParams
    ) -> AsyncGenerator[EngineOutput, None]:
        deadline = asyncio.get_running_loop().time() + self._patience.first
        try:
            response = await self._send(body, deadline)
            try:
                if response.status_code != 200:
                    await self._refused(response, prompt)
                async with aclosing(self._read(response, prompt, params, deadline)) as outputs:
                    async for output in outputs:
                        yield output
            finally:
                await response.aclose()
        except (httpx2.HTTPError, TimeoutError) as error:
            self._answered_at = 0.0
            raise EngineUnavailable(f"{self._base}: {error!r}") from error
        except msgspec.MsgspecError as error:
            raise StepFailed(f"the endpoint's answer cannot be read: {error}") from error

    async def _send(self, body: bytes, deadline: float) -> httpx2.Response:
        """Send the request; a second time only where not even a connection came about."""
        client = next(self._next_client)
        request = client.build_request(
            "POST",
            f"{self._base}/chat/completions",
            content=body,
            headers={"content-type": "application/json"},
        )
        async with asyncio.timeout_at(deadline):
            try:
                return await client.send(request, stream=True)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                return await client.send(request, stream=True)

    async def _read(
        self, response: httpx2.Response, prompt: Prompt, params: SamplingParams, deadline: float
    ) -> AsyncGenerator[EngineOutput, None]:
        stop, usage, reason, chunks = StopStrings(params.stop), Usage(), "", 0
        async with aclosing(self._events(response, deadline)) as stream:
            async for event in stream:
                usage, chunks = event.usage or usage, chunks + event.chunks
                reason = event.finish_reason or reason or ("stop" if event.done else "")
                if shown := stop.push(event.text):
                    yield TextChunk(text=shown)
                if stop.stopped:
                    reason = "stop"
                    break
        if not reason:
            raise EngineUnavailable("the endpoint broke off in the middle of an answer")
        if held := stop.flush():
            yield TextChunk(text=held)
        self._answered_at = self._clock()
        if usage.prompt_tokens:
            self._estimate.learn(prompt, usage.prompt_tokens)
        yield Finished(
            finish_reason="length" if reason == "length" else "stop",
            prompt_tokens=usage.prompt_tokens or self.count(prompt),
            cached_tokens=usage.cached_tokens,
            generated_tokens=usage.completion_tokens or chunks,
        )

    async def _events(
        self, response: httpx2.Response, deadline: float
    ) -> AsyncGenerator[Events, None]:
        """What the endpoint sends, none of it later than patience allows."""
        loop, done = asyncio.get_running_loop(), False
        async with aclosing(events(response.aiter_raw())) as stream:
            while True:
                try:
                    async with asyncio.timeout_at(deadline):
                        event = await anext(stream)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    if done:
                        return
                    raise
                if event.error:
                    raise of_event(event.error)
                done = done or event.done
                # Read to the very end where it comes at once, so that the connection can be kept.
                deadline = loop.time() + (CLOSING if done else self._patience.between)
                yield event

    async def _refused(self, response: httpx2.Response, prompt: Prompt) -> None:
        """Raise what a refusal means, having learned from it."""
        text = (await response.aread()).decode("utf-8", "replace")
        error = of_answer(response, text, pictures=len(prompt.pictures))
        if isinstance(error, TooManyPictures):
            self._info = replace(self._info, max_pictures=error.limit)
        elif isinstance(error, PromptTooLong):
            window = window_told(text) or self._info.context_window * 3 // 4
            self._info = replace(self._info, context_window=min(window, self._info.context_window))
        elif isinstance(error, EngineUnavailable):
            self._answered_at = 0.0
        raise error

    def _describe(self, told: Told, concurrency: int) -> EngineInfo:
        known = told.window or UNKNOWN_WINDOW
        window = self._set_window or known
        if told.window and not told.guessed:
            window = min(window, told.window)
        pictures = UNKNOWN_PICTURES if told.pictures is None else told.pictures
        return EngineInfo(
            model=told.model,
            number_format=told.number_format,
            context_window=window,
            max_pictures=pictures if self._set_pictures is None else self._set_pictures,
            llama="llama" in told.model.lower(),
            local=self._own,
            concurrency=concurrency,
        )


def base_url(url: str) -> str:
    """The address with the version, which people leave out: http://127.0.0.1:11434 means .../v1."""
    url = url.rstrip("/")
    return url if urlsplit(url).path else f"{url}/v1"


def key_headers(key: str, header: str = "") -> dict[str, str]:
    """The headers that carry a key: a bearer token, or as it is in a header of its own."""
    if not key:
        return {}
    return {header: key} if header else {"authorization": f"Bearer {key}"}


def is_own(base: str) -> bool:
    """Whether an address is this very machine."""
    host = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in OWN_HOSTS
