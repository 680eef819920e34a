"""Checkpoints at the hub, by the hub's own client: one commit, safetensors only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.hub import FakeHub, HubRepository

# The hub's client reads its environment once, when it is imported: hence processes of their own.
FETCH = """
import sys
from pathlib import Path
from models.errors import CheckpointError
from models.local.hub import HubCheckpoint, pin
try:
    checkpoint = HubCheckpoint(pin(sys.argv[1], Path(sys.argv[2])))
    print(checkpoint.exact_name, (checkpoint.fetch() / "config.json").stat().st_size)
except CheckpointError as error:
    print(error)
"""
SERVE = """
import asyncio, sys
from pathlib import Path
from models.errors import CheckpointError
from models.loading import engine_from_settings
from models.settings import ModelSettings
async def main():
    async with engine_from_settings(ModelSettings(model=sys.argv[1]), Path(sys.argv[2])) as engine:
        print(engine.info.model)
try:
    asyncio.run(main())
except CheckpointError as error:
    print(error)
"""
NAME = "people/tiny"


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with FakeHub() as hub:
        yield hub


@pytest.fixture
def repository(hub: FakeHub, tiny_llama4: Path, tmp_path: Path) -> HubRepository:
    """A repository with one commit."""
    folder = tmp_path / "first"
    shutil.copytree(tiny_llama4, folder)
    repository = HubRepository()
    repository.push(folder)
    hub.repositories[NAME] = repository
    return repository


def push_changed(repository: HubRepository, tmp_path: Path) -> str:
    """The owner of the repository changes what its name means."""
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    config = json.loads((tmp_path / "second" / "config.json").read_text())
    (tmp_path / "second" / "config.json").write_text(json.dumps({**config, "changed": "yes"}))
    return repository.push(tmp_path / "second")


def serve(
    hub: FakeHub, tmp_path: Path, model: str = NAME, script: str = FETCH, **environment: str
) -> str:
    """What a worker says that begins with this MODEL."""
    command = [sys.executable, "-c", script, model, str(tmp_path / "models.json")]
    surroundings = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "cache"), **environment}
    done = subprocess.run(
        command, env=os.environ | surroundings, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[-1]


def test_a_name_keeps_to_the_commit_it_began_with(
    hub: FakeHub, repository: HubRepository, tmp_path: Path
) -> None:
    first = repository.names["main"]
    said = serve(hub, tmp_path)
    assert said.startswith(f"{NAME}@{first[:7]} ")
    push_changed(repository, tmp_path)
    hub.asked.clear()
    assert serve(hub, tmp_path) == said
    assert not [path for path in hub.asked if "main" in path]
    assert serve(hub, tmp_path, script=SERVE) == said.split()[0]


def test_a_revision_that_is_named_is_served(
    hub: FakeHub, repository: HubRepository, tmp_path: Path
) -> None:
    first = repository.names["main"]
    repository.names["v1"] = first
    push_changed(repository, tmp_path)
    assert serve(hub, tmp_path, f"{NAME}@v1").startswith(f"{NAME}@{first[:7]} ")
    assert serve(hub, tmp_path, f"{NAME}@{first}").startswith(f"{NAME}@{first[:7]} ")
    assert json.loads((tmp_path / "models.json").read_text()) == {f"{NAME}@v1": first}
    assert not serve(hub, tmp_path).startswith(f"{NAME}@{first[:7]} ")


def test_it_starts_again_where_the_hub_is_away(
    hub: FakeHub, repository: HubRepository, tmp_path: Path
) -> None:
    said = serve(hub, tmp_path)
    assert serve(hub, tmp_path, HF_ENDPOINT="http://127.0.0.1:9") == said


def test_pickled_weights_are_neither_fetched_nor_converted(
    hub: FakeHub, repository: HubRepository, tmp_path: Path
) -> None:
    folder = tmp_path / "first"
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    said = serve(hub, tmp_path, script=SERVE)
    assert said == f"MODEL: {NAME}@{repository.names['main']} has no *.safetensors"
    assert not [path for path in hub.asked if ".bin" in path or "refs/pr" in path]


def test_what_the_hub_does_not_have_is_told(
    hub: FakeHub, repository: HubRepository, tmp_path: Path
) -> None:
    assert serve(hub, tmp_path, "people/none") == (
        "MODEL: the hub knows no people/none, or shows it only with the right HF_TOKEN"
    )
    assert serve(hub, tmp_path, f"{NAME}@v9") == f"MODEL: the hub knows no v9 of {NAME}"
    (tmp_path / "first" / "config.json").unlink()
    assert serve(hub, tmp_path) == f"MODEL: {NAME} has no config.json at the hub"
    assert not (tmp_path / "models.json").exists()
