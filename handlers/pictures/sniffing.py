"""What a file is by its first bytes: names and announced types are only claims."""

from __future__ import annotations

from chat.errors import AttachmentError

HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}
OTHER_PICTURES = (
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\0\0\1\0",
    b"8BPS",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ",
)
VIDEOS = (b"\x1a\x45\xdf\xa3", b"FLV", b"\0\0\1\xba", b"\0\0\1\xb3")


def picture_format(content: bytes) -> str:
    """Pillow's name of the format: JPEG, PNG, WEBP or GIF.

    Raises AttachmentError with the key of the sentence for what it is instead."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    raise AttachmentError(key=_refusal(content))


def _refusal(content: bytes) -> str:
    if content[4:8] == b"ftyp":
        return _media_refusal(content)
    head = content[:1024]
    if b"%PDF-" in head:
        return "refused-picture-pdf"
    if b"<svg" in head.lower():
        return "refused-picture-svg"
    if content.startswith(VIDEOS) or (content.startswith(b"RIFF") and content[8:11] == b"AVI"):
        return "refused-picture-video"
    if content.startswith(OTHER_PICTURES):
        return "refused-picture-kind"
    return "refused-picture-none"


def _media_refusal(content: bytes) -> str:
    """ISO base media (ISO/IEC 14496-12): the brands of the first box say what is inside."""
    size = min(int.from_bytes(content[:4], "big"), 512)
    brands = {content[8:12]} | {content[at : at + 4] for at in range(16, size, 4)}
    if brands & AVIF_BRANDS:
        return "refused-picture-avif"
    if brands & HEIC_BRANDS:
        return "refused-picture-heic"
    return "refused-picture-video"
