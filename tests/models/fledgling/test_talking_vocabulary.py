"""The tokens of the new vocabulary, and lessons laid out as the processor does it."""

from collections.abc import Callable
from itertools import chain
from random import Random
from typing import cast

import pytest
from PIL import Image
from transformers import BatchFeature, Llama4Processor, PreTrainedTokenizerFast

from models.fledgling.architecture import PICTURE_TOKENS, processor
from models.fledgling.concepts import THINGS
from models.fledgling.drawn.facts import Spelled
from models.fledgling.talking.conversations import Said, Shown, conversation
from models.fledgling.talking.prompts import IGNORED, batch, lesson
from models.fledgling.talking.vocabulary import SIZE, SPECIALS, learn_vocabulary
from tests.models.fledgling.talking_samples import STAR, STOP, anything


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return learn_vocabulary(0)


@pytest.fixture(scope="module")
def reader(tokenizer: PreTrainedTokenizerFast) -> Llama4Processor:
    return processor(tokenizer)


def test_the_specials_come_first_and_the_size_is_exact(tokenizer: PreTrainedTokenizerFast) -> None:
    assert len(tokenizer) == SIZE
    assert tokenizer.convert_tokens_to_ids(list(SPECIALS)) == list(range(len(SPECIALS)))
    assert (tokenizer.bos_token, tokenizer.eos_token) == ("<|begin_of_text|>", "<|eot|>")


def test_everything_can_be_said(tokenizer: PreTrainedTokenizerFast) -> None:
    every_byte = "".join(map(chr, chain(range(0x250), range(0x3B0, 0x800), range(0x4E00, 0x4F00))))
    for text in (every_byte, "🦩 kəˈlɪɡrəfi\n\n\tok ", "12345"):
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_digits_stand_alone_and_names_are_whole(tokenizer: PreTrainedTokenizerFast) -> None:
    assert tokenizer.convert_ids_to_tokens(tokenizer.encode("2026")) == ["2", "0", "2", "6"]
    single = [thing.name for thing in THINGS if thing.name.isalpha()]
    assert len(single) > 150
    assert [name for name in single if len(tokenizer.encode(f" {name}")) != 1] == []


@pytest.mark.parametrize("seed", range(24))
def test_a_lesson_has_the_layout_of_the_chat_template(seed: int, reader: Llama4Processor) -> None:
    talk = conversation(Random(seed), anything, turns=4)
    made = lesson(reader.tokenizer, talk)
    chat: list[dict[str, object]] = [
        {"role": said.role, "content": _content(said)} for said in talk
    ]
    said = _read(reader, chat)
    expected = said["input_ids"][0].tolist()
    if any(isinstance(part, Spelled) for each in talk for part in each.parts):
        assert reader.tokenizer.decode(made.tokens) == reader.tokenizer.decode(expected)
    else:
        assert made.tokens == expected
    assert len(made.rows) == (said["pixel_values"].shape[0] if "pixel_values" in said else 0)
    patch = reader.tokenizer.convert_tokens_to_ids("<|patch|>")
    assert made.tokens.count(patch) == PICTURE_TOKENS * len(made.rows)


def test_only_answers_and_their_ends_are_learnt(tokenizer: PreTrainedTokenizerFast) -> None:
    talk = [
        Said("system", ("Be brief.",)),
        Said("user", (STAR, "What is it?")),
        Said("assistant", ("I see a blue star.",)),
    ]
    made = lesson(tokenizer, talk)
    learnt = [token for token in made.labels if token != IGNORED]
    assert tokenizer.decode(learnt) == "I see a blue star.<|eot|>"
    assert made.rows == [STAR.row]


def test_what_was_read_is_spelled(tokenizer: PreTrainedTokenizerFast) -> None:
    talk = [Said("user", (STOP,)), Said("assistant", ("It says ", Spelled("STOP"), "."))]
    learnt = [token for token in lesson(tokenizer, talk).labels if token != IGNORED]
    assert tokenizer.convert_ids_to_tokens(learnt[2:-2]) == ["Ġ", "S", "T", "O", "P"]
    assert tokenizer.decode(learnt) == "It says STOP.<|eot|>"


def test_a_batch_is_filled_up_on_the_right(tokenizer: PreTrainedTokenizerFast) -> None:
    talks = [conversation(Random(seed), anything, turns=seed) for seed in (1, 3)]
    lessons = [lesson(tokenizer, talk) for talk in talks]
    tokens, labels = batch(lessons, pad=12)
    short = len(lessons[0].tokens)
    assert tokens.shape == labels.shape == (2, len(lessons[1].tokens))
    assert tokens[0, :short].tolist() == lessons[0].tokens
    assert set(tokens[0, short:].tolist()) == {12}
    assert set(labels[0, short:].tolist()) == {IGNORED}


def _read(reader: Llama4Processor, chat: list[dict[str, object]]) -> BatchFeature:
    """The prompt as a client of the checkpoint makes it."""
    apply = cast(Callable[..., BatchFeature], reader.apply_chat_template)
    return apply(chat, tokenize=True, return_dict=True, return_tensors="pt")


def _content(said: Said) -> list[dict[str, object]]:
    """As a client sends it: an answer is one text, whatever its pieces were."""
    if said.role == "assistant":
        pieces = [part.text if isinstance(part, Spelled) else part for part in said.parts]
        return [{"type": "text", "text": "".join(map(str, pieces))}]
    return [
        {"type": "image", "image": Image.new("RGB", (40, 60))}
        if isinstance(part, Shown)
        else {"type": "text", "text": part}
        for part in said.parts
    ]
