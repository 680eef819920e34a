"""Scenes: the same for a seed, of every kind, and what is said to be where is there."""

import numpy as np
import pytest

from models.fledgling import architecture
from models.fledgling.drawn.canvas import CELLS, SIDE
from models.fledgling.drawn.colours import COLOURS
from models.fledgling.drawn.facts import LETTERS, Kind
from models.fledgling.drawn.scenes import KINDS, TRAINING_SEEDS, Drawing, draw
from models.fledgling.drawn.shapes import SHAPES
from models.fledgling.drawn.words import common_words, is_held_out, result

SHAPED: tuple[Kind, ...] = ("single", "several", "count", "beside", "odd")
PRINTED: tuple[Kind, ...] = ("word", "number", "sum")


def many(kind: Kind, count: int = 40, first: int = 0) -> list[Drawing]:
    return [draw(seed, kind) for seed in range(first, first + count)]


def test_sizes_are_those_of_the_architecture() -> None:
    assert SIDE == architecture.IMAGE_SIZE
    assert CELLS == architecture.IMAGE_SIZE // architecture.PATCH_SIZE


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_draws_the_same_picture_again(kind: Kind) -> None:
    once, again = draw(7, kind), draw(7, kind)
    assert once.scene == again.scene
    assert once.picture.tobytes() == again.picture.tobytes()
    assert once.picture.size == (SIDE, SIDE)
    assert once.picture.mode == "RGB"


def test_seeds_draw_different_pictures_of_every_kind_shape_and_colour() -> None:
    drawings = [draw(seed) for seed in range(200)]
    assert len({one.picture.tobytes() for one in drawings}) == 200
    assert {one.scene.kind for one in drawings} == set(KINDS)
    things = [thing for one in drawings for thing in one.scene.things]
    assert {thing.shape for thing in things} == set(SHAPES)
    assert {thing.colour for thing in things} == set(COLOURS)


@pytest.mark.parametrize("kind", SHAPED)
def test_the_patch_at_the_centre_of_a_thing_is_its_own(kind: Kind) -> None:
    for drawing in many(kind):
        named = set()
        for thing in drawing.scene.things:
            cell = int(thing.y * CELLS), int(thing.x * CELLS)
            assert drawing.shapes[cell] == 1 + SHAPES.index(thing.shape)
            assert drawing.colours[cell] == 1 + COLOURS.index(thing.colour)
            named.add((drawing.shapes[cell], drawing.colours[cell]))
        found = set(zip(drawing.shapes.flat, drawing.colours.flat, strict=True)) - {(0, 0)}
        assert found == named
        assert not drawing.letters.any()


def test_a_patch_named_after_a_shape_looks_unlike_the_paper() -> None:
    clear = 0
    for drawing in many("single", 60):
        pixels = np.asarray(drawing.picture, dtype=float)
        patches = pixels.reshape(CELLS, SIDE // CELLS, CELLS, SIDE // CELLS, 3).mean((1, 3))
        shaped = drawing.shapes > 0
        if shaped.sum() >= 4 and (~shaped).sum() >= 4:
            # Outlines hardly change the mean of the patches inside: most drawings are filled.
            apart = np.abs(patches[shaped].mean(0) - patches[~shaped].mean(0)).max()
            clear += bool(apart > 25)
    assert clear > 35


def test_things_do_not_touch_and_are_as_many_as_their_kind_has() -> None:
    limits = {"single": (1, 1), "several": (2, 3), "count": (1, 10), "beside": (2, 2)}
    for kind in SHAPED:
        least, most = limits.get(kind, (4, 6))
        counts = {len(one.scene.things) for one in many(kind, 120)}
        assert counts == set(range(least, most + 1))
    for drawing in many("count"):
        places = [(thing.x, thing.y) for thing in drawing.scene.things]
        apart = [np.hypot(a - c, b - d) for a, b in places for c, d in places if (a, b) != (c, d)]
        assert min(apart, default=1) > 0.1
        assert all(0.04 < way < 0.96 for place in places for way in place)


def test_things_that_count_are_alike_but_for_an_odd_one() -> None:
    for drawing in many("count"):
        assert len({(thing.shape, thing.colour) for thing in drawing.scene.things}) == 1
    for drawing in many("odd"):
        *alike, odd = drawing.scene.things
        (one,) = {(thing.shape, thing.colour) for thing in alike}
        assert (odd.shape == one[0]) != (odd.colour == one[1])


def test_sizes_are_told_only_of_two_alike() -> None:
    sized = [one.scene for one in many("several", 80) if any(t.size for t in one.scene.things)]
    assert sized
    for scene in sized:
        assert {thing.size for thing in scene.things} == {"small", "large"}
        assert len({thing.shape for thing in scene.things}) == 1
        assert len({thing.colour for thing in scene.things}) == 2


@pytest.mark.parametrize("kind", PRINTED)
def test_letters_spell_the_text_from_left_to_right(kind: Kind) -> None:
    turned = 0
    for drawing in many(kind, 150):
        rows, columns = np.nonzero(drawing.letters)
        order = np.argsort(columns)
        spelt = "".join(LETTERS[drawing.letters[rows[i], columns[i]] - 1] for i in order)
        assert spelt == drawing.scene.text.lower().replace(" ", "")
        turned += len(set(rows)) > 1
        assert not drawing.shapes.any()
    assert kind == "number" or turned > 5


def test_printed_letters_differ_from_the_paper_where_they_are_said_to_be() -> None:
    for drawing in many("word", 60):
        pixels = np.asarray(drawing.picture, dtype=float)
        patches = pixels.reshape(CELLS, 12, CELLS, 12, 3).std((1, 3)).max(-1)
        assert patches[drawing.letters > 0].mean() > 1.5 * np.median(patches)


def test_words_and_sums_are_of_the_sizes_promised() -> None:
    texts = [one.scene.text for one in many("word", 300)]
    assert all(2 <= len(text) <= 8 and text.isalpha() for text in texts)
    common = sum(text.lower() in common_words() for text in texts)
    assert 0.55 < common / len(texts) < 0.8
    assert all(0 <= result(one.scene.text) <= 20 for one in many("sum", 200))
    assert {len(one.scene.text) for one in many("number", 60)} == {1, 2, 3, 4}


def test_held_out_words_are_drawn_only_on_request() -> None:
    share = sum(map(is_held_out, common_words())) / len(common_words())
    assert 0.15 < share < 0.25
    for seed in range(TRAINING_SEEDS, TRAINING_SEEDS + 150):
        assert not is_held_out(draw(seed, "word").scene.text)
    for seed in range(60):
        assert is_held_out(draw(seed, "word", held_out=True).scene.text)
    with pytest.raises(ValueError, match="held-out"):
        draw(TRAINING_SEEDS, held_out=True)


def test_dice_show_their_pips() -> None:
    texts = {one.scene.text for one in many("dice", 80)}
    assert {"1", "2", "3", "4", "5", "6"} <= texts
    assert all(1 <= int(n) <= 6 for text in texts for n in text.split(" + "))
