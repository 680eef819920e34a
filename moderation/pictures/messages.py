"""What is said between the process that asks about pictures and the one that looks at them.

Each message is its length in 4 bytes, big-endian, and a MessagePack value.
"""

from __future__ import annotations

import math

import msgspec
from msgspec import Struct

LENGTH = 4
MOST_REPLY = 2**20  # bytes
POSITIONS = 8  # the picture's own, turned by 90, 180 and 270 degrees, and each mirrored
MOST_NEAR = 16


class Setup(Struct, frozen=True):
    """What a process does, and may use: `memory` is bytes of address space, `pixels` what a picture
    may have. Ours are at most 2048 by 2048."""

    nudity: bool = True
    memory: int = 1024 * 1024 * 1024
    pixels: int = 2048 * 2048


class Look(Struct, frozen=True, tag=True):
    """Look at a picture, a JPEG or PNG."""

    content: bytes


class Learn(Struct, frozen=True, tag=True):
    """Forget the known pictures; these are known now: hashes of 32 bytes, one behind the other."""

    hashes: bytes


class Compare(Struct, frozen=True, tag=True):
    """Which known pictures differ by at most so many bits from one of these hashes?"""

    hashes: tuple[bytes, ...]
    distance: int


Request = Look | Learn | Compare


class Ready(Struct, frozen=True, tag=True):
    """Everything is loaded. `confined` says whether the system took network and files away."""

    confined: bool


class Seen(Struct, frozen=True, tag=True):
    """What there is to see in a picture.

    `nudity` is the model's score, None where it was not asked for; `hashes` are the PDQ of all
    eight positions, the picture's own first, and none of a tiny picture; `quality` (0 to 100) is
    low where a picture is too flat for its hash to mean anything."""

    hashes: tuple[bytes, ...]
    quality: int
    nudity: float | None = None


class Near(Struct, frozen=True, tag=True):
    """Known pictures by their place in what was learnt, with the least distance, nearest first."""

    found: tuple[tuple[int, int], ...] = ()


class Unreadable(Struct, frozen=True, tag=True):
    """That was no picture."""


Reply = Ready | Seen | Near | Unreadable


def framed(message: Request | Reply) -> bytes:
    """The bytes that go over the pipe."""
    content = msgspec.msgpack.encode(message)
    return len(content).to_bytes(LENGTH, "big") + content


def checked(content: bytes) -> Reply:
    """A reply, as far as an honest process could have sent it: it has looked at strangers' pictures
    and may have been taken over. Raises ValueError."""
    reply: Reply = msgspec.msgpack.decode(content, type=Reply)
    if isinstance(reply, Seen):
        _check_seen(reply)
    if isinstance(reply, Near) and len(reply.found) > MOST_NEAR:
        raise ValueError("too many known pictures")
    return reply


def _check_seen(seen: Seen) -> None:
    if len(seen.hashes) not in (0, POSITIONS) or {len(each) for each in seen.hashes} - {32}:
        raise ValueError("not the hashes of a picture")
    if not 0 <= seen.quality <= 100:
        raise ValueError("not a quality")
    if seen.nudity is not None and not (math.isfinite(seen.nudity) and 0 <= seen.nudity <= 1):
        raise ValueError("not a score")
