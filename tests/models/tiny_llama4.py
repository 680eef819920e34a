"""A tiny random Llama 4 checkpoint: experts, chunked layers, tiles and a tokenizer that can say
every byte. It speaks gibberish, and always the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GenerationConfig,
    Llama4Config,
    Llama4ForConditionalGeneration,
    Llama4ImageProcessor,
    Llama4Processor,
    PreTrainedTokenizerFast,
)
from transformers.models.llama4.configuration_llama4 import Llama4TextConfig, Llama4VisionConfig

CHUNK = 32
TILE = 56
SPECIAL = (
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|header_start|>",
    "<|header_end|>",
    "<|eot|>",
    "<|image_start|>",
    "<|image_end|>",
    "<|tile_x_separator|>",
    "<|tile_y_separator|>",
    "<|image|>",
    "<|patch|>",
    "<|finetune_right_pad|>",
)
SENTENCES = (
    "What is in this picture? It is a red circle on a blue ground.",
    "You are Whimbrel, an assistant in a messenger. Today is Monday.",
    "Grüße aus Köln, schöne Straße. 日本語の文章です。 Привет, как дела? 🙂🎉",
)


def tokenizer() -> Any:
    """Byte-level BPE with a few merges, so that characters and words span tokens."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    backend.train_from_iterator(SENTENCES, trainer)
    backend.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    kind: Any = PreTrainedTokenizerFast
    return kind(
        tokenizer_object=backend,
        bos_token="<|begin_of_text|>",
        eos_token="<|eot|>",
        pad_token="<|finetune_right_pad|>",
        model_max_length=2048,
    )


def config(words: Any, *, max_positions: int, dense: bool = False) -> Llama4Config:
    """Four layers: three chunked, one full; every second one with experts. `dense` in the shape of
    Llama Guard 4: no experts, no chunks."""
    ids = words.convert_tokens_to_ids
    text = Llama4TextConfig(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=32,
        intermediate_size_mlp=64,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        num_local_experts=0 if dense else 4,
        moe_layers=[] if dense else None,
        interleave_moe_layer_step=2,
        attention_chunk_size=None if dense else CHUNK,
        max_position_embeddings=max_positions,
        initializer_range=0.3,
        floor_scale=CHUNK,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        bos_token_id=ids("<|begin_of_text|>"),
        eos_token_id=ids("<|eot|>"),
        pad_token_id=ids("<|finetune_right_pad|>"),
    )
    vision = Llama4VisionConfig(
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=128,
        vision_output_dim=32,
        image_size=TILE,
        patch_size=14,
        projector_input_dim=32,
        projector_output_dim=32,
        initializer_range=0.3,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
    )
    return Llama4Config(
        text_config=text,
        vision_config=vision,
        boi_token_index=ids("<|image_start|>"),
        eoi_token_index=ids("<|image_end|>"),
        image_token_index=ids("<|patch|>"),
    )


def build(
    folder: Path,
    *,
    max_positions: int = 2048,
    seed: int = 7,
    dense: bool = False,
    template: str | None = None,
) -> Path:
    """Write the checkpoint into `folder` and return it. `template` is its chat template, where it
    is not that of Llama 4."""
    words = tokenizer()
    torch.manual_seed(seed)
    shape = config(words, max_positions=max_positions, dense=dense)
    model: Any = Llama4ForConditionalGeneration(shape)
    settings: Any = GenerationConfig
    model.generation_config = settings(
        bos_token_id=words.bos_token_id,
        eos_token_id=[words.eos_token_id, words.convert_tokens_to_ids("<|end_of_text|>")],
        pad_token_id=words.pad_token_id,
    )
    pictures = Llama4ImageProcessor(size={"height": TILE, "width": TILE}, max_patches=4)
    processor = Llama4Processor(
        image_processor=pictures, tokenizer=words, patch_size=14, chat_template=template
    )
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder
