"""Takes strings through a field in batches, and finds the one that did something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

Problems = list[str]
Field = Callable[[Sequence[str]], Awaitable[Problems]]
MOST = 5  # culprits that are named


async def walk(name: str, field: Field, strings: Sequence[str], *, size: int) -> int:
    """Fill the field with all of the strings; how many there were.

    `field` fills in some strings at once and returns what was wrong. Fails naming the field, the
    string and what it did."""
    for start in range(0, len(strings), size):
        batch = strings[start : start + size]
        if problems := await field(batch):
            culprits = await _culprits(field, batch)
            told = [f"{text[:200]!r}: {why}" for text, why in culprits]
            raise AssertionError("\n".join([f"{name}: {problems[:3]}", *told]))
    return len(strings)


async def _culprits(field: Field, batch: Sequence[str]) -> list[tuple[str, Problems]]:
    """The strings that do it by themselves; nothing where only the batch does."""
    found: list[tuple[str, Problems]] = []
    waiting = [batch]
    while waiting and len(found) < MOST:
        some = waiting.pop()
        problems = await field(some) if len(some) < len(batch) else ["all"]
        if problems and len(some) == 1:
            found.append((some[0], problems))
        elif problems:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
    return found
