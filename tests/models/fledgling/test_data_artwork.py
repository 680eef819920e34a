"""Artwork: which piece shows what, how it is drawn, and what never trains."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.fledgling.concepts import CONCEPTS, FLAGS, THINGS
from models.fledgling.data.artwork import TRAIN, UNSEEN_STYLE, UNSEEN_THING, split_of
from models.fledgling.data.names import bare, code, read_names
from models.fledgling.data.pieces import Emoji, Piece, pieces, share
from models.fledgling.data.raster import FILLS, SIDE, fitted, rasterise
from models.fledgling.data.sources import ARTWORK, STYLES, Source

SHARE_OF_LADDER = 0.12765649437791637
NUMBERS = {concept.name: number for number, concept in enumerate(CONCEPTS)}
RED_SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10">'
    '<path fill="#f00" d="M2 4h4v2H2z"/></svg>'
)


def source(style: str) -> Source:
    return ARTWORK[STYLES.index(style)]


def test_every_thing_has_an_emoji_and_every_flag_a_country() -> None:
    names = read_names()
    assert set(names.emoji.values()) == set(range(len(THINGS)))
    assert set(names.countries.values()) == set(range(len(THINGS), len(CONCEPTS)))
    assert len(names.countries) == len(FLAGS)


def test_nearly_every_thing_has_a_name_in_icon_sets_too() -> None:
    names = read_names()
    assert len(set(names.icons.values())) > 280


def test_an_emoji_is_known_by_its_code_points_without_selectors() -> None:
    assert code("❤️") == "2764"
    assert read_names().emoji[code("❤️")] == NUMBERS["heart"]


@pytest.mark.parametrize(
    ("name", "plain"), [("cat-fill", "cat"), ("bell-2-bold", "bell"), ("fill", "fill")]
)
def test_an_icons_variants_have_one_name(name: str, plain: str) -> None:
    assert bare(name) == plain


def test_a_drawing_fills_the_square_and_nothing_else_is_opaque() -> None:
    pixels = rasterise(RED_SQUARE)
    assert pixels is not None
    assert pixels.shape == (SIDE, SIDE, 4)
    assert pixels[SIDE // 2, SIDE // 2].tolist() == [255, 0, 0, 255]
    inside = pixels[..., 3] > 128
    assert inside.any(axis=0).sum() == pytest.approx(SIDE * FILLS, abs=2)
    assert inside.any(axis=1).sum() == pytest.approx(SIDE * FILLS / 2, abs=2)
    assert pixels[0, 0, 3] == 0


def test_a_drawing_of_nothing_is_left_out() -> None:
    assert rasterise('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>') is None
    assert rasterise("no picture") is None
    assert fitted(Image.new("RGBA", (20, 20))) is None


def test_a_held_out_style_trains_nothing_but_flags() -> None:
    twemoji = source("twemoji")
    assert split_of(twemoji, Piece(NUMBERS["cat"], "cat")) == UNSEEN_STYLE
    assert split_of(twemoji, Piece(-1, "ladder")) == UNSEEN_STYLE
    assert split_of(twemoji, Piece(NUMBERS["flag of France"], "fr")) == TRAIN
    assert [each.style for each in ARTWORK if each.held_out] == ["twemoji"]


def test_a_tenth_of_the_unknown_is_kept_in_every_style_alike() -> None:
    noto, tabler = source("noto"), source("icons-tabler")
    words = [f"thing{number}" for number in range(2000)]
    splits = [split_of(noto, Piece(-1, word)) for word in words]
    assert splits == [split_of(tabler, Piece(-1, word)) for word in words]
    assert splits.count(UNSEEN_THING) / len(words) == pytest.approx(0.1, abs=0.03)
    assert split_of(noto, Piece(NUMBERS["cat"], words[splits.index(UNSEEN_THING)])) == TRAIN


def test_a_words_share_never_changes() -> None:
    assert share("ladder") == pytest.approx(SHARE_OF_LADDER, abs=1e-9)
    assert 0.4 < np.mean([share(str(number)) for number in range(500)]) < 0.6


def test_an_emoji_set_gives_what_is_known_and_what_is_strange(tmp_path: Path) -> None:
    icons = {name: {"body": "<path d='M0 0h9v9z'/>"} for name in ("cat", "ladder", "goose", "yes")}
    write(tmp_path / "icons.json", {"icons": icons, "width": 9, "height": 9})
    codes = {"1f408": "cat", "1fa9c": "ladder", "1fabf": "goose", "1f197": "yes"}
    write(tmp_path / "chars.json", codes)
    emoji = Emoji({}, codes, frozenset({"1fa9c"}))
    found = list(pieces(source("noto"), tmp_path, read_names(), emoji))
    assert [(piece.concept, piece.subject) for piece in found] == [
        (NUMBERS["cat"], "cat"),
        (-1, "ladder"),
    ]
    assert 'viewBox="0 0 9 9"' in found[0].svg


def test_a_set_without_code_points_goes_by_names(tmp_path: Path) -> None:
    names = ("alarmclock", "flag-for-france", "catface2", "something")
    write(tmp_path / "icons.json", {"icons": {name: {"body": ""} for name in names}})
    emoji = Emoji({"catface": "1f431"}, {"1f431": "cat-face"}, frozenset())
    found = list(pieces(source("firefox"), tmp_path, read_names(), emoji))
    assert [CONCEPTS[piece.concept].name for piece in found] == [
        "alarm clock",
        "flag of France",
        "cat",
    ]


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content))
