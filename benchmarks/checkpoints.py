"""Random Llama 4 checkpoints to measure on: they answer nonsense, as fast as trained ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import AutoProcessor, Llama4Config, Llama4ForConditionalGeneration

from models.loading import SHIPPED

WINDOW = 8192


def random_checkpoint(folder: Path, *, experts: int) -> Path:
    """A checkpoint of eight layers of width 256, every second one with so many experts.

    128 experts make 213 million parameters. Tokenizer and pictures are those of the shipped one.
    """
    if (folder / "model.safetensors").exists():
        return folder
    kinds: Any = Llama4ForConditionalGeneration, AutoProcessor
    model = random_model(experts=experts)
    model.generation_config = kinds[0].from_pretrained(SHIPPED).generation_config
    model.save_pretrained(folder)
    kinds[1].from_pretrained(SHIPPED).save_pretrained(folder)
    return folder


def random_model(
    *,
    experts: int,
    layers: int = 8,
    width: int = 256,
    heads: int = 8,
    chunk: int = 1024,
    window: int = WINDOW,
) -> Any:
    """A model in 32 bits, with as many key and value heads as a quarter of `heads`, one at least;
    three of four layers see a chunk."""
    shipped: Any = Llama4Config.from_pretrained(SHIPPED)
    text = shipped.text_config.to_dict() | {
        "hidden_size": width,
        "intermediate_size": 2 * width,
        "intermediate_size_mlp": 4 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": max(1, heads // 4),
        "head_dim": 32,
        "num_local_experts": experts,
        "interleave_moe_layer_step": 2,
        "no_rope_layer_interval": 4,
        "attention_chunk_size": chunk,
        "max_position_embeddings": window,
    }
    for derived in ("layer_types", "no_rope_layers", "moe_layers"):
        text.pop(derived, None)
    vision = shipped.vision_config.to_dict()
    config = Llama4Config(
        text_config=text,
        vision_config=vision,
        boi_token_index=shipped.boi_token_index,
        eoi_token_index=shipped.eoi_token_index,
        image_token_index=shipped.image_token_index,
    )
    torch.manual_seed(experts)
    kind: Any = Llama4ForConditionalGeneration
    return kind(config).eval()
