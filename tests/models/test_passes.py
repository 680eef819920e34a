"""Passes over many sequences against the stock classes, one sequence at a time."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import Llama4ForConditionalGeneration

from models.local.passes import Piece, Sequence, TextPasses


@pytest.fixture(scope="module")
def model(tiny_llama4: Path) -> Any:
    torch.set_num_threads(1)
    kind: Any = Llama4ForConditionalGeneration
    return kind.from_pretrained(tiny_llama4, dtype=torch.float32).eval()


def close(logits: Tensor, expected: Tensor) -> None:
    """The same but for the order of additions."""
    torch.testing.assert_close(logits, expected, rtol=2e-4, atol=2e-4)


@torch.inference_mode()
def stock(model: Any, tokens: list[int]) -> Tensor:
    """The logits after the last token."""
    logits: Tensor = model.language_model(input_ids=torch.tensor([tokens])).logits[0, -1]
    return logits


@torch.inference_mode()
def grown(model: Any, passes: TextPasses, by: list[tuple[Sequence, list[int]]]) -> Tensor:
    """The logits after each sequence has grown by these tokens."""
    ids = torch.tensor([token for _, tokens in by for token in tokens])
    pieces = [Piece(sequence, len(tokens)) for sequence, tokens in by]
    return passes.run(model.get_input_embeddings()(ids), pieces)


def test_mixes_of_prompts_and_single_tokens_are_as_if_each_were_alone(model: Any) -> None:
    rng = Random(11)
    passes = TextPasses(model)
    chunk = passes.chunk
    assert chunk == 32
    said: dict[int, list[int]] = {}
    sequences: dict[int, Sequence] = {}
    met, compared = set(), 0
    for step in range(120):
        if len(said) < 6 and rng.random() < 0.4:
            said[step], sequences[step] = [], passes.open()
        chosen = rng.sample(sorted(said), rng.randint(1, len(said))) if said else []
        by = []
        for name in chosen:
            most = passes.left_in_chunk(sequences[name])
            count = min(most, rng.choice((1, 1, 1, 2, 7, 40)))
            tokens = [rng.randrange(256) for _ in range(count)]
            said[name] += tokens
            met.add((count > 1, len(said[name]) > chunk, len(said[name]) > 128))
            by.append((sequences[name], tokens))
        if by:
            logits = grown(model, passes, by)
            for name, row in zip(chosen, logits, strict=True):
                close(row, stock(model, said[name]))
                compared += 1
        for name in [name for name in said if len(said[name]) > 200 or rng.random() < 0.02]:
            passes.close(sequences.pop(name))
            del said[name]
    assert compared > 200
    assert len(met) == 6  # short and long ones, over the end of a chunk and of a slab's room
    for sequence in sequences.values():
        passes.close(sequence)
    assert passes.bytes == 0


def test_layers_that_see_a_chunk_keep_a_chunk(model: Any) -> None:
    passes = TextPasses(model)
    sequence = passes.open()
    rng = Random(3)
    for _ in range(20):
        grown(model, passes, [(sequence, [rng.randrange(256) for _ in range(32)])])
    assert sequence.full.length == sequence.length == 640
    assert sequence.chunked.length == 32
    assert passes.chunks.bytes < passes.full.bytes
    full = passes.full.shape
    assert (full.layers, passes.chunks.shape.layers) == (1, 3)
    assert full.bytes_per_token == 2 * 1 * 2 * 8 * 4  # keys and values, layers, heads, width, bytes


def test_only_chosen_experts_are_computed(model: Any) -> None:
    passes = TextPasses(model)
    moe = next(layer.feed_forward for layer in passes._text.layers if layer.is_moe_layer)
    sequence = passes.open()
    tokens = [5, 9, 77]
    expected = grown(model, passes, [(sequence, tokens)])
    chosen = set()
    hook = moe.shared_expert.register_forward_hook(
        lambda _, given, __: chosen.update(moe.router(given[0])[1].argmax(-1).tolist())
    )
    grown(model, passes, [(passes.open(), tokens)])
    hook.remove()
    idle = next(number for number in range(moe.num_experts) if number not in chosen)
    kept = moe.experts.down_proj[idle].detach().clone()
    with torch.no_grad():
        moe.experts.down_proj[idle] = float("nan")
    again = grown(model, passes, [(passes.open(), tokens)])
    with torch.no_grad():
        moe.experts.down_proj[idle] = kept
    assert torch.equal(again, expected)
