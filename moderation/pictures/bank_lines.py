"""Lists of PDQ hashes as text: a line each, `HASH,CATEGORY`, as hash exchanges pass them on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import StrEnum

from msgspec import Struct

from storage.repositories import NewPicture

HEX = re.compile("[0-9a-f]{64}")
# A hash says of 256 values which are above their median, so that half of its bits are set. Far from
# that it is of a picture that shows next to nothing, and would be found in many others.
FEWEST, MOST = 96, 160


class Refusal(StrEnum):
    """Why a line is not taken; a word for those who say it in other languages."""

    NO_HASH = "no-hash"
    FLAT = "flat"
    CATEGORY = "category"


class Refused(Struct, frozen=True):
    """A line by its number, from 1, and what is wrong with it."""

    line: int
    why: Refusal


class Listed(Struct, frozen=True):
    """What a list holds: each hash once, in its order."""

    pictures: tuple[NewPicture, ...]
    refused: tuple[Refused, ...]


def is_flat(pdq: str) -> bool:
    """Whether a hash (64 hexadecimal digits) is of a picture too flat to be told from others."""
    return not FEWEST <= int(pdq, 16).bit_count() <= MOST


def read_lines(lines: Iterable[str], categories: Collection[str], *, default: str) -> Listed:
    """The hashes in a text. Without a category a line has the default one; empty lines, those that
    begin with #, and a first line of column names are passed over."""
    found: dict[str, NewPicture] = {}
    refused: list[Refused] = []
    for number, line in enumerate(lines, 1):
        cells = [cell.strip().strip('"') for cell in line.lower().split(",")]
        if not any(cells) or cells[0].startswith("#") or (number == 1 and cells[0] in _TITLES):
            continue
        pdq, category = cells[0], (cells[1] if len(cells) > 1 and cells[1] else default)
        why = _flaw(pdq, category, categories)
        if why is None:
            found.setdefault(pdq, NewPicture(pdq, category))
        else:
            refused.append(Refused(number, why))
    return Listed(tuple(found.values()), tuple(refused))


_TITLES = ("hash", "pdq", "pdq_hash", "signal")


def _flaw(pdq: str, category: str, categories: Collection[str]) -> Refusal | None:
    if not HEX.fullmatch(pdq):
        return Refusal.NO_HASH
    if is_flat(pdq):
        return Refusal.FLAT
    return None if category in categories else Refusal.CATEGORY


def line_of(pdq: str, category: str) -> str:
    """One line of a list."""
    return f"{pdq},{category}\n"
