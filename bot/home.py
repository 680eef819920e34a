"""The data folder: who may use it, and what a running `whimbrel up` tells the others there."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from bot.settings import Secret, Settings, SettingsError
from chat.errors import AssistantError

# What `whimbrel up` calls its bot and its worker; see Home.name_of.
BOT_ID, WORKER_ID = "WHIMBREL_BOT_ID", "WHIMBREL_WORKER_ID"


class HomeError(AssistantError):
    """The data folder cannot be used as it is."""


class Running(Struct, frozen=True):
    """Where the parts of a running `whimbrel up` are reached. Holds passwords: the file is 0600."""

    pid: int
    database_url: str
    redis_url: str
    attachments_url: str
    http_url: str


def new_bot_id() -> str:
    """The name of a bot process: what `whimbrel up` gave it, else one of its own."""
    return os.environ.get(BOT_ID) or _fresh_name("bot")


def new_worker_id() -> str:
    """The name of a worker process, likewise."""
    return os.environ.get(WORKER_ID) or _fresh_name("worker")


class Home:
    """One data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = path / "up.lock"
        self._running = path / "up.json"

    @property
    def metrics(self) -> Path:
        """The folder where workers of this home answer for their metrics."""
        return self.path / "metrics"

    @property
    def pins(self) -> Path:
        """The file that keeps which commits of checkpoints at the hub are served here."""
        return self.path / "models.json"

    def name_of(self, role: str) -> str:
        """The name under which the one bot or worker of this home's `whimbrel up` holds its leases.

        It is the same in every life, so that one that died is followed at once by the next one,
        without waiting for what it held. To be asked by the holder of the lock.
        """
        path = self.path / f"{role}-id"
        name = path.read_text() if path.exists() else ""
        if not name:
            name = _fresh_name(role)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(name)
        return name

    def prepare(self) -> None:
        """Make the folder, for its owner's eyes only. Raises HomeError."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
            self.metrics.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise HomeError(
                f"WHIMBREL_HOME wants a folder to write to, not {self.path}: {error.strerror}"
            ) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only `whimbrel up` of this home. Raises HomeError where another one is."""
        self.prepare()
        with open(os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
            if not _lock_within(file.fileno(), seconds=1):
                number = file.read().strip() or "?"
                raise HomeError(
                    f"another `whimbrel up` uses {self.path} (process {number}); "
                    "stop it first, or set WHIMBREL_HOME to another folder"
                )
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            try:
                yield
            finally:
                file.truncate(0)

    @contextmanager
    def announced(self, running: Running) -> Iterator[None]:
        """Tell the other commands of this home where the parts are, until the context ends."""
        fresh = self._running.with_suffix(".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.encode(running, enc_hook=str))
        fresh.replace(self._running)
        try:
            yield
        finally:
            self._running.unlink(missing_ok=True)

    def running(self) -> Running | None:
        """What a live `whimbrel up` announced, or None where there is none."""
        with suppress(OSError, msgspec.DecodeError):
            told = msgspec.json.decode(self._running.read_bytes(), type=Running)
            return told if self._locked() else None
        return None

    def _locked(self) -> bool:
        with open(self._lock, "rb") as file:
            return not _try_lock(file.fileno())


def with_parts(settings: Settings) -> Settings:
    """The settings with the addresses of the database and the broker to work with.

    They are those of the environment, or of a running `whimbrel up` in the same home. Raises
    SettingsError where there are neither.
    """
    storage = settings.storage
    if storage.database_url and storage.redis_url:
        return settings
    running = Home(storage.whimbrel_home).running()
    if running is None:
        missing = [
            name
            for name, value in (
                ("REDIS_URL", storage.redis_url),
                ("DATABASE_URL", storage.database_url),
            )
            if not value
        ]
        raise SettingsError(
            f"{' and '.join(missing)} must be set, or `whimbrel up` be running in "
            f"{storage.whimbrel_home} (WHIMBREL_HOME)"
        )
    found = structs.replace(
        storage,
        database_url=storage.database_url or Secret(running.database_url),
        redis_url=storage.redis_url or Secret(running.redis_url),
        attachments_url=storage.attachments_url or Secret(running.attachments_url),
    )
    return structs.replace(settings, storage=found)


def _fresh_name(role: str) -> str:
    """A name that no other process has or will have."""
    return f"{role}-{secrets.token_hex(16)}"


def _lock_within(descriptor: int, *, seconds: float) -> bool:
    """Lock as `_try_lock` does, with patience for those who only look whether it is locked."""
    until = time.monotonic() + seconds
    while not _try_lock(descriptor):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _try_lock(descriptor: int) -> bool:
    """Lock the open file, for as long as it stays open, unless another process has."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
