"""What a worker says of its memory."""

from __future__ import annotations

import subprocess
import sys

from models.memory import accelerator

MEGABYTE = 1 << 20
HOLDING = """
from models.memory import resident
before = resident()
held = bytearray(b"x" * (64 << 20))
print(before, resident())
"""


def test_memory_grows_with_what_is_held() -> None:
    """In a process of its own: one that has freed much before takes new things from what it has."""
    told = subprocess.run(
        [sys.executable, "-P", "-c", HOLDING],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    before, after = map(int, told.stdout.split())
    assert after - before > 48 * MEGABYTE


def test_an_accelerator_that_is_not_there_holds_nothing() -> None:
    assert accelerator() == 0
