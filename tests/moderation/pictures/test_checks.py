"""What the two checks find."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from PIL import Image

from moderation.pictures.bank import Bank, BankEntry
from moderation.pictures.checker import CheckerLimits, PictureChecker
from moderation.pictures.errors import PictureUnchecked
from moderation.pictures.known import KnownPicturesCheck
from moderation.pictures.nudity import NudityCheck
from moderation.pictures.pdq import luminance, pdq
from tests.moderation.pictures.drawn import asked, clouds, named, shown


@pytest.fixture
async def checker() -> AsyncIterator[PictureChecker]:
    """One without the model; `scored` has it."""
    limits = CheckerLimits(work=30.0, patience=90.0)
    async with PictureChecker(nudity=False, limits=limits) as opened:
        yield opened


@pytest.fixture
async def scored() -> AsyncIterator[PictureChecker]:
    """One with the model."""
    async with PictureChecker(limits=CheckerLimits(work=30.0, patience=90.0)) as opened:
        yield opened


def entry(picture: Image.Image, category: str = "forbidden", label: str = "case 7") -> BankEntry:
    """A known picture."""
    hashes, _ = pdq(luminance(picture))
    return BankEntry(label, hashes[0].hex().upper(), category, label)


async def labels(checker: PictureChecker, picture: Image.Image) -> list[tuple[str, ...]]:
    """Category and evidence of what is known of a picture."""
    findings = await KnownPicturesCheck(checker).look(asked(shown(picture)))
    return [(each.category, *each.evidence) for each in findings]


async def test_a_known_picture_is_found_under_its_category_and_label(
    checker: PictureChecker,
) -> None:
    checker.update_bank([entry(clouds(9)), entry(clouds(1), "terror", "list B")])
    [finding] = await KnownPicturesCheck(checker).look(asked(shown(clouds(1)), shown(clouds(2))))
    assert (finding.check, finding.category) == ("known-pictures", "terror")
    assert finding.evidence == ("list B",)
    assert finding.score > 0.95
    assert (finding.message_id, finding.attachment_id) == (3, 8)


@pytest.mark.parametrize("way", list(Image.Transpose))
async def test_it_is_found_turned_and_mirrored(
    checker: PictureChecker, way: Image.Transpose
) -> None:
    checker.update_bank([entry(clouds(1))])
    assert await labels(checker, clouds(1).transpose(way)) == [("forbidden", "case 7")]


async def test_it_is_found_small_and_badly_compressed(checker: PictureChecker) -> None:
    checker.update_bank([entry(clouds(1))])
    bad = shown(clouds(1).resize((320, 240)), quality=30)
    assert len(await KnownPicturesCheck(checker).look(asked(bad))) == 1


async def test_other_pictures_are_not(checker: PictureChecker) -> None:
    checker.update_bank(entry(clouds(seed)) for seed in range(20))
    assert await labels(checker, clouds(30)) == []


async def test_a_flat_picture_is_never_known(checker: PictureChecker) -> None:
    plain = Image.new("RGB", (300, 200), "beige")
    plain.paste("brown", (10, 10, 30, 30))
    checker.update_bank([entry(plain)])
    assert await labels(checker, plain) == []


async def test_a_new_bank_holds_for_pictures_that_were_seen_before(
    checker: PictureChecker,
) -> None:
    checker.update_bank([entry(clouds(1))])
    assert await labels(checker, clouds(2)) == []
    checker.update_bank([entry(clouds(2), label="case 8")])
    assert await labels(checker, clouds(2)) == [("forbidden", "case 8")]
    assert await labels(checker, clouds(1)) == []
    checker.update_bank([])
    assert await labels(checker, clouds(2)) == []


async def test_of_several_entries_each_category_has_its_nearest(checker: PictureChecker) -> None:
    near, nearest = clouds(1).resize((100, 75)), clouds(1)
    checker.update_bank(
        [entry(near, label="near"), entry(nearest, label="nearest"), entry(near, "other", "x")]
    )
    assert sorted(await labels(checker, clouds(1))) == [("forbidden", "nearest"), ("other", "x")]


@pytest.mark.parametrize("pdq_hash", ["", "0f", "zz" * 32, "0f" * 33])
def test_a_broken_hash_is_refused_by_the_entrys_name(pdq_hash: str) -> None:
    with pytest.raises(ValueError, match="seven"):
        Bank([BankEntry("seven", pdq_hash, "forbidden", "case")])


async def test_every_picture_that_scores_is_a_finding(scored: PictureChecker) -> None:
    subject = asked(shown(clouds(1)), shown(clouds(2)))
    findings = await NudityCheck(scored, floor=0.0).look(subject)
    assert [each.category for each in findings] == ["nudity", "nudity"]
    assert all(0 <= each.score <= 1 and each.attachment_id == 8 for each in findings)


async def test_what_scores_little_is_no_finding(scored: PictureChecker) -> None:
    white = shown(Image.new("RGB", (300, 200), "white"))
    assert await NudityCheck(scored).look(asked(white)) == []


async def test_one_broken_picture_hides_no_other(checker: PictureChecker) -> None:
    checker.update_bank([entry(clouds(1))])
    check = KnownPicturesCheck(checker)
    assert len(await check.look(asked(named(b"broken"), shown(clouds(1))))) == 1
    with pytest.raises(PictureUnchecked):
        await check.look(asked(named(b"broken"), shown(clouds(2))))
