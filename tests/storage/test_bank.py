"""Known pictures: each once, found by how their hash begins, with a version that moves on."""

from __future__ import annotations

import asyncio
import random

import pytest

from storage.database import Database
from storage.errors import NotFound
from storage.repositories import NewPicture
from storage.repositories.bank import PAGE


def drawn(count: int, category: str = "known-picture") -> list[NewPicture]:
    """Hashes by chance, the same ones each time."""
    dice = random.Random(7)
    return [NewPicture(f"{dice.getrandbits(256):064x}", category) for _ in range(count)]


async def test_each_hash_is_known_once_and_each_change_moves_the_version(
    database: Database,
) -> None:
    first, second, third = drawn(3)
    async with database.write() as tx:
        assert await tx.known_pictures.version() == 0
        added = await tx.known_pictures.add(
            [first, second], source="file", note="list 7", added_by=3
        )
        assert added == 2
        version = await tx.known_pictures.version()
        again = NewPicture(second.pdq, "child-exploitation")
        assert (
            await tx.known_pictures.add([again, third], source="pasted", note="", added_by=None)
            == 1
        )
        assert await tx.known_pictures.version() > version
        newest, old, oldest = await tx.known_pictures.newest()
        assert (newest.pdq, newest.source, newest.added_by) == (third.pdq, "pasted", None)
        assert (old.category, old.note) == ("known-picture", "list 7"), "what is known stays"
        version = await tx.known_pictures.version()
        assert (await tx.known_pictures.remove(oldest.id)).pdq == first.pdq
        assert await tx.known_pictures.version() > version
        with pytest.raises(NotFound):
            await tx.known_pictures.remove(oldest.id)
        assert await tx.known_pictures.add([], source="file", note="", added_by=None) == 0


async def test_hashes_are_looked_for_by_their_beginning_and_category(database: Database) -> None:
    pictures = drawn(30)
    grave = NewPicture("f" * 16 + "0" * 48, "child-exploitation")
    async with database.write() as tx:
        await tx.known_pictures.add([*pictures, grave], source="file", note="", added_by=None)
        found = await tx.known_pictures.by_hash(pictures[4].pdq[:8])
        assert [each.pdq for each in found] == [pictures[4].pdq]
        assert [each.pdq for each in await tx.known_pictures.by_hash("f" * 16)] == [grave.pdq]
        assert await tx.known_pictures.by_hash("'; drop") == []
        [one] = await tx.known_pictures.newest(category="child-exploitation")
        assert one.pdq == grave.pdq
        assert await tx.known_pictures.by_category() == {
            "child-exploitation": 1,
            "known-picture": 30,
        }
        first = await tx.known_pictures.newest(most=20)
        rest = await tx.known_pictures.newest(before=first[-1].id, most=20)
        assert len({each.id for each in (*first, *rest)}) == 31


async def test_all_are_read_in_pages(database: Database) -> None:
    async with database.write() as tx:
        await tx.known_pictures.add(drawn(PAGE + 5), source="file", note="", added_by=None)
    async with database.read() as tx:
        assert [len(page) async for page in tx.known_pictures.pages()] == [PAGE, 5]


async def test_two_lists_at_once_are_both_known(database: Database) -> None:
    pictures = drawn(200)

    async def add(part: list[NewPicture]) -> int:
        async with database.write() as tx:
            return await tx.known_pictures.add(part, source="file", note="", added_by=None)

    added = await asyncio.gather(add(pictures[:150]), add(pictures[::-1][:150]))
    assert sum(added) == 200
