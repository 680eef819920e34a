"""Photos as Telegram keeps them: several sizes, smallest first."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tests.fakes.telegram.world import World

UNKNOWN_SIZE = (100, 100)


def photo_sizes(world: World, content: bytes) -> list[dict[str, Any]]:
    """A thumbnail and the picture itself. Bytes that are no picture get sizes too."""
    small, size = _thumbnail(content)
    return [
        _photo_size(world, small, (90, 90)),
        _photo_size(world, content, size),
    ]


def _photo_size(world: World, content: bytes, size: tuple[int, int]) -> dict[str, Any]:
    file = world.add_file(content, "photos", "photo.jpg")
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "width": size[0],
        "height": size[1],
        "file_size": file.size,
    }


def _thumbnail(content: bytes) -> tuple[bytes, tuple[int, int]]:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            size = picture.size
            picture.draft("RGB", (90, 90))
            small = picture.convert("RGB").resize((90, 90))
    except (OSError, ValueError, Image.DecompressionBombError):
        return content[:64], UNKNOWN_SIZE
    buffer = io.BytesIO()
    small.save(buffer, "JPEG")
    return buffer.getvalue(), size
