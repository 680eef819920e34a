"""What goes over the wire: the request of /v1/chat/completions and the pieces of its stream."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import msgspec
from msgspec import Struct, field

from models.engine import (
    Prompt,
    PromptMessage,
    PromptPart,
    PromptPicture,
    PromptText,
    SamplingParams,
)


class Delta(Struct, frozen=True):
    """Text that the answer grew by."""

    content: str | None = None


class Choice(Struct, frozen=True):
    """The one answer of a stream."""

    delta: Delta = Delta()
    finish_reason: str | None = None


class PromptTokens(Struct, frozen=True):
    """Of the prompt's tokens, those that the server remembered."""

    cached_tokens: int | None = 0


class Usage(Struct, frozen=True):
    """What the server counted."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: PromptTokens | None = None

    @property
    def cached_tokens(self) -> int:
        """Tokens of the prompt that did not have to be computed again."""
        details = self.prompt_tokens_details
        return (details.cached_tokens or 0) if details else 0


class Piece(Struct, frozen=True):
    """One event of the stream."""

    choices: list[Choice] = field(default_factory=list)
    usage: Usage | None = None
    error: msgspec.Raw = msgspec.Raw(b"")


class Events(Struct, frozen=True):
    """All that came at once: text, and what was said about the answer. `done` is its proper end."""

    text: str = ""
    chunks: int = 0
    finish_reason: str = ""
    usage: Usage | None = None
    error: str = ""
    done: bool = False


_DECODER = msgspec.json.Decoder(Piece)
_DONE = b"[DONE]"


async def events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[Events, None]:
    """A server-sent stream, however it was cut: what came together is yielded together.

    Raises msgspec.MsgspecError where an event is not what it should be."""
    rest = b""
    async for chunk in chunks:
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        data = [line[5:].strip() for line in lines if line.startswith(b"data:")]
        if data:
            yield _together(data)


def _together(data: list[bytes]) -> Events:
    texts: list[str] = []
    reason, usage, error = "", None, ""
    for each in data:
        if each == _DONE or not each:
            continue
        piece = _piece(each)
        usage = piece.usage or usage
        error = bytes(piece.error).decode("utf-8", "replace") or error
        for choice in piece.choices[:1]:
            reason = choice.finish_reason or reason
            if choice.delta.content:
                texts.append(choice.delta.content)
    return Events("".join(texts), len(texts), reason, usage, error, _DONE in data)


def _piece(data: bytes) -> Piece:
    """One event. Servers that cut a character in two send halves of surrogate pairs, or bytes that
    are not UTF-8: those become U+FFFD."""
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        try:
            said = json.dumps(json.loads(data.decode("utf-8", "replace")), ensure_ascii=False)
        except ValueError:
            raise msgspec.DecodeError(str(problem)) from None
        return _DECODER.decode(
            said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        )


def request_body(
    prompt: Prompt,
    params: SamplingParams,
    *,
    model: str,
    max_tokens: int,
    without: frozenset[str] = frozenset(),
    one_per_message: bool = False,
    always_parts: bool = False,
) -> bytes:
    """The request as JSON. `without` names fields that this endpoint does not take;
    `one_per_message` parts messages so that none has two pictures. `always_parts`: words are sent
    as a list of parts too."""
    messages = list(prompt.messages)
    if one_per_message:
        messages = [part for message in messages for part in _parted(message)]
    body: dict[str, Any] = {
        "model": model,
        "messages": [_message(message, always_parts) for message in messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": max_tokens,
        "temperature": params.temperature,
        "top_p": params.top_p,
    }
    if params.stop:
        body["stop"] = list(params.stop[:4])  # the API's own limit; we watch for all of them
    if params.seed is not None:
        body["seed"] = params.seed
    if "max_tokens" in without:
        body["max_completion_tokens"] = max_tokens
    return msgspec.json.encode({key: body[key] for key in body if key not in without})


def _parted(message: PromptMessage) -> list[PromptMessage]:
    """The message as several of one picture each, what was said around it beside it."""
    groups: list[list[PromptPart]] = [[]]
    for part in message.parts:
        if isinstance(part, PromptPicture) and any(
            isinstance(other, PromptPicture) for other in groups[-1]
        ):
            groups.append([])
        groups[-1].append(part)
    return [PromptMessage(message.role, tuple(group)) for group in groups]


def _message(message: PromptMessage, always_parts: bool) -> dict[str, Any]:
    if not always_parts and all(isinstance(part, PromptText) for part in message.parts):
        words = [part.text for part in message.parts if isinstance(part, PromptText)]
        return {"role": message.role, "content": "\n".join(words)}
    return {"role": message.role, "content": [_part(part) for part in message.parts]}


def _part(part: PromptPart) -> dict[str, Any]:
    if isinstance(part, PromptText):
        return {"type": "text", "text": part.text}
    encoded = base64.b64encode(part.content).decode("ascii")
    url = f"data:{part.media_type};base64,{encoded}"
    return {"type": "image_url", "image_url": {"url": url}}
