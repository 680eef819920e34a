"""Waiting for a thing instead of for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(check: Callable[[], Awaitable[T]], *, seconds: float = 15) -> T:
    """What `check` returns as soon as that is true; fails when it is not within `seconds`."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (found := await check()):
        assert asyncio.get_running_loop().time() < deadline, f"still {found!r} after {seconds} s"
        await asyncio.sleep(0.01)
    return found
