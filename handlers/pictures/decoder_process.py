"""The processes that decode: a warm one that has loaded Pillow, and a child of it for each picture.

The warm one says on its line (a socket) whether the system confines its children. Then it gets a
socket for each picture, forks, and says the child's exit status. The child reads from that socket a
length (4 bytes, big-endian), the format in 4 bytes, and the picture. It answers with a length and
a MessagePack value: a DecodedPicture, or the key of the sentence that refuses it. Then it ends, and
with it whatever the picture did to it.
"""

from __future__ import annotations

import codecs
import gc
import importlib
import io
import os
import socket
import struct
import sys
import warnings
from collections.abc import Callable

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
from handlers.pictures.decoded import DecodedPicture
from handlers.pictures.limits import PictureLimits
from handlers.pictures.reencoding import SRGB, reencode
from storage.pipes import read, write
from storage.sandbox import confine, die_with_parent, limit

PLUGINS = {
    "GIF": GifImagePlugin.GifImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
}
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


def serve(request: int, limits: PictureLimits) -> None:
    """Answer the request that comes on a descriptor."""
    header = read(request, 8)
    size, kind = int.from_bytes(header[:4], "big"), header[4:].decode("ascii").strip()
    reply = answer(kind, read(request, size), limits)
    write(request, len(reply).to_bytes(4, "big") + reply)


def main(serve: Callable[[int, PictureLimits], None] = serve) -> None:
    """Load everything, then fork for each picture. The arguments: the line, the limits as JSON."""
    die_with_parent()
    warnings.simplefilter("ignore")
    line = socket.socket(fileno=int(sys.argv[1]))
    limits = msgspec.json.decode(sys.argv[2], type=PictureLimits)
    warm_up(limits)
    gc.freeze()
    confined = bool(in_a_child(confine))
    say(line, confined)
    while fds := socket.recv_fds(line, 1, 1)[1]:
        request = fds[0]

        def decode() -> int:
            line.close()
            limit(limits.memory, limits.cpu_seconds)
            if confine() != confined:
                return 1
            serve(request, limits)  # noqa: B023 - it is called before the next one comes
            return 0

        say(line, in_a_child(decode, request))


def in_a_child(act: Callable[[], int], request: int | None = None) -> int:
    """Do something in a child and wait for its end; its exit status, negative for a signal.

    `request` is the child's alone from then on, so that its end is seen at the other side."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            die_with_parent()
            status = act()
        finally:
            os._exit(status)
    if request is not None:
        os.close(request)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def say(line: socket.socket, number: int) -> None:
    """Tell the process that asks."""
    line.sendall(struct.pack("=i", number))


def warm_up(limits: PictureLimits) -> None:
    """Decode one small picture of each kind, so that whatever Pillow loads late is loaded."""
    for name in LATE:
        importlib.import_module(f"PIL.{name}")
    for name in CODECS:
        codecs.lookup(name)
    profile = ImageCms.ImageCmsProfile(SRGB).tobytes()
    for kind in PLUGINS:
        out = io.BytesIO()
        Image.new("RGBA" if kind != "JPEG" else "RGB", (8, 8)).save(out, kind, icc_profile=profile)
        answer(kind, out.getvalue(), limits)
        answer(kind, out.getvalue()[:40], limits)


if __name__ == "__main__":
    main()
