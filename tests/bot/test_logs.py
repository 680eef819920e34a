"""Logs: what is written, and what never is."""

from __future__ import annotations

import io
import json
import logging
import time
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from bot import logs
from tests.naughty.strings import STRINGS

TOKEN = "123456789:AAF-planted_token_abcdefghijklmnopqrstu"

CANARIES = {
    "a bot token in an address": f"https://api.telegram.org/bot{TOKEN}/getMe",
    "a bot token by itself": TOKEN,
    "a short token in an address": "http://127.0.0.1:8081/bot42:planted/sendMessage",
    "a database password": "postgresql://whimbrel:planted@db:5432/whimbrel",
    "a broker password": "redis://:planted@broker:6379/0",
    "a socket's password": "unix:///run/valkey.sock?password=planted&db=0",
    "a header": "{'Authorization': 'Bearer planted'}",
    "a header in bytes": "(b'authorization', b'Bearer planted')",
    "a plain header": "Authorization: Basic planted",
    "Telegram's secret": "{'x-telegram-bot-api-secret-token': 'planted'}",
    "cookies": "{'cookie': 'a=planted; b=planted'}",
    "an owner's code": "GET /pair/planted-code HTTP/1.1",
    "a code for Telegram": "https://t.me/whimbrel_bot?start=planted",
    "a hub token": "hf_plantedplantedplanted",
    "a phone number": "call +49 171 5550123",
    "a mail address": "planted@example.org",
    "what was named": "the word is correct-horse",
}


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the logs go; everything is as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    loggers = {name: logging.getLogger(name).level for name in (*logs.QUIET, *logs.CHATTY)}
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in loggers.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("name", CANARIES)
def test_secrets_never_reach_the_log(stream: io.StringIO, name: str, as_json: bool) -> None:
    canary = CANARIES[name]
    logs.configure(secrets=["correct-horse"], json=as_json, stream=stream)
    log = structlog.get_logger().bind(turn=7)
    log.info("said plainly", value=canary, nested={"deep": [canary]})
    log.warning(canary)
    logging.getLogger("httpx").warning("HTTP Request: %s", canary)
    logging.getLogger("uvicorn.error").error("about %r", (canary,))
    try:
        raise ValueError(canary)
    except ValueError:
        log.exception("ours")
        logging.getLogger("telegram.ext").exception("theirs")
    written = stream.getvalue()
    assert written.count(logs.HIDDEN) >= 7
    for word in ("planted", "5550123", "correct-horse"):
        assert word not in written
    assert "said plainly" in written
    assert "ValueError" in written


def test_json_lines_carry_the_turn(stream: io.StringIO) -> None:
    logs.configure(json=True, stream=stream)
    with structlog.contextvars.bound_contextvars(turn=7):
        structlog.get_logger().info("answered", tokens=12)
        logging.getLogger("anything").warning("from %s", "elsewhere")
    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (ours["event"], ours["turn"], ours["tokens"], ours["level"]) == (
        "answered",
        7,
        12,
        "info",
    )
    assert (theirs["event"], theirs["turn"], theirs["logger"]) == ("from elsewhere", 7, "anything")


def test_an_exception_is_one_line_of_json(stream: io.StringIO) -> None:
    logs.configure(json=True, stream=stream)
    try:
        raise RuntimeError("first\nsecond")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    (line,) = stream.getvalue().splitlines()
    assert "second" in json.loads(line)["exception"]


@pytest.mark.parametrize("as_json", [True, False])
def test_an_event_is_one_line_whatever_was_said(stream: io.StringIO, as_json: bool) -> None:
    logs.configure(json=as_json, stream=stream)
    log = structlog.get_logger()
    for text in STRINGS:
        log.info("said", text=text, nested={"deep": [text]})
        log.info(text)
        logging.getLogger("uvicorn.error").error("about %s", text)
    written = stream.getvalue()
    assert len(written.splitlines()) == written.count("\n") == 3 * len(STRINGS)
    assert not [sign for sign in set(written) - {"\n"} if not is_seen(sign)]


def is_seen(sign: str) -> bool:
    """Whether a sign neither steers a terminal nor turns a line around."""
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def test_an_exception_cannot_forge_an_event(stream: io.StringIO) -> None:
    logs.configure(json=False, stream=stream)
    try:
        raise RuntimeError("first\n12:00:00 [info] forged \x1b]0;title\x07")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    first, *others = stream.getvalue().splitlines()
    assert "failed" in first
    assert all(line.startswith("    ") for line in others)
    assert "\x1b" not in stream.getvalue()


def test_the_level_holds_for_everybody(stream: io.StringIO) -> None:
    logs.configure(level="warning", stream=stream)
    structlog.get_logger().info("too much")
    logging.getLogger("anything").info("too much")
    logging.getLogger("uvicorn").info("too much")
    structlog.get_logger().warning("just right")
    assert "too much" not in stream.getvalue()
    assert "just right" in stream.getvalue()


def test_chatter_of_libraries_is_left_out(stream: io.StringIO) -> None:
    logs.configure(level="info", stream=stream)
    logging.getLogger("httpx").info("HTTP Request: GET ...")
    logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl")
    assert stream.getvalue() == ""


def test_warnings_are_logged(stream: io.StringIO) -> None:
    logs.configure(stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("soon to be gone", DeprecationWarning, stacklevel=1)
    assert "soon to be gone" in stream.getvalue()


@pytest.mark.parametrize(
    "piece", ["x", "a.", "1", "a@", "b://", "bearer ", "cookie:", "+1 ", "sk-"]
)
def test_work_grows_as_the_text_does(piece: str) -> None:
    redact = logs.Redactor(["correct-horse"])

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        before = time.process_time()
        redact(text)
        return time.process_time() - before

    once, many = (min(seconds(length) for _ in range(3)) for length in (4_000, 64_000))
    assert many < 16 * 6 * once + 0.05  # 256 times as much where it grows with the square


def test_ordinary_words_stay() -> None:
    said = "turn 12345678901 took 1.5 s at 12:30:15, see http://127.0.0.1:8484/healthz and 3+4=7"
    assert logs.Redactor()(said) == said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_log_that_cannot_be_written_ends_nothing(stream: io.StringIO) -> None:
    with suppress(OSError), open("/dev/full", "w") as full:  # closing it fails as well
        logs.configure(level="info", json=True, stream=full)
        structlog.get_logger().info("one")
        logging.getLogger("elsewhere").warning("two")
        structlog.get_logger().info("three", text="x" * 100_000)
        written = True
    logs.configure(stream=stream)
    assert written
