"""Tiny random checkpoints of other kinds than Llama 4, as their own classes write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from tests.models.tiny_llama4 import SENTENCES

WORDS = "<|im_start|>", "<|im_end|>", "<|pad|>"
CHAT = """\
{%- for message in messages %}<|im_start|>{{ message['role'] }}
{% if message['content'] is string %}{{ message['content'] }}{% else %}\
{%- for part in message['content'] %}{% if part['type'] == 'image' %}PICTURE{% else %}\
{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""
TEXT: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 1024,
    "initializer_range": 0.3,
}


def _tokenizer(*special: str, **named: Any) -> Any:
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, show_progress=False, initial_alphabet=alphabet)
    backend.train_from_iterator(SENTENCES, trainer)
    backend.add_special_tokens([AddedToken(each, special=True) for each in (*WORDS, *special)])
    kind: Any = transformers.PreTrainedTokenizerFast
    return kind(tokenizer_object=backend, eos_token="<|im_end|>", pad_token="<|pad|>", **named)


def _write(folder: Path, kind: Any, config: Any, tokenizer: Any, processor: Any) -> Path:
    torch.manual_seed(5)
    model = kind(config)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim >= 2 and not weight.any():  # Gemma's pictures begin as nothing
                weight.normal_()
    settings: Any = transformers.GenerationConfig
    model.generation_config = settings(
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id
    )
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def qwen2_vl(folder: Path) -> Path:
    """Alibaba's: pictures of any size, a token for four patches."""
    pad = "<|image_pad|>"
    words = _tokenizer("<|vision_start|>", "<|vision_end|>", pad, "<|video_pad|>")
    ids = words.convert_tokens_to_ids
    library: Any = transformers
    config = library.Qwen2VLConfig(
        text_config={
            **TEXT,
            "vocab_size": len(words),
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 10000.0,
                "mrope_section": [2, 1, 1],
            },
        },
        vision_config={
            "depth": 1,
            "embed_dim": 32,
            "hidden_size": 32,
            "num_heads": 4,
            "mlp_ratio": 2,
        },
        image_token_id=ids(pad),
        video_token_id=ids("<|video_pad|>"),
        vision_start_token_id=ids("<|vision_start|>"),
        vision_end_token_id=ids("<|vision_end|>"),
    )
    processor = library.Qwen2VLProcessor(
        image_processor=library.Qwen2VLImageProcessor(min_pixels=56 * 56, max_pixels=112 * 112),
        video_processor=library.Qwen2VLVideoProcessor(),
        tokenizer=words,
        chat_template=CHAT.replace("PICTURE", f"<|vision_start|>{pad}<|vision_end|>"),
    )
    return _write(folder, library.Qwen2VLForConditionalGeneration, config, words, processor)


def gemma3(folder: Path) -> Path:
    """Google's: every picture takes as many tokens."""
    named = {
        "image_token": "<image_soft_token>",
        "boi_token": "<start_of_image>",
        "eoi_token": "<end_of_image>",
    }
    words = _tokenizer(*named.values(), extra_special_tokens=named)
    ids = words.convert_tokens_to_ids
    library: Any = transformers
    config = library.Gemma3Config(
        text_config={
            **TEXT,
            "vocab_size": len(words),
            "sliding_window": 64,
            "tie_word_embeddings": False,
        },
        vision_config={
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 1,
            "num_attention_heads": 4,
            "image_size": 56,
            "patch_size": 14,
        },
        mm_tokens_per_image=4,
        tie_word_embeddings=False,
        image_token_index=ids(named["image_token"]),
        boi_token_index=ids(named["boi_token"]),
        eoi_token_index=ids(named["eoi_token"]),
    )
    processor = library.Gemma3Processor(
        image_processor=library.Gemma3ImageProcessor(size={"height": 56, "width": 56}),
        tokenizer=words,
        image_seq_length=4,
        chat_template=CHAT.replace("PICTURE", named["boi_token"]),
    )
    return _write(folder, library.Gemma3ForConditionalGeneration, config, words, processor)


def idefics3(folder: Path) -> Path:
    """Hugging Face's, the family of SmolVLM: pictures cut into tiles."""
    special = (
        "<fake_token_around_image>",
        "<image>",
        "<global-img>",
        "<end_of_utterance>",
    )
    words = _tokenizer(*special)
    ids = words.convert_tokens_to_ids
    library: Any = transformers
    config = library.Idefics3Config(
        text_config={
            **TEXT,
            "model_type": "llama",
            "vocab_size": len(words),
            "pad_token_id": words.pad_token_id,
        },
        vision_config={
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 1,
            "num_attention_heads": 4,
            "image_size": 56,
            "patch_size": 14,
        },
        scale_factor=2,
        image_token_id=ids("<image>"),
        pad_token_id=words.pad_token_id,
    )
    processor = library.Idefics3Processor(
        image_processor=library.Idefics3ImageProcessor(
            size={"longest_edge": 112}, max_image_size={"longest_edge": 56}
        ),
        tokenizer=words,
        image_seq_len=4,
        chat_template=CHAT.replace("PICTURE", "<image>"),
    )
    return _write(folder, library.Idefics3ForConditionalGeneration, config, words, processor)


def llama(folder: Path) -> Path:
    """Words only."""
    words = _tokenizer()
    words.chat_template = CHAT
    library: Any = transformers
    config = library.LlamaConfig(**TEXT, vocab_size=len(words), pad_token_id=words.pad_token_id)
    return _write(folder, library.LlamaForCausalLM, config, words, words)
