"""What of a PNG is handed to Pillow: the chunks that pixels and their colours take, and no others.

Text that was packed a thousand times and the frames of an animation are passed over unread, and a
wrong checksum of theirs harms nothing.
"""

from __future__ import annotations

from handlers.pictures.decoded import PNG_HEAD

NEEDED = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"gAMA", b"sRGB", b"eXIf"}


def needed_chunks(content: bytes) -> bytes:
    """A PNG of only the chunks that count (PNG, third edition, section 5)."""
    kept = [content[: len(PNG_HEAD)]]
    at = len(PNG_HEAD)
    while at + 8 <= len(content):
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4], "big")
        # Chunks that have to be understood and are not of ours are for Pillow to refuse.
        if name in NEEDED or not name[0] & 0x20:
            kept.append(content[at:end])
        if name == b"IEND":
            break
        at = end
    return b"".join(kept)
