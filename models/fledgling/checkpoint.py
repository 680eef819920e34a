"""The checkpoint folder: a fresh model, and a trained one written for everybody's loaders."""

import json
from pathlib import Path

import torch
from transformers import Llama4ForConditionalGeneration, PreTrainedTokenizerFast
from transformers.generation.configuration_utils import GenerationConfig

from models.fledgling.architecture import configuration, processor
from models.fledgling.sight import centre

FOLDER = Path(__file__).parent / "checkpoint"


def create(tokenizer: PreTrainedTokenizerFast, *, seed: int) -> Llama4ForConditionalGeneration:
    """An untrained model, the same for the same seed.

    Attention is computed plainly while training: on a CPU the backward pass of the fused one is
    several times slower at this size.
    """
    torch.manual_seed(seed)
    model = Llama4ForConditionalGeneration(configuration(tokenizer))
    model.set_attn_implementation("eager")
    centre(model)
    return model


def export(
    model: Llama4ForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, folder: Path
) -> None:
    """Write weights (safetensors), configuration, tokenizer, processor and chat template."""
    folder.mkdir(parents=True, exist_ok=True)
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model.save_pretrained(folder)
    processor(tokenizer).save_pretrained(folder)
    settings = folder / "tokenizer_config.json"
    told = json.loads(settings.read_text())
    told["tokenizer_class"] = "PreTrainedTokenizerFast"  # the name that every release knows
    settings.write_text(json.dumps(told, indent=2) + "\n")
