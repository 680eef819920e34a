"""Conversations as lessons: laid out as the processor does it, with only answers to be learnt."""

from random import Random

import pytest
from PIL import Image

from models.fledgling.conversations import Said, Shown, conversation
from models.fledgling.evaluate import Fledgling
from models.fledgling.prompts import IGNORED, lesson


def _pick(rng: Random) -> Shown:
    return rng.choice((Shown(0, "circle", "red"), Shown(1, "arrow", "orange"), Shown(2, "", "")))


def _chat(talk: list[Said]) -> list[dict[str, object]]:
    return [{"role": said.role, "content": [_part(part) for part in said.parts]} for said in talk]


def _part(part: str | Shown) -> dict[str, object]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    return {"type": "image", "image": Image.new("RGB", (40, 60))}


@pytest.mark.parametrize("seed", range(12))
def test_a_lesson_has_the_tokens_of_the_chat_template(seed: int, fledgling: Fledgling) -> None:
    talk = conversation(Random(seed), _pick, turns=3)
    made = lesson(fledgling.processor.tokenizer, talk)
    said = fledgling.processor.apply_chat_template(
        _chat(talk), tokenize=True, return_dict=True, return_tensors="pt"
    )
    assert made.tokens == said["input_ids"][0].tolist()
    pictures = said["pixel_values"].shape[0] if "pixel_values" in said else 0
    assert len(made.rows) == pictures


def test_only_answers_and_their_ends_are_learnt(fledgling: Fledgling) -> None:
    talk = [
        Said("system", ("Be brief.",)),
        Said("user", (Shown(4, "star", "blue"), "What is it?")),
        Said("assistant", ("I see a blue star.",)),
    ]
    tokenizer = fledgling.processor.tokenizer
    made = lesson(tokenizer, talk)
    learnt = [token for token in made.labels if token != IGNORED]
    assert tokenizer.decode(learnt) == "I see a blue star.<|eot|>"
    assert made.rows == [4]


def test_answers_say_what_is_true() -> None:
    for seed in range(300):
        talk = conversation(Random(seed), lambda _: Shown(0, "star", "blue"), turns=2)
        told = " ".join(str(said.parts[0]) for said in talk if said.role == "assistant")
        if "I know these" not in told:
            assert "circle" not in told
            assert "red " not in told
