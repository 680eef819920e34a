"""Packages, their licences, and the formats that photographs come in."""

import json
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.fledgling.concepts import CONCEPTS
from models.fledgling.data.fetching import FetchError, check_licence, fetch
from models.fledgling.data.photographs import concept_of, free_files, square
from models.fledgling.data.resources import read_resources
from models.fledgling.data.sources import ACCEPTED, ARTWORK, PHOTOGRAPHS, STYLES, TEACHER, WORDNET
from models.fledgling.data.stamps import labelled_stamps
from models.fledgling.data.teacher import PAPER, on_paper, with_output

NOTO = ARTWORK[STYLES.index("noto")]


def icon_set(folder: Path, licence: str) -> Path:
    (folder / "info.json").write_text(json.dumps({"license": {"spdx": licence}}))
    return folder


def test_every_source_has_a_licence_that_we_accept_and_a_name_of_its_own() -> None:
    sources = (*ARTWORK, *PHOTOGRAPHS, TEACHER, WORDNET)
    assert {source.licence for source in sources} <= ACCEPTED
    assert len({source.style for source in sources}) == len(sources)


def test_a_package_of_the_stated_licence_passes(tmp_path: Path) -> None:
    check_licence(NOTO, icon_set(tmp_path, "Apache-2.0"))


def test_another_licence_than_stated_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=NOTO.package):
        check_licence(NOTO, icon_set(tmp_path, "CC-BY-NC-4.0"))


def test_a_licence_that_is_not_free_is_refused_even_when_stated(tmp_path: Path) -> None:
    files = icon_set(tmp_path, "CC-BY-NC-4.0")
    with pytest.raises(FetchError, match="not a licence"):
        check_licence(replace(NOTO, licence="CC-BY-NC-4.0"), files)


def test_a_licence_file_counts_where_no_field_names_it(tmp_path: Path) -> None:
    (tmp_path / "copyright").write_text("License: CC-BY-SA-4.0")
    check_licence(PHOTOGRAPHS[1], tmp_path)


def test_a_package_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    there = tmp_path / f"noto-{NOTO.version}"
    there.mkdir()
    assert fetch(NOTO, tmp_path) == there


def test_only_files_with_a_free_licence_of_their_own_are_taken() -> None:
    stated = (
        "Files: *\nLicense: GPL-3+\n\n"
        "Files: images/cat.jpg\n       images/dog.png\nCopyright: somebody\nLicense: CC-BY-2.0\n\n"
        "Files: images/cow.jpg\nLicense: GFDL-NIV-1.2\n"
    )
    assert free_files(stated) == {"cat", "dog"}


@pytest.mark.parametrize(
    ("stem", "name"),
    [("hammer3", "hammer"), ("kitten", "cat"), ("screwDriver", "screwdriver"), ("dam1", None)],
)
def test_a_photographs_file_name_says_what_it_shows(stem: str, name: str | None) -> None:
    number = concept_of(stem)
    assert (CONCEPTS[number].name if number >= 0 else None) == name


def test_a_square_is_cut_where_it_was_asked_for() -> None:
    picture = Image.new("RGB", (300, 100), "blue")
    picture.paste("red", (200, 0, 300, 100))
    assert square(picture, x=1.0).mean(axis=(0, 1)).tolist() == [255, 0, 0]
    assert square(picture, x=0.0).mean(axis=(0, 1)).tolist() == [0, 0, 255]


def test_a_resource_file_gives_its_files_packed_or_not() -> None:
    name = "cat.webp".encode("utf-16-be")
    names = struct.pack(">HI", 8, 0) + name
    packed = struct.pack(">I", 3) + zlib.compress(b"cat")
    data = struct.pack(">I", len(packed)) + packed
    root = struct.pack(">IHII", 0, 2, 1, 1)
    leaf = struct.pack(">IHHHI", 0, 1, 0, 0, 0)
    tree = root + leaf
    at = 20
    header = struct.pack(">4sIIII", b"qres", 1, at, at + len(tree), at + len(tree) + len(data))
    assert list(read_resources(header + tree + data + names)) == [("/cat.webp", b"cat")]


def test_stamps_go_by_their_descriptions(tmp_path: Path) -> None:
    root = tmp_path / "usr/share/tuxpaint/stamps/animals"
    root.mkdir(parents=True)
    for stem, text in {"a": "A big brown horse.", "b": "A dog with a hat.", "c": "A yak."}.items():
        (root / f"{stem}.txt").write_text(text)
        Image.new("RGBA", (4, 4)).save(root / f"{stem}.png")
    found = {
        path.stem: CONCEPTS[number].name if number >= 0 else None
        for path, number in labelled_stamps(tmp_path)
    }
    assert found == {"a": "horse", "c": None}  # b shows two things, one of which is known


def test_artwork_lies_on_light_paper() -> None:
    pixels = np.zeros((1, 1, 2, 4), np.uint8)
    pixels[0, 0, 1] = [10, 20, 30, 255]
    assert on_paper(pixels).tolist() == [[[[PAPER] * 3, [10, 20, 30]]]]


def test_an_output_is_added_to_a_model_as_one_more_graph() -> None:
    assert with_output(b"model", "ab") == b"model" + b"\x3a\x06" + b"\x62\x04" + b"\x0a\x02ab"
