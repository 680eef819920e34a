"""Our PDQ beside Meta's own code, and what the hash is good for."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageOps

from moderation.pictures.known import LEAST_QUALITY
from moderation.pictures.pdq import luminance, pdq
from tests.moderation.pictures.drawn import clouds

# Of Meta's code (through pdqhash 0.2.8), so that machines without a compiler compare as well: the
# clouds of seeds 0 to 7 in sizes of their own.
SIZES = [(512, 512), (64, 64), (65, 66), (128, 129), (500, 130), (80, 400), (90, 91), (300, 200)]
REFERENCE = [
    "b116e51781be4f6b153335fca6699dcc2b84f759513f1315fb98283242d43139",
    "9a64e863422ef3cab5c2e7361604babe9bd53f89c0d950f26651e4650bf303b3",
    "86679e2b9654850d24857ee3c9acdc7f0bbedf5393924314e64b69328310e397",
    "ea23d223d5439e3eccb86954ee146097c60b4d8a3ec98f27cec5b2f1e5ce021d",
    "979ff31ad058c6bfa03a562dc97c15e17a42ea5fca60194e9a4914c1b6f4bf08",
    "ea240aa2942bad74139e3101d4f1b0cd51ca62b0e4afc7a75f88d345fda7997b",
    "0efdc9f8953b03989a4c01446d6396573069e4ac66ccad21d8f1f4eee073d31f",
    "c45fa0daab98ddd15b21cfb3c8a6878ae765851cc399a01e1832ff38604ee9b9",
]


def hashed(picture: Image.Image) -> tuple[tuple[bytes, ...], int]:
    """Hashes and quality."""
    return pdq(luminance(picture))


def distance(one: bytes, other: bytes) -> int:
    """How many bits differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


@pytest.mark.parametrize("seed", range(len(REFERENCE)))
def test_the_hash_is_metas(seed: int) -> None:
    hashes, _ = hashed(clouds(seed, SIZES[seed]))
    assert distance(hashes[0], bytes.fromhex(REFERENCE[seed])) <= 2


@pytest.mark.parametrize(("least", "share", "furthest"), [(64, 0.98, 4), (5, 0.9, 31)])
def test_all_positions_and_the_quality_are_metas(least: int, share: float, furthest: int) -> None:
    """Below 64 pixels on a side some waves are nothing but rounding, and theirs is another."""
    reference = pytest.importorskip("pdqhash", reason="pdqhash is not installed")
    rng = np.random.default_rng(11)
    distances: Counter[int] = Counter()
    for seed in range(100):
        width, height = (int(side) for side in rng.integers(least, 513, 2))
        picture = clouds(seed, (width, height))
        ours, our_quality = hashed(picture)
        turned = [picture, *(picture.transpose(way) for way in Image.Transpose)]
        for each in turned:
            theirs, quality = reference.compute(np.asarray(each))
            wanted = np.packbits(theirs.astype(np.uint8)).tobytes()
            distances[min(distance(wanted, each) for each in ours)] += 1
            assert abs(our_quality - quality) <= (1 if each is not picture or least < 64 else 0)
    assert max(distances) <= furthest
    assert distances[0] / distances.total() >= share


@pytest.mark.parametrize("seed", range(3))
def test_a_turned_or_mirrored_picture_is_among_the_positions(seed: int) -> None:
    picture = clouds(seed, (400, 400))
    hashes, _ = hashed(picture)
    others = [picture.transpose(way) for way in Image.Transpose]
    places = set()
    for other in others:
        own = hashed(other)[0][0]
        near = [place for place, each in enumerate(hashes) if distance(own, each) <= 31]
        assert len(near) == 1
        places.add(near[0])
    assert places == set(range(1, 8))


def test_scaling_and_compression_do_not_matter_and_another_picture_does() -> None:
    picture = clouds(1, (1600, 1200))
    own = hashed(picture)[0][0]
    assert distance(own, hashed(picture.resize((800, 600)))[0][0]) <= 10
    assert distance(own, hashed(ImageOps.autocontrast(picture))[0][0]) <= 31
    assert distance(own, hashed(clouds(2, (1600, 1200)))[0][0]) > 90


@pytest.mark.parametrize("colour", ["white", "black", "beige"])
def test_a_flat_picture_has_no_quality(colour: str) -> None:
    plain = Image.new("RGB", (320, 200), colour)
    assert hashed(plain)[1] < LEAST_QUALITY
    plain.paste("red", (0, 0, 6, 6))
    assert hashed(plain)[1] < LEAST_QUALITY
    assert hashed(clouds(1))[1] >= LEAST_QUALITY


def test_a_tiny_picture_has_no_hash() -> None:
    assert hashed(Image.new("RGB", (4, 300))) == ((), 0)
