"""From a picture somebody sent to one we keep: upright, sRGB, opaque, small, nothing else in it.

Runs in decoder processes only: nothing else of the project may import Pillow.
"""

from __future__ import annotations

import io
from contextlib import suppress

from PIL import ExifTags, Image, ImageCms, ImageFile

from chat.errors import AttachmentError
from handlers.pictures.limits import PictureLimits
from handlers.pictures.stripping import needed_chunks

SRGB = ImageCms.createProfile("sRGB")
# Drawings and screenshots of up to so many pixels, or so few colours, stay free of JPEG's noise.
SMALL_PIXELS, FEW_COLOURS = 300_000, 1024
# What PNG's gAMA chunk says of a picture that needs no correction.
USUAL_GAMMA = 1 / 2.2
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def reencode(content: bytes, kind: str, limits: PictureLimits) -> tuple[bytes, str, int, int]:
    """The new bytes, their media type, width and height in pixels.

    `kind` is Pillow's name of the only format that is tried. Raises AttachmentError."""
    Image.MAX_IMAGE_PIXELS = None  # our own bound is checked below
    try:
        picture = _read(needed_chunks(content) if kind == "PNG" else content, kind, limits)
        return _encode(picture, lossless=kind != "JPEG")
    except AttachmentError:
        raise
    except MemoryError as error:
        raise AttachmentError(key="refused-picture-pixels") from error
    except Exception as error:  # Pillow raises anything at all on broken files
        raise AttachmentError(str(error), key="refused-picture-broken") from error


def _read(content: bytes, kind: str, limits: PictureLimits) -> Image.Image:
    """The first frame as it is kept. Of a file that breaks off, what there is, as browsers do."""
    try:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        return _opened(content, kind, limits)
    except (AttachmentError, MemoryError):
        raise
    except Exception:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        picture = _opened(content, kind, limits)
        if _is_bare(picture):
            raise
        return picture


def _is_bare(picture: Image.Image) -> bool:
    """Whether there is but one shade of grey, as where nothing was read."""
    return len({level for band in picture.split() for level in band.getextrema()}) == 1


def _opened(content: bytes, kind: str, limits: PictureLimits) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=[kind]) as opened:
        _check_size(opened, limits)
        opened.load()
        turn = TURNS.get(_orientation(opened))
        profile, gamma = opened.info.get("icc_profile"), _gamma(opened)
        picture = _small(_direct(opened), limits.max_side)
    if turn is not None:
        picture = picture.transpose(turn)
    picture = (profile and _by_profile(picture, profile)) or _by_gamma(picture, gamma)
    return _on_white(picture)


def _check_size(picture: Image.Image, limits: PictureLimits) -> None:
    """Hold the header's width and height against the limits, before any pixel is decoded."""
    width, height = picture.size
    if width * height > limits.max_header_pixels:
        raise AttachmentError(key="refused-picture-pixels")
    # JPEG can be decoded at a half, a quarter or an eighth, which is all that is kept anyway.
    picture.draft(None, _fitting(picture.size, limits.max_side))
    width, height = picture.size
    if width * height > limits.max_pixels:
        raise AttachmentError(key="refused-picture-pixels")


def _orientation(picture: Image.Image) -> int:
    """How the camera was held, by EXIF; 1 is upright. A broken EXIF says nothing."""
    with suppress(Exception):
        return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def _gamma(picture: Image.Image) -> float:
    """The exponent by which a PNG without a colour space is to be corrected for sRGB."""
    gamma = picture.info.get("gamma")
    if not gamma or "srgb" in picture.info:
        return 1.0
    exponent = USUAL_GAMMA / gamma
    return 1.0 if 0.95 < exponent < 1.05 else min(max(exponent, 0.2), 5.0)


def _direct(picture: Image.Image) -> Image.Image:
    """In one of the modes L, RGB, RGBA and CMYK, with transparency as a band of its own."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")


def _small(picture: Image.Image, longest: int) -> Image.Image:
    """At most so many pixels long. Comes before all else, which then costs little memory."""
    if max(picture.size) <= longest:
        return picture
    size = _fitting(picture.size, longest)
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _fitting(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """A size in the same proportions that is so many pixels long."""
    width, height = (max(1, round(side * longest / max(size))) for side in size)
    return width, height


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """Converted from the picture's own colour space, or None where its profile is no good."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _by_gamma(picture: Image.Image, exponent: float) -> Image.Image:
    if exponent == 1.0 or picture.mode == "CMYK":
        return picture
    curve = [round(255 * (level / 255) ** exponent) for level in range(256)]
    alpha = list(range(256)) if picture.mode == "RGBA" else []
    return picture.point(curve * (1 if picture.mode == "L" else 3) + alpha)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _encode(picture: Image.Image, *, lossless: bool) -> tuple[bytes, str, int, int]:
    width, height = picture.size
    small = width * height <= SMALL_PIXELS
    clean = Image.new("RGB", picture.size)  # carries neither EXIF nor text chunks nor a profile
    clean.paste(picture)
    out = io.BytesIO()
    if lossless and (small or clean.getcolors(FEW_COLOURS) is not None):
        clean.save(out, "PNG", optimize=small)
        return out.getvalue(), "image/png", width, height
    clean.save(out, "JPEG", quality=90)
    return out.getvalue(), "image/jpeg", width, height
