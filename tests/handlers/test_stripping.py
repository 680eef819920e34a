"""Where a picture was taken, and everything else that it tells beside its pixels, is not kept."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from handlers.pictures.decoder import PictureDecoder
from storage.attachments import FolderStore
from tests.handlers.containers import GEOTAGGED, PLACE, again
from tests.handlers.pictures import colour
from tests.handlers.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What Pillow says of a JPEG that has nothing but the obligatory header.
HEADER = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
# What exiftool says of pixels and of the file in the folder.
PIXELS = {"System", "File", "JFIF", "PNG", "Composite", "ExifTool"}
PLAIN = {"SOI", "APP0", "DQT", "SOF0", "DHT", "SOS", "EOI", "IHDR", "IDAT", "IEND"}
SECRET = ("ExifTool:Warning", "File:Comment")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def decoder() -> AsyncIterator[PictureDecoder]:
    """One for all."""
    async with PictureDecoder() as decoder:
        yield decoder


@pytest.mark.parametrize("name", GEOTAGGED)
async def test_the_place_is_gone(decoder: PictureDecoder, name: str) -> None:
    sent = GEOTAGGED[name]()
    decoded = await decoder.decode(sent)
    kept = again(decoded.content)
    assert colour(decoded.content, 0.2, 0.2) == "red"
    assert set(kept.info) <= HEADER
    assert not kept.getexif()
    assert blocks(decoded.content) <= PLAIN
    for words in (PLACE, PLACE[:4], "Photoshop", "http", "Exif"):
        for encoding in ("ascii", "utf-16-le", "utf-16-be"):
            assert words.encode(encoding) not in decoded.content


async def test_a_second_reader_finds_nothing(decoder: PictureDecoder, tmp_path: Path) -> None:
    reader = shutil.which("exiftool")
    if reader is None:
        pytest.skip("exiftool is not installed")
    for number, make in enumerate(GEOTAGGED.values()):
        (tmp_path / f"sent-{number}").write_bytes(make())
        (tmp_path / f"kept-{number}").write_bytes((await decoder.decode(make())).content)
    found = await asyncio.to_thread(_told_by, reader, tmp_path)
    assert len(found) == 2 * len(GEOTAGGED)
    told = [entry for entry in found if "sent-" in str(entry["SourceFile"]) and PLACE in str(entry)]
    assert len(told) > len(GEOTAGGED) / 2, "it would find it if it were there"
    for entry in found:
        if "kept-" in str(entry.pop("SourceFile")):
            assert {tag.partition(":")[0] for tag in entry} <= PIXELS, entry
            assert not set(SECRET) & set(entry)
            assert PLACE not in str(entry)


def _told_by(reader: str, folder: Path) -> list[dict[str, object]]:
    command = [reader, "-j", "-G1", "-a", "-u", "-U", *map(str, sorted(folder.iterdir()))]
    out = subprocess.run(command, capture_output=True, check=True).stdout
    entries: list[dict[str, object]] = json.loads(out)
    return entries


@pytest.mark.asyncio(loop_scope="function")
async def test_the_store_gets_none_of_it(world: World) -> None:
    assert isinstance(world.store, FolderStore)
    for make in GEOTAGGED.values():
        stored = await world.pictures.store(make())
        content = await world.store.get(stored.sha256)
        assert PLACE.encode() not in content
    assert world.files(), "they are there, without it"


def blocks(content: bytes) -> set[str]:
    """The names of all that a JPEG or a PNG consists of, up to its last byte."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return set(_chunks(content))
    return set(_segments(content))


def _chunks(content: bytes) -> list[str]:
    found, at = [], 8
    while at < len(content):
        found.append(content[at + 4 : at + 8].decode("latin-1"))
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return found


def _segments(content: bytes) -> list[str]:
    names = {0xC0: "SOF0", 0xC4: "DHT", 0xDA: "SOS", 0xDB: "DQT", 0xE0: "APP0"}
    assert content[:2] == b"\xff\xd8"
    found, at = ["SOI"], 2
    while (name := names.get(content[at + 1], f"{content[at + 1]:02X}")) != "SOS":
        found.append(name)
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    rest = content[at:]
    marks = [rest[n + 1] for n in range(len(rest) - 1) if rest[n] == 0xFF and rest[n + 1]]
    assert marks == [0xDA, 0xD9]
    assert rest.endswith(b"\xff\xd9")
    return [*found, "SOS", "EOI"]
