"""What runs here, what the settings ask for, and that an endpoint needs no torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models.endpoint.engine import HttpEngine
from models.errors import CheckpointError
from models.loading import engine_from_settings, sampling_from_settings
from models.local.engine import TransformersEngine
from models.machine import memory_bytes
from models.plan import plan
from models.settings import ModelSettings

WITHOUT_TORCH = """
import sys
for name in ("torch", "transformers", "accelerate", "PIL", "tokenizers"):
    sys.modules[name] = None
import models.loading, models.plan, models.worker
from models.settings import ModelSettings
engine = models.loading.engine_from_settings(ModelSettings(engine_url="http://127.0.0.1:9"))
assert type(engine).__name__ == "HttpEngine"
"""


def test_an_endpoint_needs_no_torch() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_TORCH], check=True)


def test_settings_choose_the_engine(tiny_llama4: Path) -> None:
    endpoint = engine_from_settings(ModelSettings(engine_url="http://127.0.0.1:9", model="m"))
    assert isinstance(endpoint, HttpEngine)
    assert endpoint.info.model == "m"
    local = engine_from_settings(ModelSettings(model=str(tiny_llama4), context_window=500))
    assert isinstance(local, TransformersEngine)
    assert local.info.context_window == 500
    params = sampling_from_settings(ModelSettings(max_tokens=7, temperature=0.1))
    assert (params.max_tokens, params.temperature) == (7, 0.1)


def test_a_missing_checkpoint_is_refused_before_anything_is_opened() -> None:
    with pytest.raises(CheckpointError, match="/nowhere/at/all"):
        engine_from_settings(ModelSettings(model="/nowhere/at/all"))


def test_a_plan_says_what_is_here_and_what_a_folder_needs(tiny_llama4: Path) -> None:
    lines = list(plan(str(tiny_llama4)))
    assert "cores" in lines[0]
    assert "llama4" in lines[-2]
    assert "4 experts" in lines[-2]
    assert lines[-1].endswith("fits into memory")


def test_a_plan_for_what_is_not_here_says_so(tmp_path: Path) -> None:
    assert "not a folder here" in list(plan("meta-llama/Llama-4-Scout"))[-1]
    assert "no *.safetensors" in list(plan(str(tmp_path)))[-1]


def test_a_container_has_the_memory_that_it_is_given(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("1073741824\n")
    assert memory_bytes(limit) == 2**30
    limit.write_text("max\n")
    assert memory_bytes(limit) > 2**30
