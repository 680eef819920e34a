"""The folder that ships: what is in it, how it is built, and that anybody's loader takes it."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForImageTextToText,
    AutoProcessor,
    Llama4ForConditionalGeneration,
    Llama4Processor,
)

from models.fledgling.architecture import CONTEXT_WINDOW
from models.fledgling.checkpoint import FOLDER, STAGE, create, export
from models.fledgling.drawn.scenes import draw
from models.fledgling.evaluate import Fledgling, system, user
from models.fledgling.talking.vocabulary import learn_vocabulary


def test_the_folder_is_small_and_holds_safetensors_only() -> None:
    files = [file for file in FOLDER.iterdir() if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 20_000_000
    assert {file.suffix for file in files} <= {".json", ".jinja", ".safetensors"}
    assert [file.name for file in files if file.suffix == ".safetensors"] == ["model.safetensors"]


def test_plain_auto_classes_load_the_llama_4_classes(fledgling: Fledgling) -> None:
    assert isinstance(fledgling.model, Llama4ForConditionalGeneration)
    assert isinstance(fledgling.processor, Llama4Processor)
    assert fledgling.model.dtype == torch.float32


def test_it_has_experts_a_shared_one_and_both_kinds_of_attention(fledgling: Fledgling) -> None:
    text = fledgling.model.config.text_config
    assert set(text.layer_types) == {"chunked_attention", "full_attention"}
    assert text.attention_chunk_size < text.max_position_embeddings
    assert text.max_position_embeddings == CONTEXT_WINDOW
    assert text.num_local_experts > 1
    names = dict(fledgling.model.named_parameters())
    assert any("shared_expert" in name for name in names)
    assert any("experts.gate_up_proj" in name for name in names)


def test_a_picture_costs_few_tokens(fledgling: Fledgling) -> None:
    inputs = fledgling._inputs([user(draw(1).picture)])
    assert int((inputs["input_ids"] == fledgling.model.config.image_token_id).sum()) == 16
    assert inputs["pixel_values"].shape == (1, 3, 96, 96)


@pytest.mark.parametrize(
    "text",
    [
        "Grüße, Jürgen!",
        "Привет, как дела?",
        "你好,世界",
        "مرحبا",
        "🐦‍⬛ 👩‍👩‍👧",
        "a\u202eb\x00c\t\n",
        "  two  spaces",
    ],
)
def test_every_language_comes_back_from_tokens(text: str, fledgling: Fledgling) -> None:
    tokenizer = fledgling.processor.tokenizer
    tokens = tokenizer.encode(text, add_special_tokens=False)
    assert tokenizer.decode(tokens) == text
    assert tokenizer.unk_token_id not in tokens


def test_every_expert_is_used(fledgling: Fledgling) -> None:
    used: list[torch.Tensor] = []
    layers = [m for m in fledgling.model.modules() if type(m).__name__ == "Llama4Router"]
    hooks = [
        layer.register_forward_hook(
            lambda _m, _i, out: used.append(out[1].argmax(-1).bincount(minlength=4))
        )
        for layer in layers
    ]
    fledgling.answers(
        [[system(), user(draw(seed, "single").picture, "What is it?")] for seed in range(8)]
    )
    for hook in hooks:
        hook.remove()
    for first in range(len(layers)):
        counts = torch.stack(used[first :: len(layers)]).sum(0)
        assert (counts > 0.02 * counts.sum()).all(), counts


def test_the_next_one_loads_with_plain_auto_classes_and_answers_without_a_cast() -> None:
    processor: Any = AutoProcessor.from_pretrained(STAGE)  # type: ignore[no-untyped-call]
    model: Any = AutoModelForImageTextToText.from_pretrained(STAGE)
    inputs = processor.apply_chat_template(
        [user(draw(3).picture, "What is this?")],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )
    made = model.generate(**inputs, max_new_tokens=40, do_sample=False)
    told = processor.decode(made[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    assert told.startswith(("I ", "It "))
    assert told.endswith(".")
    assert model.dtype == torch.bfloat16
    assert isinstance(model, Llama4ForConditionalGeneration)
    assert isinstance(processor, Llama4Processor)


def test_the_next_one_is_small() -> None:
    assert (STAGE / "model.safetensors").stat().st_size < 40_000_000


def test_the_recipe_makes_a_folder_of_the_same_build(tmp_path: Path) -> None:
    tokenizer = learn_vocabulary(7)
    export(create(tokenizer, seed=7), tokenizer, tmp_path)
    for name in (
        "config.json",
        "processor_config.json",
        "tokenizer.json",
        "chat_template.jinja",
        "concepts.txt",
    ):
        fresh, kept = ((folder / name).read_text() for folder in (tmp_path, STAGE))
        if name.endswith(".json"):
            assert json.loads(fresh) == json.loads(kept), name
        else:
            assert fresh == kept, name
