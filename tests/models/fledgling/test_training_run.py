"""The recipe from data to a checkpoint that answers, at a tiny size."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from models.fledgling.evaluate import Fledgling, user
from models.fledgling.train import Run
from models.fledgling.training.crew import ALONE
from tests.models.fledgling.small import write_data


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two steps of each stage, on little data."""
    write_data(tmp_path)
    return Run(
        work=tmp_path,
        name="run",
        into=tmp_path / "checkpoint",
        start=None,
        seed=7,
        drawings=40,
        small_steps=1,
        see_steps=2,
        see_rate=1e-3,
        talk_steps=2,
        talk_rate=1e-3,
        bank=64,
        heads=tmp_path / "heads",
    )


def test_it_makes_a_checkpoint_that_answers_and_goes_on_from_it(run: Run) -> None:
    run(ALONE)
    fledgling = Fledgling(run.into)
    assert fledgling.answers([[user(Image.new("RGB", (300, 200)), "What is this?")]], most=3)
    assert (run.work / "run" / "curves.png").exists()
    further = replace(run, name="more", start=run.into, into=run.work / "further")
    first = load_file(run.into / "model.safetensors")
    heads = load_file(run.heads / "sight.safetensors")
    further(ALONE)
    second = load_file(further.into / "model.safetensors")
    assert first.keys() == second.keys()
    moved = [name for name in first if not torch.equal(first[name], second[name])]
    assert any("vision_model" in name for name in moved)
    assert any("language_model" in name for name in moved)
    # Two steps move weights a little from where they start, and fresh ones would lie elsewhere.
    again = load_file(run.heads / "sight.safetensors")["names.weight"]
    assert float((again - heads["names.weight"]).abs().max()) < 0.01
