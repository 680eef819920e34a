"""Pictures from outside: what is good becomes small and plain, what is bad is named."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable

import psutil
import pytest
import pytest_asyncio
from PIL import Image, ImageCms, PngImagePlugin

from chat.errors import AttachmentError
from handlers.pictures.decoder import PictureDecoder
from handlers.pictures.limits import PictureLimits
from tests.handlers.misbehaving_decoder import deed
from tests.handlers.pictures import (
    SRGB,
    announced_jpeg,
    announced_png,
    colour,
    drawing,
    encoded,
    media,
    noise,
    opened,
)
from tests.waiting import eventually

MISBEHAVING = "tests.handlers.misbehaving_decoder"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def decoder() -> AsyncIterator[PictureDecoder]:
    """One for all tests, as in life: what a bad picture does must not harm the next one."""
    async with PictureDecoder() as decoder:
        yield decoder


GOOD: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded(drawing(), "JPEG", quality=95),
    "JPEG in CMYK": lambda: encoded(drawing("CMYK"), "JPEG", quality=95),
    "PNG": lambda: encoded(drawing(), "PNG"),
    "PNG with a palette": lambda: encoded(drawing("P"), "PNG"),
    "WebP": lambda: encoded(drawing(), "WEBP", quality=95),
    "GIF": lambda: encoded(drawing("P"), "GIF"),
    "PNG with a profile": lambda: encoded(
        drawing(), "PNG", icc_profile=ImageCms.ImageCmsProfile(SRGB).tobytes()
    ),
    "PNG with a broken profile": lambda: encoded(drawing(), "PNG", icc_profile=b"nonsense"),
}


@pytest.mark.parametrize("name", GOOD)
async def test_every_good_picture_is_read(decoder: PictureDecoder, name: str) -> None:
    decoded = await decoder.decode(GOOD[name]())
    assert (decoded.width, decoded.height) == (64, 48)
    assert colour(decoded.content, 0.2, 0.2) == "red"
    assert colour(decoded.content, 0.8, 0.8) == "blue"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_of_an_animation_the_first_picture_is_read(
    decoder: PictureDecoder, kind: str
) -> None:
    frames = [drawing(), Image.new("RGB", (64, 48), "white")]
    content = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    decoded = await decoder.decode(content)
    assert colour(decoded.content, 0.2, 0.2) == "red"
    assert getattr(opened(decoded.content), "n_frames", 1) == 1


async def test_sixteen_bits_become_eight(decoder: PictureDecoder) -> None:
    dark_left = Image.new("I;16", (40, 20), 65535)
    dark_left.paste(0, (0, 0, 20, 20))
    decoded = await decoder.decode(encoded(dark_left, "PNG"))
    assert colour(decoded.content, 0.2, 0.5) == "black"
    assert colour(decoded.content, 0.8, 0.5) == "white"


async def test_what_is_transparent_becomes_white(decoder: PictureDecoder) -> None:
    picture = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 20, 20))
    decoded = await decoder.decode(encoded(picture, "PNG"))
    assert colour(decoded.content, 0.2, 0.5) == "red"
    assert colour(decoded.content, 0.8, 0.5) == "white"


async def test_a_picture_stands_upright_and_tells_nothing_of_its_making(
    decoder: PictureDecoder,
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned: the camera was held upright
    exif[0x010F] = "Canary camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # where it was taken
    decoded = await decoder.decode(encoded(drawing(), "JPEG", exif=exif, comment=b"canary"))
    assert (decoded.width, decoded.height) == (48, 64)
    assert colour(decoded.content, 0.8, 0.2) == "red"
    assert not opened(decoded.content).getexif()
    assert b"anary" not in decoded.content


async def test_a_large_picture_is_made_smaller(decoder: PictureDecoder) -> None:
    decoded = await decoder.decode(encoded(noise((3000, 2000)), "JPEG", quality=60))
    assert (decoded.width, decoded.height) == (2048, 1365)
    assert decoded.media_type == "image/jpeg"


async def test_what_cameras_and_editors_add_is_no_obstacle(decoder: PictureDecoder) -> None:
    exif = Image.Exif()
    exif[0x9286] = b"UNICODE\0c\0o\0m\0m"
    text = PngImagePlugin.PngInfo()
    text.add_text("Title", "Möwe")
    text.add_itxt("XML:com.adobe.xmp", '<x tiff:Orientation="6"/>', "de", "Titel")
    second = drawing(size=(32, 24))
    for content in (
        encoded(drawing(), "JPEG", exif=exif, comment="Möwe".encode(), dpi=(72, 72)),
        encoded(drawing(), "JPEG", progressive=True, xmp=b"<x/>"),
        encoded(drawing(), "MPO", save_all=True, append_images=[second], exif=exif),
        encoded(drawing(), "PNG", pnginfo=text, exif=exif),
        encoded(drawing(), "WEBP", exif=exif, xmp=b"<x/>", lossless=True),
        encoded(drawing("P"), "GIF", comment=b"a gull", transparency=255),
    ):
        decoded = await decoder.decode(content)
        assert colour(decoded.content, 0.9, 0.9) == "blue"


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "none"),
    "words": (lambda: b"This is not a picture. " * 40, "none"),
    "a name only": (lambda: b"\xff\xd8\xff", "broken"),
    "a JPEG of a header": (lambda: encoded(noise((400, 300)), "JPEG")[:600], "broken"),
    "a PNG of a header": (lambda: encoded(noise((400, 300)), "PNG")[:60], "broken"),
    "truncated WebP": (lambda: encoded(noise((400, 300)), "WEBP")[:5000], "broken"),
    "PNG of 20,000 by 20,000": (lambda: announced_png(20_000, 20_000), "pixels"),
    "JPEG of 20,000 by 20,000": (lambda: announced_jpeg(20_000, 20_000), "pixels"),
    "PNG of 10,000 by 10,000": (lambda: announced_png(10_000, 10_000), "pixels"),
    "HEIC": (lambda: media(b"heic", b"mif1", b"heic"), "heic"),
    "HEIC by another brand": (lambda: media(b"mif1", b"heic"), "heic"),
    "AVIF": (lambda: encoded(drawing(), "AVIF"), "avif"),
    "AVIF by another brand": (lambda: media(b"mif1", b"avif"), "avif"),
    "MP4": (lambda: media(b"isom", b"mp42"), "video"),
    "Matroska": (lambda: b"\x1a\x45\xdf\xa3" + bytes(64), "video"),
    "SVG": (lambda: b'<?xml version="1.0"?><svg xmlns="x"></svg>', "svg"),
    "PDF": (lambda: b"%PDF-1.7\n", "pdf"),
    "BMP": (lambda: encoded(drawing(), "BMP"), "kind"),
    "TIFF": (lambda: encoded(drawing(), "TIFF"), "kind"),
    "30 MB": (lambda: encoded(drawing(), "PNG") + bytes(30_000_000), "too-large"),
}


@pytest.mark.parametrize("name", BAD)
async def test_every_bad_picture_is_refused_by_name(decoder: PictureDecoder, name: str) -> None:
    make, reason = BAD[name]
    with pytest.raises(AttachmentError) as caught:
        await decoder.decode(make())
    assert caught.value.key == f"refused-picture-{reason}"
    good = await decoder.decode(encoded(drawing(), "PNG"))
    assert good.width == 64, "the next picture is read all the same"


async def test_a_decoder_that_was_killed_is_replaced(decoder: PictureDecoder) -> None:
    await decoder.decode(encoded(drawing(), "PNG"))
    [first] = decoder.resting
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: _is_gone(first))
    await decoder.decode(encoded(drawing(), "PNG"))
    assert decoder.resting != [first]


async def test_a_decoder_that_hangs_is_killed() -> None:
    async with PictureDecoder(limits=PictureLimits(timeout=3.0)) as decoder:
        await decoder.decode(encoded(drawing(), "PNG"))
        [hung] = decoder.resting
        os.kill(hung, signal.SIGSTOP)
        with pytest.raises(AttachmentError) as caught:
            await decoder.decode(encoded(drawing(), "PNG"))
        assert caught.value.key == "refused-picture-slow"
        assert await _is_gone(hung)


async def test_a_decoder_without_work_ends() -> None:
    async with PictureDecoder(idle=0.05) as decoder:
        await decoder.decode(encoded(drawing(), "PNG"))
        [pid] = decoder.resting
        await eventually(lambda: _is_gone(pid))
        assert decoder.resting == []
        await decoder.decode(encoded(drawing(), "PNG"))


async def test_pillow_stays_out_of_the_process_that_asks() -> None:
    code = "import sys, handlers.assistant, handlers.pictures.intake; print('PIL' in sys.modules)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.split() == [b"False"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows this")
async def test_the_decoders_that_work_are_confined_and_know_no_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "canary")
    async with PictureDecoder(program=MISBEHAVING) as fresh:
        await fresh.decode(deed("honest"))
        [warm] = fresh.resting
        work = asyncio.create_task(fresh.decode(deed("hangs")))
        await eventually(lambda: _child_status(warm, "Seccomp:\t2"))
        [child] = psutil.Process(warm).children()
        assert await _child_status(warm, "NoNewPrivs:\t1")
        environment = await asyncio.to_thread(_read, f"/proc/{child.pid}/environ")
        assert "canary" not in environment
        descriptors = await asyncio.to_thread(os.listdir, f"/proc/{child.pid}/fd")
        assert len(descriptors) == 4, "nothing thrice, and the line to the one who asks"
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


async def _child_status(pid: int, words: str) -> bool:
    """Whether /proc says so of the child."""
    children = psutil.Process(pid).children()
    return bool(children) and words in await asyncio.to_thread(
        _read, f"/proc/{children[0].pid}/status"
    )


async def _is_gone(pid: int) -> bool:
    return not os.path.exists(f"/proc/{pid}")  # noqa: ASYNC240
