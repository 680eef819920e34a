"""One mapping from what endpoints answer to our errors."""

from __future__ import annotations

import json
import re

import httpx2

from models.errors import (
    EngineError,
    EngineMisconfigured,
    EngineUnavailable,
    PromptTooLong,
    StepFailed,
    TooManyPictures,
)

TOO_LONG = re.compile(
    r"context[ _-]?(length|window|size)|maximum context|available context|"
    r"(prompt|input) (is )?too long|exceed\w* .*(context|n_ctx|tokens)",
    re.IGNORECASE,
)
WINDOW = re.compile(r"(?:context (?:length|window|size)\D{0,40}|n_ctx\D{0,5})(\d{3,})", re.I)
PICTURES = re.compile(r"image|picture|vision|multi-?modal|mmproj", re.IGNORECASE)
AT_MOST = re.compile(r"(?:at most|only|maximum of|up to|limit\D{0,20})\s*(\d+|one)\b", re.I)
PER_MESSAGE = re.compile(
    r"\b(one|1|single|multiple)\b.{0,20}images?.{0,12} (per|in (a|one|the same)) message", re.I
)
NAME = re.compile(r"[A-Za-z][A-Za-z_.-]{1,40}")  # such as invalid_api_key; no digits: no key
UNKNOWN_FIELD = {
    "stream_options": re.compile(r"stream_options", re.I),
    "max_tokens": re.compile(r"max_completion_tokens", re.I),
    "seed": re.compile(r"(unknown|unsupported|extra|unrecognized)\D*\bseed\b", re.I),
    "top_p": re.compile(
        r"(unsupported|not support)\D*top_p|top_p\D*(unsupported|not support)", re.I
    ),
    "temperature": re.compile(r"temperature\D*(unsupported|not support)", re.I),
}


class UnknownField(EngineError):
    """The endpoint does not take this field of the request; without it, it may answer."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the endpoint does not take {name}")
        self.name = name


class OnePerMessage(EngineError):
    """The endpoint takes several pictures, but one in each message."""

    def __init__(self) -> None:
        super().__init__("the endpoint takes one picture in a message")


def of_answer(response: httpx2.Response, text: str, *, pictures: int) -> EngineError:
    """What an answer other than 200 means. `pictures` is how many the prompt had."""
    status, said = (
        response.status_code,
        f"the endpoint answered {response.status_code}{_named(text)}",
    )
    if status in (401, 403):
        return EngineMisconfigured(f"{said} (check ENGINE_API_KEY)")
    if pictures > 1 and status != 429 and PER_MESSAGE.search(text):
        return OnePerMessage()
    if pictures and status != 429 and PICTURES.search(text):
        return TooManyPictures(picture_limit(text, sent=pictures))
    if status < 500 and status != 429 and TOO_LONG.search(text):
        return PromptTooLong(said)
    if status == 429 or status >= 500 or status == 408:
        return EngineUnavailable(said, retry_after=retry_after(response))
    if status in (404, 405):
        return EngineMisconfigured(f"{said} (check ENGINE_URL and MODEL)")
    for name, pattern in UNKNOWN_FIELD.items():
        if pattern.search(text):
            return UnknownField(name)
    return StepFailed(said)


def of_event(text: str) -> EngineError:
    """What an error inside a stream means."""
    said = f"the endpoint broke off{_named(text)}"
    return PromptTooLong(said) if TOO_LONG.search(text) else EngineUnavailable(said)


def _named(text: str) -> str:
    """What a refusal calls itself, for the log: never its sentences, which may repeat the prompt or
    the key. Those are in the endpoint's own log."""
    try:
        error = json.loads(text)["error"]
        names = [error.get(name) for name in ("type", "code", "param")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    told = [each for each in names if isinstance(each, str) and NAME.fullmatch(each)]
    return f" ({', '.join(told)})" if told else ""


def picture_limit(text: str, *, sent: int) -> int:
    """How many pictures an endpoint takes that refused `sent` of them."""
    found = AT_MOST.search(text)
    if found is None:
        return 0
    limit = 1 if found[1].lower() == "one" else int(found[1])
    return min(limit, sent - 1)


def window_told(text: str) -> int | None:
    """The context window in tokens, where a refusal mentions it."""
    found = WINDOW.search(text)
    return int(found[1]) if found else None


def retry_after(response: httpx2.Response) -> float | None:
    """The wait in seconds that the endpoint asked for."""
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:  # absent, or a date, which no engine sends
        return None
