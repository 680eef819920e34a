"""The short version of `make pictures`: damaged and lying files, made here, always the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import psutil
import pytest
import pytest_asyncio

from benchmarks.mutations import mutated
from benchmarks.pictures import HEADS
from chat.errors import AttachmentError
from handlers.pictures.decoded import plain_size
from handlers.pictures.decoder import PictureDecoder
from handlers.pictures.limits import PictureLimits
from tests.handlers.containers import GEOTAGGED
from tests.handlers.pictures import announced_jpeg, announced_png, drawing, encoded, media
from tests.handlers.test_odd_pictures import READ_AS_RED

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED, MUTATIONS = 20261127, 300
# Whatever a person may be told of a file that is read at all.
REASONS = {"broken", "pixels", "slow", "none", "kind", "svg", "pdf", "video", "heic", "avif"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def decoder() -> AsyncIterator[PictureDecoder]:
    """One for all, and what it took is given back at the end."""
    async with PictureDecoder() as decoder:
        await decoder.decode(encoded(drawing(), "PNG"))
        yield decoder


async def outcome(decoder: PictureDecoder, content: bytes, kind: str | None = None) -> str:
    """Kept, or why not. What is kept has nothing but pixels."""
    try:
        decode = decoder.decode(content) if kind is None else decoder.decode_as(kind, content)
        decoded = await decode
    except AttachmentError as error:
        reason = error.key.removeprefix("refused-picture-")
        assert reason in REASONS
        return reason
    size = plain_size(decoded.content, decoded.media_type)
    assert size == (decoded.width, decoded.height)
    return "kept"


async def test_damaged_files_crash_nothing(decoder: PictureDecoder) -> None:
    chance = Random(SEED)
    whole = [make() for make in (READ_AS_RED | GEOTAGGED).values()]
    whole = [content for content in whole if len(content) < 100_000]
    await outcome(decoder, whole[0])
    before = psutil.Process().num_fds()
    ends = Counter(
        [await outcome(decoder, mutated(chance.choice(whole), chance)) for _ in range(MUTATIONS)]
    )
    assert ends["kept"] > MUTATIONS / 10
    assert ends["broken"] > MUTATIONS / 10
    assert psutil.Process().num_fds() <= before + 1, "no descriptor is left open"
    assert (await decoder.decode(encoded(drawing(), "PNG"))).width == 64


LYING = {
    "words": b"This is not a picture. " * 40,
    "zeros": bytes(5000),
    "noise": Random(SEED).randbytes(5000),
    "HEIC": media(b"heic", b"mif1"),
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "TIFF": encoded(drawing(), "TIFF"),
    "BMP": encoded(drawing(), "BMP"),
    "GIF": encoded(drawing("P"), "GIF"),
    "JPEG": encoded(drawing(), "JPEG"),
    "PNG": encoded(drawing(), "PNG"),
    "WEBP": encoded(drawing(), "WEBP"),
    "a huge PNG": announced_png(2**31 - 1, 2**31 - 1),
    "a huge JPEG": announced_jpeg(65_500, 65_500),
}


@pytest.mark.parametrize("kind", HEADS)
async def test_a_file_of_another_kind_harms_no_decoder(decoder: PictureDecoder, kind: str) -> None:
    head = HEADS[kind]
    for name, content in LYING.items():
        if name != kind:
            assert await outcome(decoder, content, kind) in ("broken", "pixels")
            assert await outcome(decoder, head + content[len(head) :], kind) in REASONS | {"kept"}


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF", "WEBP"])
async def test_every_beginning_of_a_file_is_borne(decoder: PictureDecoder, name: str) -> None:
    content = LYING[name]
    for length in range(0, len(content), max(1, len(content) // 40)):
        assert await outcome(decoder, content[:length], name) in ("broken", "pixels", "kept")


async def test_a_decoder_that_computes_too_long_is_ended() -> None:
    """A progressive JPEG of thousands of scans: each costs a pass over all the pixels."""
    plain = encoded(drawing(size=(4000, 4000)), "JPEG", progressive=True)
    scan = plain.rindex(b"\xff\xda")
    content = plain[:-2] + plain[scan:-2] * (10_000_000 // (len(plain) - scan - 2)) + plain[-2:]
    async with PictureDecoder(limits=PictureLimits(cpu_seconds=1, timeout=60.0)) as decoder:
        assert await outcome(decoder, content) == "slow"
        assert await outcome(decoder, plain) == "kept"


async def test_a_decoder_that_takes_too_much_memory_says_so() -> None:
    content = encoded(drawing(size=(6000, 6000)), "PNG")
    async with PictureDecoder(limits=PictureLimits(memory=200 * 2**20)) as decoder:
        assert await outcome(decoder, content) == "pixels"
    async with PictureDecoder() as decoder:
        assert await outcome(decoder, content) == "kept"
