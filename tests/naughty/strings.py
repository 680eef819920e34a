"""Every naughty string once: the big list as npm's package `blns` 2.0.4 has it, then our own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.naughty.addresses import ADDRESSES
from tests.naughty.markup import MARKUP
from tests.naughty.unseen import UNSEEN

BIG_LIST: list[str] = json.loads((Path(__file__).parent / "blns" / "blns.json").read_text("utf-8"))
OURS = (*MARKUP, *ADDRESSES, *UNSEEN)
STRINGS = tuple(dict.fromkeys((*BIG_LIST, *OURS)))


def batches(strings: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The strings in groups of at most `size`."""
    for start in range(0, len(strings), size):
        yield strings[start : start + size]
