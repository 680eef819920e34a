"""From a picture somebody sent to one we keep: upright, sRGB, opaque, small, nothing else in it.

Runs in decoder processes only: nothing else of the project may import Pillow.
"""

from __future__ import annotations

import io

from PIL import Image, ImageCms, ImageOps

from chat.errors import AttachmentError
from handlers.pictures.limits import PictureLimits

SRGB = ImageCms.createProfile("sRGB")
# Drawings and screenshots of up to so many pixels, or so few colours, stay free of JPEG's noise.
SMALL_PIXELS, FEW_COLOURS = 300_000, 1024


def reencode(content: bytes, kind: str, limits: PictureLimits) -> tuple[bytes, str, int, int]:
    """The new bytes, their media type, width and height in pixels.

    `kind` is Pillow's name of the only format that is tried. Raises AttachmentError."""
    Image.MAX_IMAGE_PIXELS = None  # our own bound is checked below
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            _check_size(opened, limits)
            picture = _upright_srgb(opened)
        picture.thumbnail((limits.max_side, limits.max_side), Image.Resampling.LANCZOS)
        return _encode(picture, lossless=kind != "JPEG")
    except AttachmentError:
        raise
    except MemoryError as error:
        raise AttachmentError(key="refused-picture-pixels") from error
    except Exception as error:  # Pillow raises anything at all on broken files
        raise AttachmentError(str(error), key="refused-picture-broken") from error


def _check_size(picture: Image.Image, limits: PictureLimits) -> None:
    """Hold the header's width and height against the limits, before any pixel is decoded."""
    width, height = picture.size
    if width * height > limits.max_header_pixels:
        raise AttachmentError(key="refused-picture-pixels")
    # JPEG can be decoded at a half, a quarter or an eighth, which is all that is kept anyway.
    picture.draft("RGB", (limits.max_side, limits.max_side))
    width, height = picture.size
    if width * height > limits.max_pixels:
        raise AttachmentError(key="refused-picture-pixels")


def _upright_srgb(opened: Image.Image) -> Image.Image:
    """The first frame, turned as EXIF says, in sRGB and on white."""
    opened.load()
    profile = opened.info.get("icc_profile")
    picture: Image.Image = ImageOps.exif_transpose(opened)
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if profile and (converted := _by_profile(picture, profile)):
        return _on_white(converted)
    return _on_white(picture)


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """Converted from the picture's own colour space, or None where its profile is no good."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if picture.mode not in ("RGB", "RGBA", "CMYK"):
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


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
