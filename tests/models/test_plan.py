"""What runs here, what the settings ask for, and that an endpoint needs no torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from transformers import AutoConfig, AutoModelForImageTextToText

from models.endpoint.engine import HttpEngine
from models.errors import CheckpointError
from models.loading import engine_from_settings, sampling_from_settings
from models.local.engine import TransformersEngine
from models.machine import memory_bytes
from models.planning.plan import plan
from models.planning.sizes import sizes_of
from models.settings import ModelSettings

WITHOUT_TORCH = """
import sys
for name in ("torch", "transformers", "accelerate", "PIL", "tokenizers"):
    sys.modules[name] = None
import models.loading, models.planning.plan, models.worker
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
    (counts,) = (line for line in lines if "parameters" in line)
    assert "(4 experts), a context of 2,048 tokens" in counts
    assert "past 32 tokens, as 3 of 4 layers" in "\n".join(lines)
    assert lines[-1].endswith("fits into memory")


def test_counts_are_those_of_the_weights(tiny_llama4: Path) -> None:
    config: Any = AutoConfig.from_pretrained(tiny_llama4)
    kind: Any = AutoModelForImageTextToText
    model = kind.from_pretrained(tiny_llama4)
    sizes = sizes_of(config)
    assert sizes.parameters == sum(weight.numel() for weight in model.parameters())
    experts = sum(w.numel() for name, w in model.named_parameters() if ".experts." in name)
    table = model.get_input_embeddings().weight.numel()
    assert sizes.parameters - sizes.active == experts * 3 // 4 + table
    assert sizes.key_bytes(20) == 4 * 20 * 2 * 16 * 2  # layers, tokens, both, heads x width, bytes
    assert sizes.key_bytes(100) == (100 + 3 * 32) * 2 * 16 * 2


def test_the_released_ones_come_out_as_they_were_announced() -> None:
    scout, maverick = ("\n".join(plan(name)) for name in ("scout", "Llama-4-Maverick"))
    assert "108.6 billion parameters, 17.0 billion active for a token (16 experts)" in scout
    assert "a context of 10,485,760 tokens" in scout
    assert "1 x H100 80 GB" in next(line for line in scout.splitlines() if line.startswith("int4"))
    assert "--tensor-parallel-size 1" in scout
    assert "401.6 billion parameters, 17.0 billion active for a token (128 experts)" in maverick
    fp8 = next(line for line in maverick.splitlines() if line.startswith("FP8 on"))
    assert "8 x H100: vllm serve" in fp8
    assert "keep their current chunk only" in maverick


def test_what_was_never_released_is_not_planned_for() -> None:
    last = list(plan("behemoth"))[-1]
    assert "never released" in last
    assert "288 billion active" in last


def test_other_kinds_of_models_are_planned_for(tmp_path: Path) -> None:
    config = {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "vocab_size": 99}
    (tmp_path / "config.json").write_text(json.dumps(config))
    lines = "\n".join(plan(str(tmp_path)))
    assert "million parameters" in lines
    assert "only its config" in lines


def test_a_plan_for_what_is_not_here_says_so(tmp_path: Path) -> None:
    assert "neither a folder here" in list(plan("someone/else"))[-1]
    assert "no config that can be read" in list(plan(str(tmp_path)))[-1]


def test_a_container_has_the_memory_that_it_is_given(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("1073741824\n")
    assert memory_bytes(limit) == 2**30
    limit.write_text("max\n")
    assert memory_bytes(limit) > 2**30
