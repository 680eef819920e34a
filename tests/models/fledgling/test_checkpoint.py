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

from models.fledgling.architecture import CONTEXT_WINDOW, EXPERTS, PICTURE_TOKENS
from models.fledgling.checkpoint import FOLDER, create, export
from models.fledgling.concepts import CONCEPTS
from models.fledgling.drawn.scenes import draw
from models.fledgling.evaluate import Fledgling, system, user
from models.fledgling.talking.vocabulary import learn_vocabulary


def test_the_folder_is_small_and_holds_safetensors_only() -> None:
    files = [file for file in FOLDER.iterdir() if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 40_000_000
    assert {file.suffix for file in files} <= {".json", ".jinja", ".safetensors", ".txt"}
    assert [file.name for file in files if file.suffix == ".safetensors"] == ["model.safetensors"]


def test_plain_auto_classes_load_the_llama_4_classes(fledgling: Fledgling) -> None:
    assert isinstance(fledgling.model, Llama4ForConditionalGeneration)
    assert isinstance(fledgling.processor, Llama4Processor)


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
    patches = int((inputs["input_ids"] == fledgling.model.config.image_token_id).sum())
    assert patches == PICTURE_TOKENS == 36
    assert inputs["pixel_values"].shape == (1, 3, 144, 144)


def test_it_lists_what_it_claims_to_know() -> None:
    claimed = (FOLDER / "concepts.txt").read_text().splitlines()
    assert claimed == [concept.name for concept in CONCEPTS]
    assert {"cat", "bicycle", "flag of France"} <= set(claimed)
    assert len(claimed) >= 500


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
            lambda _m, _i, out: used.append(out[1].argmax(-1).bincount(minlength=EXPERTS))
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


def test_it_answers_as_anybody_loads_it_without_a_cast() -> None:
    processor: Any = AutoProcessor.from_pretrained(FOLDER)  # type: ignore[no-untyped-call]
    model: Any = AutoModelForImageTextToText.from_pretrained(FOLDER)
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
        fresh, kept = ((folder / name).read_text() for folder in (tmp_path, FOLDER))
        if name == "tokenizer.json":  # its words were learnt before there were so many phrases
            assert _build(json.loads(fresh)) == _build(json.loads(kept))
        elif name.endswith(".json"):
            assert json.loads(fresh) == json.loads(kept), name
        else:
            assert fresh == kept, name


def _build(tokenizer: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """A tokenizer without the words that it has learnt, and how many these are."""
    model = tokenizer.pop("model")
    return tokenizer | {"type": model["type"]}, len(model["vocab"])
