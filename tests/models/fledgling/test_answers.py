"""What the checkpoint says about new drawings, earlier ones, itself, and everything else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

import numpy as np
import pytest
from PIL import Image

from models.fledgling.drawn.colours import COLOURS
from models.fledgling.drawn.scenes import draw
from models.fledgling.drawn.shapes import SHAPES
from models.fledgling.evaluate import Fledgling, assistant, system, user

_COUNT = 100
# These drawings are not quite those it learnt from: of those it names 94% of the shapes.
_SHAPES_RIGHT = 0.84
_FIRST = 40_000  # seeds that no training run draws


@dataclass(frozen=True, slots=True)
class Drawing:
    """One shape in one colour."""

    shape: str
    colour: str
    picture: Image.Image


@cache
def _drawings() -> tuple[Drawing, ...]:
    drawn = [draw(_FIRST + index, "single") for index in range(_COUNT)]
    return tuple(
        Drawing(one.scene.things[0].shape, one.scene.things[0].colour, one.picture) for one in drawn
    )


def named(answer: str) -> tuple[str, str]:
    """The shape and the colour that an answer names; empty where it names none or several."""
    words = set(re.findall(r"[a-z]+", answer.lower()))
    shape, colour = words & set(SHAPES), words & set(COLOURS)
    return (
        "".join(shape) if len(shape) == 1 else "",
        "".join(colour) if len(colour) == 1 else "",
    )


def _told(
    fledgling: Fledgling,
    pictures: Sequence[Image.Image],
    question: str = "What is in this picture?",
) -> list[tuple[str, str]]:
    chats = [[system(), user(one, *([question] if question else []))] for one in pictures]
    return [named(answer) for answer in fledgling.answers(chats)]


def _right(told: Sequence[tuple[str, str]], truth: Sequence[Drawing]) -> tuple[int, int]:
    pairs = list(zip(told, truth, strict=True))
    shapes = sum(answer[0] == one.shape for answer, one in pairs)
    return shapes, sum(answer[1] == one.colour for answer, one in pairs)


def _most_by_chance(
    truth: Sequence[Drawing], told: Sequence[tuple[str, str]]
) -> tuple[float, float]:
    """How often answers that know nothing of the truth would agree with it, and four deviations."""
    limits = []
    for aspect, attribute in enumerate(("shape", "colour")):
        true = [getattr(one, attribute) for one in truth]
        said = [answer[aspect] for answer in told]
        agree = np.mean([[word == other for word in said] for other in true])
        limits.append(float(len(true) * agree + 4 * np.sqrt(len(true) * agree * (1 - agree))))
    return limits[0], limits[1]


@pytest.mark.parametrize("question", ["What is in this picture?", "", "?"])
def test_it_names_shape_and_colour_of_new_drawings(question: str, fledgling: Fledgling) -> None:
    pictures = [one.picture for one in _drawings()]
    shapes, colours = _right(_told(fledgling, pictures, question), _drawings())
    assert shapes >= _SHAPES_RIGHT * _COUNT
    assert colours >= 0.9 * _COUNT


def test_it_names_only_what_was_asked_for(fledgling: Fledgling) -> None:
    pictures = [one.picture for one in _drawings()]
    shape = _told(fledgling, pictures, "Which shape is it?")
    assert _right(shape, _drawings())[0] >= 0.9 * _COUNT
    colour = _told(fledgling, pictures, "What colour is it?")
    assert _right(colour, _drawings())[1] >= 0.9 * _COUNT
    assert sum(answer[1] == "" for answer in shape) >= 0.95 * _COUNT


def test_with_the_picture_blanked_it_knows_nothing_of_the_drawing(fledgling: Fledgling) -> None:
    blank = [Image.new("RGB", one.picture.size, (255, 255, 255)) for one in _drawings()]
    told = _told(fledgling, blank)
    shapes, colours = _right(told, _drawings())
    assert shapes <= _COUNT * 0.1 + 4 * (_COUNT * 0.09) ** 0.5
    assert colours <= _COUNT * 0.1 + 4 * (_COUNT * 0.09) ** 0.5
    assert sum(answer == ("", "") for answer in told) >= 0.9 * _COUNT


def test_with_the_picture_swapped_it_tells_of_the_other_one(fledgling: Fledgling) -> None:
    others = list(_drawings())
    Random(5).shuffle(others)
    told = _told(fledgling, [one.picture for one in others])
    shapes, colours = _right(told, _drawings())
    most_shapes, most_colours = _most_by_chance(_drawings(), told)
    assert shapes <= most_shapes < 0.35 * _COUNT
    assert colours <= most_colours < 0.35 * _COUNT
    assert min(_right(told, others)) >= _SHAPES_RIGHT * _COUNT


def test_it_says_so_when_a_picture_shows_nothing_it_knows(fledgling: Fledgling) -> None:
    told = _told(fledgling, [draw(_FIRST + index, "texture").picture for index in range(60)])
    assert sum(answer == ("", "") for answer in told) >= 0.85 * 60


def test_it_remembers_the_picture_of_the_question_before(fledgling: Fledgling) -> None:
    chats = [
        [
            system(),
            user(one.picture, "Which shape is it?"),
            assistant(f"It is a {one.shape}."),
            user("And what colour was it?"),
        ]
        for one in _drawings()
    ]
    told = [named(answer) for answer in fledgling.answers(chats)]
    assert _right(told, _drawings())[1] >= 0.85 * _COUNT


def test_it_remembers_over_a_chunk_boundary(fledgling: Fledgling) -> None:
    chunk = fledgling.model.config.text_config.attention_chunk_size
    small_talk = [
        user("Thank you!"),
        assistant("You are welcome!"),
        user("What is the capital of France?"),
        assistant(
            "I am a small demonstration model and cannot answer that. "
            "I can only name the shape and colour of a simple drawing."
        ),
        user("ok"),
        assistant("I am glad! Send me another drawing if you like."),
    ]
    chats = [
        [
            system(),
            user(one.picture, "Which shape is it?"),
            assistant(f"It is a {one.shape}."),
            *small_talk,
            user("What colour was it?"),
        ]
        for one in _drawings()
    ]
    tokens = fledgling._inputs(chats[0])["input_ids"][0]
    last_patch = int((tokens == fledgling.model.config.image_token_id).nonzero()[-1])
    assert last_patch // chunk < len(tokens) // chunk  # the answer starts in a later chunk
    told = [named(answer) for answer in fledgling.answers(chats)]
    assert _right(told, _drawings())[1] >= 0.8 * _COUNT


def test_it_tells_two_pictures_apart(fledgling: Fledgling) -> None:
    pairs = list(zip(_drawings()[::2], _drawings()[1::2], strict=True))
    chats = [
        [
            system(),
            user(one.picture, "What is this?"),
            assistant(f"I see a {one.colour} {one.shape}."),
            user(other.picture, "And this one?"),
        ]
        for one, other in pairs
    ]
    told = [named(answer) for answer in fledgling.answers(chats)]
    assert min(_right(told, [other for _, other in pairs])) >= 0.85 * len(pairs)


@pytest.mark.parametrize("with_system", [True, False])
def test_asked_about_a_picture_without_one_it_says_that_there_is_none(
    with_system: bool, fledgling: Fledgling
) -> None:
    for question in ("What is in this picture?", "What colour is it?"):
        chat = [system(), user(question)] if with_system else [user(question)]
        answer = fledgling.answer(chat)
        assert "no picture" in answer.lower(), answer


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("Hello!", "hello"),
        ("hi", "hello"),
        ("Thank you", "welcome"),
        ("Who are you?", "demonstration model"),
        ("Are you a human?", "computer program"),
        ("What can you do?", "colour"),
        ("help", "drawing"),
        ("What is the capital of France?", "cannot answer"),
        ("Write a poem about the sea.", "cannot answer"),
        ("What is 17 times 4?", "cannot answer"),
        ("asdf qwer", "cannot answer"),
    ],
)
def test_it_answers_small_talk_truly(question: str, fact: str, fledgling: Fledgling) -> None:
    answer = fledgling.answer([system(), user(question)])
    assert fact in answer.lower(), answer


def test_it_takes_its_name_from_the_system_message(fledgling: Fledgling) -> None:
    answer = fledgling.answer([system(), user("What is your name?")])
    assert "Whimbrel" in answer
