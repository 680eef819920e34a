"""Checkpoints at the hub: which commit of one is served, and fetching that: no code, no pickle."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import msgspec
import structlog
from huggingface_hub import hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from models.errors import CheckpointError

log = structlog.get_logger()

HUB_ID = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?")
COMMIT = re.compile(r"[0-9a-f]{40}")
SHORT = 7  # characters of a commit that people are told
FETCHED = ("*.json", "*.safetensors", "*.jinja", "*.model", "*.txt")  # never code, never a pickle
PASSED_OVER = ("*/*", "consolidated*")  # the same weights once more, for other programs
FAILURES = (OSError, ValueError, EntryNotFoundError, httpx2.HTTPError)


class HubCheckpoint:
    """`organisation/name` at the hub, or `organisation/name@revision`: a branch, tag or commit."""

    def __init__(self, name: str) -> None:
        found = HUB_ID.fullmatch(name)
        if found is None:
            raise CheckpointError(f"MODEL: {name} is neither a folder nor a name at the hub")
        self.name = name
        self.repository = found["repository"]
        self.revision: str | None = found["revision"]

    @property
    def pinned(self) -> bool:
        """Whether it can only ever mean the same files."""
        return bool(self.revision and COMMIT.fullmatch(self.revision))

    @property
    def exact_name(self) -> str:
        """What people are told that answers them."""
        if self.pinned and self.revision:
            return f"{self.repository}@{self.revision[:SHORT]}"
        return self.name

    def fetch_config(self) -> Path:
        """Its config alone; the folder in which that lies is named by the commit.

        Raises CheckpointError where the hub does not give it and it was never fetched before."""
        try:
            file = hf_hub_download(self.repository, "config.json", revision=self.revision)
        except FAILURES as error:
            raise CheckpointError(f"MODEL: {self._plainly(error)}") from error
        return Path(file).parent

    def fetch(self) -> Path:
        """The folder with all of it that is served. Raises CheckpointError."""
        try:
            folder = snapshot_download(
                self.repository,
                revision=self.revision,
                allow_patterns=list(FETCHED),
                ignore_patterns=list(PASSED_OVER),
            )
        except FAILURES as error:
            raise CheckpointError(f"MODEL: {self._plainly(error)}") from error
        return Path(folder)

    def _plainly(self, error: Exception) -> str:
        """What went wrong at the hub, for the operator."""
        seen: BaseException | None = error
        while seen is not None:
            if isinstance(seen, GatedRepoError):
                return (
                    f"{self.repository} wants its licence accepted: do that on its page at the "
                    "hub, then set HF_TOKEN to a token of the same account"
                )
            if isinstance(seen, RepositoryNotFoundError):
                return (
                    f"the hub knows no {self.repository}, or shows it only with the right HF_TOKEN"
                )
            if isinstance(seen, RevisionNotFoundError):
                return f"the hub knows no {self.revision} of {self.repository}"
            if isinstance(seen, RemoteEntryNotFoundError):
                return f"{self.name} has no config.json at the hub"
            seen = seen.__cause__ or seen.__context__
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return f"{self.name} cannot be fetched: {first}"


def pin(model: str, pins: Path) -> str:
    """`model` with the commit that this installation began with, which is kept in the file `pins`.

    A name alone means whatever its owner puts there next: not what the operator tried, nor what
    people were told answers them. Folders, and names with a whole commit, are returned as they
    are. Raises CheckpointError where the hub does not say."""
    if Path(model).expanduser().is_dir() or not HUB_ID.fullmatch(model):
        return model
    checkpoint = HubCheckpoint(model)
    if checkpoint.pinned:
        return model
    known = _read(pins)
    if model not in known:
        known[model] = checkpoint.fetch_config().name
        _write(pins, known)
        log.info("checkpoint-pinned", model=model, commit=known[model])
    return f"{checkpoint.repository}@{known[model]}"


def _read(pins: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(pins.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise CheckpointError(f"MODEL: {pins} cannot be read: {error}") from error


def _write(pins: Path, known: dict[str, str]) -> None:
    fresh = pins.with_suffix(".new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(known)) + b"\n")
    fresh.replace(pins)
