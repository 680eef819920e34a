"""Weights in eight and four bits, against the ones they were made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import Llama4ForConditionalGeneration

from models.errors import CheckpointError
from models.loading import SHIPPED
from models.local.checkpoint import Checkpoint
from models.local.engine import TransformersEngine
from models.local.formats import EightBits, FourBits, in_bits
from models.local.generated import GenerateEngine
from models.local.passes import TextPasses
from models.settings import NumberFormat
from tests.models.prompts import answer, prompt
from tests.models.test_passes import grown
from tests.models.tiny_others import llama


@pytest.mark.parametrize(("bits", "wrong", "size"), [(8, 0.02, 8.1), (4, 0.12, 5.1)])
def test_products_are_near_and_weights_are_small(bits: int, wrong: float, size: float) -> None:
    torch.manual_seed(3)
    weight, given = torch.randn(512, 256) * 0.1 + 0.02, torch.randn(9, 256)
    kept = in_bits(weight, bits)
    exact = given @ weight.T
    made = kept(given)
    assert made.dtype == given.dtype
    assert (made - exact).norm() / exact.norm() < wrong
    assert kept.nbytes * 8 / weight.numel() < size


def test_shapes_that_four_bits_do_not_fit_get_eight() -> None:
    assert isinstance(in_bits(torch.randn(64, 64), 4), FourBits)
    assert isinstance(in_bits(torch.randn(64, 40), 4), EightBits)
    assert isinstance(in_bits(torch.randn(20, 64), 4), EightBits)


@pytest.mark.parametrize(("bits", "alike"), [(8, 0.995), (4, 0.9)])
def test_passes_say_nearly_the_same_and_the_old_weights_are_gone(bits: int, alike: float) -> None:
    kind: Any = Llama4ForConditionalGeneration
    exact, fewer = (kind.from_pretrained(SHIPPED, dtype=torch.float32).eval() for _ in range(2))
    tokens = [17, 301, 95, 8, 1024, 77, 5]
    passes = TextPasses(exact), TextPasses(fewer, bits=bits)
    first, second = (
        grown(model, each, [(each.open(), tokens)])[0]
        for model, each in zip((exact, fewer), passes, strict=True)
    )
    assert not torch.equal(first, second)
    assert torch.nn.functional.cosine_similarity(first, second, dim=0) > alike
    layers = fewer.language_model.model.layers
    for stock in (layers[0].self_attn.q_proj, layers[0].self_attn.o_proj):
        assert stock.weight.numel() == 0
    moe = next(layer.feed_forward for layer in layers if layer.is_moe_layer)
    assert moe.experts.gate_up_proj.numel() == moe.experts.down_proj.numel() == 0
    assert moe.router.weight.numel() > 0  # what chooses is never in fewer bits


@pytest.mark.parametrize("number_format", [NumberFormat.INT8, NumberFormat.INT4])
async def test_an_engine_answers_in_fewer_bits_and_says_so(number_format: NumberFormat) -> None:
    async with TransformersEngine(str(SHIPPED), number_format=number_format) as engine:
        assert engine.info.number_format == number_format.value
        assert "fruit" in await answer(engine, prompt("What is an apple?"))


async def test_an_engine_in_sixteen_bits_says_so(tiny_llama4: Path) -> None:
    async with TransformersEngine(str(tiny_llama4), number_format=NumberFormat.BFLOAT16) as engine:
        assert engine.info.number_format == "bfloat16"
        assert await answer(engine, prompt("Hello"))


def test_other_kinds_of_models_name_who_serves_them_in_fewer_bits(tmp_path: Path) -> None:
    folder = llama(tmp_path)
    with pytest.raises(CheckpointError, match="NUMBER_FORMAT: int8"):
        Checkpoint(str(folder), NumberFormat.INT8).load_any()
    assert GenerateEngine(str(folder), number_format=NumberFormat.FLOAT32)
