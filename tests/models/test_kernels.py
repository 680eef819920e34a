"""The compiled layers are what steps of few tokens run through, and tell numbers that are none."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from transformers import Llama4ForConditionalGeneration

from models.local.few import MOST
from models.local.passes import TextPasses
from tests.models.test_passes import close, grown


@pytest.fixture
def model(tiny_llama4: Path) -> Any:
    kind: Any = Llama4ForConditionalGeneration
    return kind.from_pretrained(tiny_llama4, dtype=torch.float32).eval()


def test_they_say_what_the_other_way_says(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    few, other = TextPasses(model), TextPasses(model)
    monkeypatch.setattr(other, "_few", None)
    monkeypatch.setattr(few, "_through", lambda *_: pytest.fail("these are few tokens"))
    rng = Random(8)
    count = 7
    ours = [few.open() for _ in range(count)]
    theirs = [other.open() for _ in range(count)]
    for step in range(70):  # over the ends of two chunks
        chosen = sorted(rng.sample(range(count), rng.randint(1, count)))
        tokens = [[rng.randrange(256)] for _ in chosen]
        said = grown(model, few, list(zip((ours[n] for n in chosen), tokens, strict=True)))
        close(
            said, grown(model, other, list(zip((theirs[n] for n in chosen), tokens, strict=True)))
        )
        assert step == 0 or said.abs().max() > 0.1


def test_many_tokens_go_the_other_way(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = TextPasses(model)
    monkeypatch.setattr(passes, "_few", None if passes._few is None else _Refusing())
    many = [(passes.open(), [number]) for number in range(MOST + 1)]
    assert len(grown(model, passes, many)) == MOST + 1


class _Refusing:
    """Stands where nothing may be asked."""

    def run(self, *_: object) -> None:
        pytest.fail("these are many tokens")


def test_a_number_that_is_none_stays_one(model: Any) -> None:
    with torch.no_grad():
        model.language_model.model.layers[0].self_attn.q_proj.weight[0, 0] = float("nan")
    passes = TextPasses(model)
    assert grown(model, passes, [(passes.open(), [5])]).isnan().any()


def test_weights_in_other_formats_go_the_other_way(tiny_llama4: Path) -> None:
    kind: Any = Llama4ForConditionalGeneration
    sixteen = kind.from_pretrained(tiny_llama4, dtype=torch.bfloat16).eval()
    assert TextPasses(sixteen)._few is None
    whole = kind.from_pretrained(tiny_llama4, dtype=torch.float32).eval()
    assert TextPasses(whole, bits=8)._few is None
