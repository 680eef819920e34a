"""The bank in the database: known without a restart, everywhere, within seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import ImageOps

from moderation.pictures.checker import PictureChecker
from moderation.pictures.known import KnownPicturesCheck
from moderation.pictures.live import LiveBank
from storage.database import Database
from storage.migrate import upgrade
from storage.repositories import NewPicture
from tests.moderation.pictures.drawn import asked, clouds, shown
from tests.moderation.pictures.test_checker import LIMITS


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'bank.sqlite3'}"
    upgrade(url)
    async with Database.from_url(url) as opened:
        yield opened


async def test_what_is_added_is_known_and_what_is_removed_is_not(database: Database) -> None:
    async with PictureChecker(nudity=False, limits=LIMITS) as checker:
        check = KnownPicturesCheck(checker, LiveBank(database, checker, kept=0))
        picture = clouds(1)
        assert await check.look(asked(shown(picture))) == []
        seen = await checker.see(shown(picture))
        async with database.write() as tx:
            await tx.known_pictures.add(
                [NewPicture(seen.hashes[0].hex(), "child-exploitation")],
                source="flag 1",
                note="",
                added_by=None,
            )
        turned = shown(ImageOps.mirror(picture.rotate(90, expand=True)).resize((300, 400)))
        [finding] = await check.look(asked(turned))
        assert (finding.category, finding.evidence) == ("child-exploitation", ("#1",))
        assert finding.score > 0.87
        assert await check.look(asked(shown(clouds(2)))) == []
        async with database.write() as tx:
            await tx.known_pictures.remove(1)
        assert await check.look(asked(turned)) == []


async def test_it_is_looked_up_only_now_and_then(database: Database) -> None:
    now = 0.0
    async with PictureChecker(nudity=False, limits=LIMITS) as checker:
        bank = LiveBank(database, checker, kept=5, clock=lambda: now)
        await bank.refresh()
        async with database.write() as tx:
            await tx.known_pictures.add(
                [NewPicture("0f" * 32, "known-picture")], source="file", note="", added_by=None
            )
        await bank.refresh()
        assert not checker.knows_pictures
        now = 6.0
        await bank.refresh()
        assert checker.knows_pictures


async def test_the_last_known_bank_stays_while_the_database_is_away(
    database: Database, tmp_path: Path
) -> None:
    async with PictureChecker(nudity=False, limits=LIMITS) as checker:
        async with database.write() as tx:
            await tx.known_pictures.add(
                [NewPicture("0f" * 32, "known-picture")], source="file", note="", added_by=None
            )
        await LiveBank(database, checker).refresh()
        async with Database.from_url(f"sqlite:///{tmp_path / 'empty.sqlite3'}") as empty:
            await LiveBank(empty, checker).refresh()
        assert checker.knows_pictures
