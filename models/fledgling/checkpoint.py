"""The checkpoint folder: a fresh model, and a trained one written for everybody's loaders."""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_model, save_model
from transformers import (
    AutoModelForImageTextToText,
    AutoTokenizer,
    Llama4ForConditionalGeneration,
    PreTrainedTokenizerFast,
)
from transformers.generation.configuration_utils import GenerationConfig

from models.fledgling.architecture import NOTHING, configuration, processor
from models.fledgling.concepts import CONCEPTS
from models.fledgling.training.sight import Sight

FOLDER = Path(__file__).parent / "checkpoint"
_HEADS = "sight.safetensors"


def create(
    tokenizer: PreTrainedTokenizerFast,
    *,
    seed: int,
    vision: Mapping[str, object] = NOTHING,
    text: Mapping[str, object] = NOTHING,
) -> Llama4ForConditionalGeneration:
    """An untrained model, the same for the same seed; `vision` and `text` as `configuration`."""
    torch.manual_seed(seed)
    model = Llama4ForConditionalGeneration(configuration(tokenizer, vision=vision, text=text))
    _widen(model)
    return model


def load(folder: Path) -> tuple[Llama4ForConditionalGeneration, PreTrainedTokenizerFast]:
    """A model written by `export`, in 32-bit floats to train on, and its tokenizer."""
    model = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert isinstance(model, Llama4ForConditionalGeneration)
    assert isinstance(tokenizer, PreTrainedTokenizerFast)
    return model, tokenizer


def export(
    model: Llama4ForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, folder: Path
) -> None:
    """Write weights (16-bit floats), configuration, tokenizer, processor, template and concepts."""
    folder.mkdir(parents=True, exist_ok=True)
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    _halved(model, tokenizer).save_pretrained(folder)
    processor(tokenizer).save_pretrained(folder)
    settings = folder / "tokenizer_config.json"
    told = json.loads(settings.read_text())
    told["tokenizer_class"] = "PreTrainedTokenizerFast"  # the name that every release knows
    settings.write_text(json.dumps(told, indent=2) + "\n")
    (folder / "concepts.txt").write_text("".join(f"{concept.name}\n" for concept in CONCEPTS))


def save_heads(sight: Sight, folder: Path) -> None:
    """Write the heads of stage one, which are no part of a checkpoint, for a run to go on with."""
    folder.mkdir(parents=True, exist_ok=True)
    save_model(sight.heads, str(folder / _HEADS))


def load_heads(sight: Sight, folder: Path) -> None:
    """Read heads that `save_heads` wrote; without any the heads stay as they are."""
    if (folder / _HEADS).exists():
        load_model(sight.heads, str(folder / _HEADS))


def _widen(model: Llama4ForConditionalGeneration) -> None:
    """Start with patches that differ: the stock start makes all of them nearly alike."""
    linear = model.vision_model.patch_embedding.linear
    with torch.no_grad():
        linear.weight.normal_(std=1 / linear.in_features**0.5)


def _halved(
    model: Llama4ForConditionalGeneration, tokenizer: PreTrainedTokenizerFast
) -> Llama4ForConditionalGeneration:
    """The same weights as bfloat16; the model in training keeps its own."""
    config = configuration(tokenizer)
    config.dtype = torch.bfloat16
    halved = Llama4ForConditionalGeneration(config)
    halved.load_state_dict(model.state_dict())
    halved.generation_config = model.generation_config
    for weight in halved.parameters():
        weight.data = weight.data.to(torch.bfloat16)
    return halved
