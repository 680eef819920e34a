"""An OpenAI-compatible endpoint for tests and benchmarks, with the ways of the real ones.

`python -m tests.fakes.openai_endpoint --tokens 60` answers canned tokens, for the pipeline."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.fakes.loopback import LoopbackServer


@dataclass(slots=True)
class Reply:
    """What a model says: the pieces of its stream, and what it counted."""

    pieces: list[str]
    finish_reason: str = "stop"
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Answerer(Protocol):
    """The model behind the endpoint."""

    async def answer(self, request: dict[str, Any]) -> Reply: ...


class Canned:
    """The same number of tokens for every prompt."""

    def __init__(self, tokens: int) -> None:
        self._pieces = canned_pieces(tokens)

    async def answer(self, request: dict[str, Any]) -> Reply:
        return Reply(self._pieces, prompt_tokens=20, completion_tokens=len(self._pieces))


def canned_pieces(tokens: int) -> list[str]:
    """What `Canned` says: every word once, a paragraph now and then, and an end to look for."""
    gaps = [" " if number % 90 else "\n\n" for number in range(1, tokens)]
    words = [f"word{number}{gap}" for number, gap in enumerate(gaps, 1)]
    return [*words, "end."] if tokens else []


class Guarding:
    """A Llama Guard that goes by words: `rules` are hazards' codes for words of the last message.

    It wants what the template of the real one wants: roles in turn, and words as parts, since that
    template shows the model nothing of a plain text. `seconds` is how long each verdict takes."""

    def __init__(self, rules: dict[str, str], *, seconds: float = 0.0) -> None:
        self._rules = rules
        self._seconds = seconds

    async def answer(self, request: dict[str, Any]) -> Reply:
        if self._seconds:
            await asyncio.sleep(self._seconds)
        roles = [message["role"] for message in request["messages"]]
        if roles != [("user", "assistant")[place % 2] for place in range(len(roles))]:
            return Reply(["Conversation roles must alternate user/assistant/user/assistant/..."])
        content = request["messages"][-1]["content"]
        seen = "" if isinstance(content, str) else " ".join(p.get("text", "") for p in content)
        codes = sorted({code for word, code in self._rules.items() if word in seen})
        return Reply(["\n\n", "un", "safe", "\n", ",".join(codes)] if codes else ["\n\nsafe"])


@dataclass(slots=True)
class Ways:
    """How this endpoint behaves. `kind` is whose questions about itself it answers."""

    model: str = "tiny"
    kind: str = "vllm"
    window: int = 2048
    max_pictures: int | None = None
    one_per_message: bool = False
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    refusal: str = "something is wrong"
    refuses_fields: tuple[str, ...] = ()
    refuses_models: tuple[str, ...] = ()
    die_after: int | None = None  # pieces
    hang_after: int | None = None  # pieces; 0 hangs before the answer begins
    words_per_second: float = 0.0  # 0: everything at once
    at_once: int = 0  # answers; further ones wait in the order in which they came; 0: no bound
    usage: bool = True
    api_key: str = ""
    more_keys: tuple[str, ...] = ()  # that are taken as well
    echoes: bool = False  # refusals repeat the key and the prompt, as careless servers do


class OpenAIEndpoint(LoopbackServer):
    """A server on loopback; open it as a context manager."""

    def __init__(self, answerer: Answerer, ways: Ways | None = None, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.ways = ways or Ways()
        self.requests: deque[dict[str, Any]] = deque(maxlen=1000)
        self.connections = 0
        self.broken_off = asyncio.Event()  # a client went away in the middle of an answer
        self.hanging = asyncio.Event()
        self._places = asyncio.Semaphore(self.ways.at_once or 1_000_000)
        self._answerer = answerer
        self._heard = ""  # the last request

    @property
    def url(self) -> str:
        """What ENGINE_URL wants."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await self._one_request(reader, writer)

    async def _one_request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        key = headers.get("authorization", "").removeprefix("bearer ")
        self._heard = f"Authorization: Bearer {key}, {_last_words(body)}"
        if key not in (each.lower() for each in (self.ways.api_key, *self.ways.more_keys)):
            _plain(writer, 401, {"error": {"message": self._told("Incorrect API key provided")}})
        elif path == "/v1/chat/completions":
            await self._complete(writer, json.loads(body))
        else:
            status, value = self._about(method, path)
            _plain(writer, status, value)
        await writer.drain()

    def _told(self, message: str) -> str:
        """The words of a refusal."""
        return f"{self._heard} {message}" if self.ways.echoes else message

    def _about(self, method: str, path: str) -> tuple[int, dict[str, Any]]:
        """What the real servers tell of themselves."""
        ways, sees = self.ways, self.ways.max_pictures != 0
        entry: dict[str, Any] = {"id": ways.model, "object": "model"}
        if ways.kind == "vllm":
            entry["max_model_len"] = ways.window
        answers: dict[tuple[str, str, str], dict[str, Any]] = {
            ("llama.cpp", "GET", "/props"): {
                "default_generation_settings": {"n_ctx": ways.window},
                "modalities": {"vision": sees},
            },
            ("lmstudio", "GET", "/api/v0/models"): {
                "data": [
                    {
                        "id": ways.model,
                        "type": "vlm" if sees else "llm",
                        "loaded_context_length": ways.window,
                        "max_context_length": 131072,
                        "quantization": "Q4_K_M",
                    }
                ]
            },
            ("ollama", "POST", "/api/show"): {
                "model_info": {"llama4.context_length": 10485760},
                "parameters": f'stop "x"\nnum_ctx    {ways.window}' if ways.window else "",
                "capabilities": ["completion", *(["vision"] if sees else [])],
                "details": {"quantization_level": "Q4_K_M"},
            },
            ("ollama", "GET", "/api/ps"): {"models": []},
        }
        if (method, path) == ("GET", "/v1/models"):
            return (ways.status, {"data": [entry]})
        found = answers.get((ways.kind, method, path))
        return (200, found) if found else (404, {"error": "not found"})

    async def _complete(self, writer: asyncio.StreamWriter, request: dict[str, Any]) -> None:
        self.requests.append(request)
        refusal = self._refusal(request)
        if refusal is not None:
            status, message = refusal
            _plain(writer, status, {"error": {"message": self._told(message)}}, self.ways.headers)
            return
        await self._maybe_hang(0)
        reply = await self._answerer.answer(request)
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        try:
            async with self._places:
                await self._stream(writer, reply, request)
        except ConnectionError:
            self.broken_off.set()
            raise

    def _refusal(self, request: dict[str, Any]) -> tuple[int, str] | None:
        ways, sent = self.ways, pictures(request)
        if ways.status != 200:
            return ways.status, ways.refusal
        if request.get("model") in ways.refuses_models:
            return 404, f"The model `{request['model']}` does not exist."
        for name in ways.refuses_fields:
            if name in request:
                return 400, f"Unsupported parameter: '{name}'. Use 'max_completion_tokens' instead."
        if ways.one_per_message and most_in_a_message(request) > 1:
            return 400, "Only one image per message is supported."
        if ways.max_pictures is not None and sent > ways.max_pictures:
            if ways.max_pictures == 0:
                return (
                    500,
                    "image input is not supported - hint: you may need to provide the mmproj",
                )
            return 400, f"At most {ways.max_pictures} image(s) may be provided in one prompt."
        return None

    async def _stream(
        self, writer: asyncio.StreamWriter, reply: Reply, request: dict[str, Any]
    ) -> None:
        pause = 1 / self.ways.words_per_second if self.ways.words_per_second else 0.0
        gathered: list[bytes] = []
        for number, piece in enumerate(reply.pieces):
            if self.ways.die_after == number:
                writer.write(_chunk(b"".join(gathered)))
                await writer.drain()
                writer.transport.abort()
                raise ConnectionAbortedError
            if self.ways.hang_after == number:
                writer.write(_chunk(b"".join(gathered)))
                await self._hang_until_left(writer)
            gathered.append(_event({"delta": {"content": piece}, "finish_reason": None}))
            if pause:
                writer.write(_chunk(b"".join(gathered)))
                gathered.clear()
                await writer.drain()
                await asyncio.sleep(pause)
        gathered.append(_event({"delta": {}, "finish_reason": reply.finish_reason}))
        if self.ways.usage and request.get("stream_options", {}).get("include_usage"):
            usage = {
                "prompt_tokens": reply.prompt_tokens,
                "completion_tokens": reply.completion_tokens,
            }
            gathered.append(b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + END)
        gathered.append(b"data: [DONE]" + END)
        writer.write(_chunk(b"".join(gathered)) + b"0\r\n\r\n")

    async def _maybe_hang(self, at: int) -> None:
        if self.ways.hang_after == at:
            self.hanging.set()
            await asyncio.Event().wait()

    async def _hang_until_left(self, writer: asyncio.StreamWriter) -> None:
        self.hanging.set()
        while not writer.transport.is_closing():
            writer.write(_chunk(b": still here\n\n"))
            await writer.drain()
            await asyncio.sleep(0.02)
        raise ConnectionResetError


