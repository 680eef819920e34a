"""Pictures made for training show what they are said to show."""

import numpy as np
import pytest
import torch

from models.fledgling.concepts import CONCEPTS, FLAG_GROUP
from models.fledgling.training.gallery import NONE, Gallery, Hung, Shares
from tests.models.fledgling.small import artwork, photographs

SIDE = 144


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery(artwork(), photographs())


def _many(gallery: Gallery, shares: Shares, *, side: int = 72, seed: int = 1) -> Hung:
    return gallery.artwork(np.random.default_rng(seed), 300, side, shares)


def test_the_same_seed_makes_the_same_pictures_and_another_one_others(gallery: Gallery) -> None:
    one, same, other = (_many(gallery, Shares(), seed=seed) for seed in (1, 1, 2))
    assert torch.equal(one.pixels, same.pixels)
    assert (one.concepts == same.concepts).all()
    assert not torch.equal(one.pixels, other.pixels)


@pytest.mark.parametrize("side", [72, 144])
def test_pictures_have_the_side_and_the_numbers_asked_for(gallery: Gallery, side: int) -> None:
    hung = _many(gallery, Shares(), side=side)
    assert hung.pixels.shape == (300, 3, side, side)
    assert hung.pixels.dtype == torch.uint8


def test_things_flags_and_unknown_come_in_their_shares(gallery: Gallery) -> None:
    concepts = _many(gallery, Shares(thing=0.5, flag=0.3, unknown=0.2, pair=0.0)).concepts
    assert (concepts[:, 1] == NONE).all()
    known = concepts[:, 0] != NONE
    flags = np.array([CONCEPTS[c].group == FLAG_GROUP for c in concepts[known, 0]])
    assert 0.72 < known.mean() < 0.88
    assert 0.28 < flags.mean() < 0.48


def test_a_pair_shows_two_different_things_side_by_side(gallery: Gallery) -> None:
    """Each half of the picture has the colour of its own artwork, whatever the light does."""
    hung = _many(gallery, Shares(thing=1.0, flag=0.0, unknown=0.0, pair=1.0), side=SIDE)
    both = hung.concepts[:, 1] != NONE
    assert both.mean() > 0.9
    assert (hung.concepts[both, 0] != hung.concepts[both, 1]).all()
    redder = artwork().pixels[:, 0, 0, 0].astype(float)[hung.concepts[both]]
    apart = np.abs(redder[:, 0] - redder[:, 1]) > 120
    middle = hung.pixels[torch.from_numpy(np.flatnonzero(both)[apart])][:, :, 62:82].float()
    left, right = middle[..., 26:46].mean((2, 3)), middle[..., 98:118].mean((2, 3))
    # Blue and the rest are full in all artwork, so light cancels out in red over blue.
    told = (left[:, 0] / left[:, 2]) > (right[:, 0] / right[:, 2])
    agrees = told.numpy() == (redder[apart, 0] > redder[apart, 1])
    assert agrees.mean() > 0.93


def test_the_rows_told_are_those_that_are_shown(gallery: Gallery) -> None:
    hung = _many(gallery, Shares(thing=1.0, flag=0.0, unknown=0.0, pair=0.0), side=SIDE)
    assert (artwork().concept[hung.rows] == hung.concepts[:, 0]).all()


def test_only_training_rows_are_hung(gallery: Gallery) -> None:
    hung = _many(gallery, Shares(thing=0.0, flag=0.0, unknown=1.0))
    assert (artwork().split[hung.rows] == 0).all()


def test_photographs_are_cut_from_training_rows_and_named_in_their_share(
    gallery: Gallery,
) -> None:
    taken = gallery.photographs(np.random.default_rng(4), 200, SIDE, named=0.5)
    assert (photographs().split[taken.rows] == 0).all()
    assert (photographs().concept[taken.rows] == taken.concepts[:, 0]).all()
    assert 0.35 < (taken.concepts[:, 0] != NONE).mean() < 0.65


def test_flags_and_symbols_are_never_mirrored(gallery: Gallery) -> None:
    rows = np.arange(len(CONCEPTS))
    kept = ~gallery.mirrored(rows).numpy()
    groups = np.array([concept.group for concept in CONCEPTS])
    assert kept[groups == FLAG_GROUP].all()
    assert kept[groups == "symbol"].all()
    assert not kept[groups == "animal"].any()
