"""How large a picture may be, and what a decoder process may use."""

from __future__ import annotations

from msgspec import Struct


class PictureLimits(Struct, frozen=True):
    """Bounds on pictures from outside.

    `max_bytes` is the size of the file, `max_header_pixels` what its header may announce,
    `max_pixels` what may be decoded (JPEG is decoded at a fraction where it is large), `max_side`
    the longest side in pixels that is kept. `memory` (bytes) and `cpu_seconds` are what a decoder
    may use for one picture, `timeout` the seconds that it may take. Of frames, one is decoded.
    """

    max_bytes: int = 20 * 1024 * 1024
    max_header_pixels: int = 250_000_000
    max_pixels: int = 50_000_000
    max_side: int = 2048
    memory: int = 1024 * 1024 * 1024
    cpu_seconds: int = 5
    timeout: float = 20.0

    @property
    def max_reply(self) -> int:
        """The largest reply of a decoder that is read, in bytes: more than any picture it keeps."""
        return 4 * self.max_side * self.max_side + 65536
