"""What each thing is, in one sentence: reads `definitions.txt`."""

from __future__ import annotations

from pathlib import Path

LIST = Path(__file__).with_name("definitions.txt")


def read_definitions(path: Path = LIST) -> dict[str, str]:
    """The sentence of each thing by its name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" | ") for line in lines if line and not line.startswith("#"))
    return {name: sentence for name, _bar, sentence in pairs}


DEFINITIONS = read_definitions()
"""Name of a thing -> the sentence that is said of it."""