END = b"\n\n"


def _event(choice: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, **choice}]}).encode() + END


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def _plain(
    writer: asyncio.StreamWriter,
    status: int,
    value: dict[str, Any],
    headers: dict[str, str] | None = None,
) -> None:
    body = json.dumps(value).encode()
    extra = "".join(f"{name}: {each}\r\n" for name, each in (headers or {}).items())
    writer.write(
        f"HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\n{extra}"
        f"content-length: {len(body)}\r\n\r\n".encode()
        + body
    )


def _last_words(body: bytes) -> str:
    """The end of a prompt as it was sent."""
    messages = json.loads(body or b"{}").get("messages", [{"content": ""}])
    return json.dumps(messages[-1]["content"])[-200:]


def most_in_a_message(request: dict[str, Any]) -> int:
    """The most pictures that one message of a request has."""
    return max(pictures({"messages": [message]}) for message in request["messages"])


def pictures(request: dict[str, Any]) -> int:
    """How many pictures are in a request."""
    return sum(
        part.get("type") == "image_url"
        for message in request["messages"]
        if isinstance(message["content"], list)
        for part in message["content"]
    )


async def _main(arguments: argparse.Namespace) -> None:
    ways = Ways(
        model="canned",
        window=arguments.window,
        words_per_second=arguments.words_per_second,
        at_once=arguments.at_once,
    )
    answerer: Answerer = Canned(arguments.tokens)
    if arguments.verdict_after is not None:
        answerer = Guarding({"bomb": "S9"}, seconds=arguments.verdict_after)
    async with OpenAIEndpoint(answerer, ways, port=arguments.port) as endpoint:
        print(endpoint.url, flush=True)  # noqa: T201  the benchmark reads it
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tokens", type=int, default=60)
    parser.add_argument("--words-per-second", type=float, default=0.0)
    parser.add_argument("--at-once", type=int, default=0)
    parser.add_argument("--window", type=int, default=8192)
    parser.add_argument("--verdict-after", type=float, help="be a guard; seconds for each verdict")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(parser.parse_args()))
