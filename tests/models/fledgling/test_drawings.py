"""Drawings: the same for a seed, different between seeds, and of every shape and colour."""

import numpy as np
import pytest

from models.fledgling.drawings import COLOURS, draw, draw_unknown
from models.fledgling.shapes import SHAPES


@pytest.mark.parametrize("seed", [0, 3, 77])
def test_a_seed_draws_the_same_picture_again(seed: int) -> None:
    once, again = draw(seed), draw(seed)
    assert (once.shape, once.colour) == (again.shape, again.colour)
    assert once.picture.tobytes() == again.picture.tobytes()
    assert draw_unknown(seed).tobytes() == draw_unknown(seed).tobytes()


def test_seeds_draw_different_pictures() -> None:
    assert len({draw(seed).picture.tobytes() for seed in range(20)}) == 20


def test_every_shape_and_colour_is_drawn() -> None:
    drawings = [draw(seed) for seed in range(150)]
    assert {one.shape for one in drawings} == set(SHAPES)
    assert {one.colour for one in drawings} == set(COLOURS)


def test_shape_and_colour_can_be_chosen() -> None:
    drawing = draw(5, shape="heart", colour="pink")
    assert (drawing.shape, drawing.colour) == ("heart", "pink")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_mask_covers_the_shape_and_not_the_paper(shape: str) -> None:
    drawing = draw(12, shape=shape)
    assert drawing.mask.size == drawing.picture.size
    assert 0.01 < np.asarray(drawing.mask).mean() / 255 < 0.85
