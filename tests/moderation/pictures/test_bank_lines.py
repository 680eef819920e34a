"""Lists of hashes: what is taken, and what is refused by which line."""

from __future__ import annotations

from chat.moderation import Category
from moderation.pictures.bank_lines import Refusal, is_flat, line_of, read_lines
from moderation.pictures.pdq import luminance, pdq
from storage.repositories import NewPicture
from tests.moderation.pictures.drawn import clouds

GOOD, OTHER = "0f" * 32, "3c" * 32


def test_a_list_is_taken_with_its_categories() -> None:
    text = f"hash,category\n# ours\n\n{GOOD.upper()}\n{OTHER}, child-exploitation,x\n{GOOD},hate\n"
    listed = read_lines(text.splitlines(), frozenset(Category), default="known-picture")
    assert listed.pictures == (
        NewPicture(GOOD, "known-picture"),
        NewPicture(OTHER, "child-exploitation"),
    )
    assert listed.refused == ()
    again = "".join(line_of(each.pdq, each.category) for each in listed.pictures)
    assert read_lines(again.splitlines(), frozenset(Category), default="x") == listed


def test_what_is_no_use_is_refused_by_its_line() -> None:
    lines = ["nonsense", "0" * 64, "f" * 64, "0" * 63 + "1", f"{GOOD},kittens", GOOD[:-1], OTHER]
    listed = read_lines(lines, frozenset(Category), default="known-picture")
    assert [each.pdq for each in listed.pictures] == [OTHER]
    assert [(each.line, each.why) for each in listed.refused] == [
        (1, Refusal.NO_HASH),
        (2, Refusal.FLAT),
        (3, Refusal.FLAT),
        (4, Refusal.FLAT),
        (5, Refusal.CATEGORY),
        (6, Refusal.NO_HASH),
    ]


def test_hashes_of_pictures_are_not_taken_for_flat_ones() -> None:
    for seed in range(20):
        hashes, _ = pdq(luminance(clouds(seed)))
        assert not any(is_flat(each.hex()) for each in hashes)
