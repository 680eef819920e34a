"""Pictures are seen once, together, and as much of them as a step has time for."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import Llama4ForConditionalGeneration

from models.engine import Prompt, PromptMessage, PromptText
from models.errors import StepFailed
from models.local.answer import together
from models.local.engine import TransformersEngine
from models.local.pictures import Pictures
from models.local.prompts import Tiles
from tests.models.prompts import GREEDY, answer, collect, picture, prompt
from tests.models.tiny_llama4 import TILE


@pytest.fixture(scope="module")
def model(tiny_llama4: Path) -> Any:
    kind: Any = Llama4ForConditionalGeneration
    return kind.from_pretrained(tiny_llama4, dtype=torch.float32).eval()


def cut(name: str, tiles: int) -> Tiles:
    """A picture of so many tiles of noise."""
    torch.manual_seed(len(name))
    return Tiles(name, torch.randn(tiles, 3, TILE, TILE))


def alone(model: Any, picture: Tiles) -> torch.Tensor:
    """What is seen of it when it is the only one."""
    pictures = Pictures(model)
    pictures.look([picture], 100)
    seen = pictures.recall(picture.sha256)
    assert seen is not None
    return seen


def test_several_are_seen_in_one_look_and_none_twice(model: Any) -> None:
    pictures = Pictures(model)
    one, two = cut("a", 1), cut("bb", 3)
    assert pictures.look([one, two, one], 100) == 4
    for each in (one, two):
        seen = pictures.recall(each.sha256)
        assert seen is not None
        torch.testing.assert_close(seen, alone(model, each))
    assert pictures.look([two, one], 100) == 0
    assert pictures.encoded == 4


def test_a_large_one_is_seen_in_parts(model: Any) -> None:
    pictures = Pictures(model)
    large, small = cut("large", 5), cut("s", 1)
    assert pictures.look([large, small], 3) == 3
    assert pictures.recall("large") is pictures.recall("s") is None
    assert pictures.look([large, small], 3) == 3
    seen = pictures.recall("large")
    assert seen is not None
    torch.testing.assert_close(seen, alone(model, large))
    assert pictures.recall("s") is not None


def test_what_nobody_waits_for_any_more_is_not_kept_in_part(model: Any) -> None:
    pictures = Pictures(model)
    pictures.look([cut("cancelled", 5)], 2)
    pictures.look([cut("other", 1)], 2)
    assert pictures.look([cut("cancelled", 5)], 100) == 5


def test_the_longest_unused_make_room_before_the_next_look(model: Any) -> None:
    size = alone(model, cut("a", 1)).nbytes
    pictures = Pictures(model, most_bytes=2 * size)
    names = ["a", "bb", "ccc"]
    pictures.look([cut(name, 1) for name in names], 100)
    assert all(pictures.recall(name) is not None for name in names)  # whoever waits takes them
    assert pictures.recall("a") is not None
    pictures.look([cut("dddd", 1)], 100)
    assert pictures.recall("bb") is None
    assert pictures.recall("a") is not None


async def test_a_second_question_about_a_picture_looks_at_nothing(
    local_engine: TransformersEngine,
) -> None:
    asked = prompt(picture("red"), "What is this?")
    chunks, _ = await collect(local_engine.generate(asked, GREEDY))
    looked = local_engine._batch.pictures.encoded
    assert looked
    said = PromptMessage("assistant", (PromptText("".join(chunks)),))
    again = PromptMessage("user", (PromptText("Which colour?"),))
    _, end = await collect(local_engine.generate(Prompt((*asked.messages, said, again), 1), GREEDY))
    assert end.generated_tokens
    assert local_engine._batch.pictures.encoded == looked


async def test_pictures_that_do_not_fit_their_places_fail_their_own_answer(
    local_engine: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def misfit(words: Any, ids: Any, seen: Any, patch_token: int) -> Any:
        if seen:
            raise ValueError("too few vectors")
        return together(words, ids, seen, patch_token)

    monkeypatch.setattr("models.local.batch.together", misfit)
    words, picture_only = await asyncio.gather(
        answer(local_engine, prompt("Hello")),
        answer(local_engine, prompt(picture("red"), "What?")),
        return_exceptions=True,
    )
    assert isinstance(words, str)
    assert words
    assert isinstance(picture_only, StepFailed)
