"""The process that decodes: reads a picture from stdin, writes what became of it to stdout.

A request is its length (4 bytes, big-endian), the format in 4 bytes, and the picture. A reply is
its length and a MessagePack value: a DecodedPicture, or the key of the sentence that refuses it.
"""

from __future__ import annotations

import codecs
import importlib
import io
import sys

import msgspec
from PIL import (
    GifImagePlugin,
    Image,
    ImageCms,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from chat.errors import AttachmentError
from handlers.pictures.decoder import DecodedPicture
from handlers.pictures.limits import PictureLimits
from handlers.pictures.reencoding import SRGB, reencode
from handlers.pictures.sandbox import confine, die_with_parent, limit, limit_cpu

PLUGINS = (
    GifImagePlugin.GifImageFile,
    JpegImagePlugin.JpegImageFile,
    PngImagePlugin.PngImageFile,
    WebPImagePlugin.WebPImageFile,
)
# What Pillow and Python load only when a picture has EXIF, several parts, text and the like: no
# file can be opened any more once the process is confined.
LATE = (
    "TiffImagePlugin",
    "TiffTags",
    "MpoImagePlugin",
    "ImageColor",
    "ImagePalette",
    "ImageFilter",
)
CODECS = ("ascii", "latin-1", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")


def answer(kind: str, content: bytes, limits: PictureLimits) -> bytes:
    """What became of one picture, encoded."""
    try:
        new, media_type, width, height = reencode(content, kind, limits)
    except AttachmentError as error:
        return msgspec.msgpack.encode(error.key)
    return msgspec.msgpack.encode(DecodedPicture(new, media_type, width, height))


def serve(limits: PictureLimits) -> None:
    """Answer requests until stdin ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(8):
        size, kind = int.from_bytes(header[:4], "big"), header[4:].decode("ascii").strip()
        limit_cpu(limits.cpu_seconds)
        reply = answer(kind, source.read(size), limits)
        sink.write(len(reply).to_bytes(4, "big") + reply)
        sink.flush()


def main() -> None:
    """Give up what is not needed, then serve. The limits come as JSON in the only argument."""
    die_with_parent()
    limits = msgspec.json.decode(sys.argv[1], type=PictureLimits)
    warm_up(limits)
    limit(limits.memory)
    confine()
    serve(limits)


def warm_up(limits: PictureLimits) -> None:
    """Decode one small picture of each kind, so that whatever Pillow loads late is loaded."""
    for name in LATE:
        importlib.import_module(f"PIL.{name}")
    for name in CODECS:
        codecs.lookup(name)
    profile = ImageCms.ImageCmsProfile(SRGB).tobytes()
    for plugin in PLUGINS:
        out = io.BytesIO()
        Image.new("RGBA" if plugin.format != "JPEG" else "RGB", (8, 8)).save(
            out, plugin.format, icc_profile=profile
        )
        answer(plugin.format, out.getvalue(), limits)
        answer(plugin.format, out.getvalue()[:40], limits)


if __name__ == "__main__":
    main()
