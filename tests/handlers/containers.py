"""Pictures that carry where they were taken in every place that a file has for such things."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageCms, PngImagePlugin

from tests.handlers.pictures import SRGB, drawing, encoded

PLACE = "52.5163N 13.3777E"
XMP = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><place exif:GPSLatitude="{PLACE}"/></x:xmpmeta>'.encode()
)
WORDS = PLACE.encode()


def exif(orientation: int = 1) -> bytes:
    """EXIF with GPS, a camera, a comment and a thumbnail."""
    made = Image.Exif()
    made[0x0112], made[0x010F] = orientation, PLACE
    made.get_ifd(0x8825)[1] = "N"
    made.get_ifd(0x8825)[2] = (52.0, 30.0, 58.68)
    made.get_ifd(0x8825)[27] = WORDS  # GPSProcessingMethod
    made.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + WORDS
    return made.tobytes()


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    checksum = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + checksum


def profile() -> bytes:
    """A colour profile whose description says the place."""
    made = bytearray(ImageCms.ImageCmsProfile(SRGB).tobytes())
    at = made.index("sRGB".encode("utf-16-be"))
    words = PLACE[:4].encode("utf-16-be")
    made[at : at + len(words)] = words
    return bytes(made) + WORDS


def jpeg(*segments: bytes, behind: bytes = b"", **options: object) -> bytes:
    """A JPEG with segments right after its beginning."""
    plain = encoded(drawing(), "JPEG", quality=95, **options)
    return plain[:2] + b"".join(segments) + plain[2:] + behind


def png(*chunks: bytes, behind: bytes = b"", **options: object) -> bytes:
    """A PNG with chunks after its header."""
    plain = encoded(drawing(), "PNG", **options)
    return plain[:33] + b"".join(chunks) + plain[33:] + behind


def webp(*chunks: tuple[bytes, bytes], **options: object) -> bytes:
    """A WebP with more chunks at its end."""
    plain = encoded(drawing(), "WEBP", lossless=True, **options)
    more = b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    body = plain[8:] + more
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(*extensions: bytes, behind: bytes = b"", comment: bytes = b"") -> bytes:
    """A GIF with extensions before its end."""
    plain = encoded(drawing("P"), "GIF", comment=comment)
    return plain[:-1] + b"".join(extensions) + plain[-1:] + behind


def photoshop(content: bytes) -> bytes:
    """Photoshop's resource block with IPTC in it (record 2, dataset 90: city)."""
    iptc = b"\x1c\x02\x5a" + len(content).to_bytes(2, "big") + content
    return b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(iptc).to_bytes(4, "big") + iptc + b"\0"


def _itxt(name: bytes, content: bytes, packed: bool) -> bytes:
    body = zlib.compress(content) if packed else content
    return chunk(b"iTXt", name + b"\0" + bytes((packed, 0)) + b"\0\0" + body)


def _text() -> PngImagePlugin.PngInfo:
    made = PngImagePlugin.PngInfo()
    made.add_text("Comment", PLACE, zip=True)
    return made


GEOTAGGED: dict[str, Callable[[], bytes]] = {
    "JPEG, EXIF": lambda: jpeg(exif=exif()),
    "JPEG, EXIF twice": lambda: jpeg(segment(0xE1, b"Exif\0\0" + exif()[6:]), exif=exif()),
    "JPEG, XMP": lambda: jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)),
    "JPEG, extended XMP": lambda: jpeg(
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + XMP)
    ),
    "JPEG, IPTC": lambda: jpeg(segment(0xED, photoshop(WORDS))),
    "JPEG, comment": lambda: jpeg(segment(0xFE, WORDS)),
    "JPEG, profile": lambda: jpeg(icc_profile=profile()),
    "JPEG, JFIF thumbnail": lambda: jpeg(
        segment(0xE0, b"JFXX\0\x10" + encoded(drawing(), "JPEG", comment=WORDS))
    ),
    "JPEG, a maker's segment": lambda: jpeg(segment(0xEB, WORDS), segment(0xEF, WORDS)),
    "JPEG, behind the end": lambda: jpeg(behind=WORDS),
    "JPEG, a second one behind": lambda: jpeg(behind=jpeg(exif=exif())),
    "MPO": lambda: encoded(
        drawing(), "MPO", save_all=True, append_images=[drawing(size=(32, 24))], exif=exif()
    ),
    "PNG, EXIF": lambda: png(exif=exif()),
    "PNG, text": lambda: png(chunk(b"tEXt", b"Comment\0" + WORDS)),
    "PNG, packed text": lambda: png(pnginfo=_text()),
    "PNG, international text": lambda: png(_itxt(b"Title", WORDS, False), _itxt(b"x", WORDS, True)),
    "PNG, XMP": lambda: png(_itxt(b"XML:com.adobe.xmp", XMP, False)),
    "PNG, EXIF as text": lambda: png(
        chunk(
            b"zTXt",
            b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 8\n" + exif().hex().encode()),
        )
    ),
    "PNG, profile": lambda: png(icc_profile=profile()),
    "PNG, name of the profile": lambda: png(
        chunk(b"iCCP", WORDS + b"\0\0" + zlib.compress(profile()))
    ),
    "PNG, suggested palette": lambda: png(chunk(b"sPLT", WORDS + b"\0\x08" + bytes(6))),
    "PNG, time": lambda: png(chunk(b"tIME", bytes((7, 233, 1, 2, 3, 4, 5)))),
    "PNG, a private chunk": lambda: png(chunk(b"gpSx", WORDS)),
    "PNG, behind the end": lambda: png(behind=WORDS),
    "WebP, EXIF": lambda: webp(exif=exif()),
    "WebP, XMP": lambda: webp(xmp=XMP),
    "WebP, profile": lambda: webp(icc_profile=profile()),
    "WebP, an unknown chunk": lambda: webp((b"GPS ", WORDS), exif=exif()),
    "WebP, behind the end": lambda: webp() + WORDS,
    "GIF, comment": lambda: gif(comment=WORDS),
    "GIF, XMP": lambda: gif(b"\x21\xff\x0bXMP DataXMP" + XMP + bytes(range(255, -1, -1)) + b"\0\0"),
    "GIF, plain text": lambda: gif(
        b"\x21\x01\x0c" + bytes(12) + bytes((len(WORDS),)) + WORDS + b"\0"
    ),
    "GIF, behind the end": lambda: gif(behind=WORDS),
}


def again(content: bytes) -> Image.Image:
    """A picture that was kept, opened by Pillow."""
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture
