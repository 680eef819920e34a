"""Logs of every process: structured, on stderr, with secrets taken out of whatever is written.

Lines are JSON where stderr is not a terminal. Redaction works on the finished line, so that neither
exceptions nor other libraries' messages can carry a secret past it.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

HIDDEN = "[hidden]"
# What stands between the name of a header and its value, however the two are printed.
BETWEEN = r"\\?[\"']?\s*[:=,]\s*(?:b(?=[\"']))?\\?[\"']?"

# Repetitions are bounded: what is logged may be long, and was chosen by anybody.
PATTERNS = (
    (r"\b\d{6,}:[A-Za-z0-9_-]{30,}", HIDDEN),  # a Telegram bot token, as in its URLs
    (r"(?i)(bot)\d+:[A-Za-z0-9_-]+", rf"\1{HIDDEN}"),
    (r"([a-zA-Z][a-zA-Z0-9+.-]{0,30}://)[^\s/@:'\"]*:[^\s/@'\"]+@", rf"\1{HIDDEN}@"),
    (
        r"(?i)([?&](?:password|token|key|secret|sig|signature|code|state)=)[^&\s'\"]+",
        rf"\1{HIDDEN}",
    ),
    (
        r"(?i)((?:proxy-)?authorization|x-api-key|x-telegram-bot-api-secret-token)"
        rf"({BETWEEN})(?:(?:bearer|basic)\s+)?[^\s\"',;\\]+",
        rf"\1\2{HIDDEN}",
    ),
    (
        rf"(?i)((?:set-)?cookie{BETWEEN})[^\"'\\\n]+",
        rf"\1{HIDDEN}",
    ),
    (r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{8,}", rf"\1{HIDDEN}"),
    (r"(/pair/|[?&]start=)[A-Za-z0-9_-]+", rf"\1{HIDDEN}"),
    (r"\b(?:sk|hf)[-_][A-Za-z0-9_-]{16,}", HIDDEN),  # keys of endpoints and hubs
    (r"(?<![\w/.-])\+\d[\d ()/-]{6,18}\d\b", HIDDEN),  # a phone number
    (r"\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{0,190}\w", HIDDEN),  # a mail address
)

QUIET = {
    **dict.fromkeys(("httpx", "httpcore", "httpx2", "httpcore2"), "warning"),
    "telegram": "warning",
    "apscheduler": "warning",
}
CHATTY = ("alembic", "uvicorn", "asyncio", "sqlalchemy", "transformers", "accelerate", "PIL")

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, marks of format, line separators


class Redactor:
    """Takes secrets out of a text: those it is told, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        told = sorted({each for each in secrets if len(each) >= 4}, key=len, reverse=True)
        patterns = [(re.escape(each), HIDDEN) for each in told]
        self._patterns = [(re.compile(find), to) for find, to in (*patterns, *PATTERNS)]

    def __call__(self, text: str) -> str:
        for pattern, replacement in self._patterns:
            text = pattern.sub(replacement, text)
        return text


class _Unfailing:
    """A stream whose disk may be full, or whose reader gone: what cannot be written is lost then,
    and nobody who serves people dies of it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()


def configure(
    *,
    level: str = "info",
    secrets: Sequence[str] = (),
    json: bool | None = None,
    stream: TextIO | None = None,
) -> None:
    """Send what structlog and the standard library log to `stream` (stderr), one line each."""
    out = _Unfailing(stream or sys.stderr)
    as_json = not out.isatty() if json is None else json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json),
    ]
    redact = Redactor(secrets)
    final = [*_rendering(as_json, colours=out.isatty()), _redacted(redact)]
    structlog.configure(
        processors=[*shared, *final],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, out)),
        cache_logger_on_first_use=True,
    )
    _adopt_standard_library(out, level=level, shared=shared, final=final)


def _rendering(as_json: bool, *, colours: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [
        _escaped,
        structlog.dev.ConsoleRenderer(
            colors=colours, exception_formatter=_indented_traceback, pad_event_to=0, pad_level=False
        ),
    ]


def _escaped(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Words from outside could begin a line of their own, or steer the terminal."""
    return {name: escape(each) if isinstance(each, str) else each for name, each in event.items()}


def _indented_traceback(stream: TextIO, exc_info: ExcInfo) -> None:
    """A traceback whose lines cannot be taken for events, whatever the exception says."""
    written = io.StringIO()
    structlog.dev.plain_traceback(written, exc_info)
    stream.write(
        "".join(f"\n    {escape(line)}" for line in written.getvalue().strip().splitlines())
    )


def escape(text: str) -> str:
    """The text with control characters and marks of direction spelt out, on one line."""
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in UNSEEN else char
        for char in text
    )


def _redacted(redact: Redactor) -> Processor:
    def last(_logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
        return redact(str(line))

    return last


def _adopt_standard_library(
    out: _Unfailing, *, level: str, shared: list[Processor], final: list[Processor]
) -> None:
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _name_of_logger],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_number(level))
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(_number(least), _number(level)))
    for name in CHATTY:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(logging.WARNING, _number(level)))
    logging.captureWarnings(True)


def _name_of_logger(logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record: Any = event.get("_record")
    if record is not None:
        event["logger"] = record.name
    return event


def _number(level: str) -> int:
    return {"debug": 10, "info": 20, "warning": 30, "error": 40}[level]
