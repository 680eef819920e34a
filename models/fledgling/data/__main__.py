"""`python -m models.fledgling.data`: fetch the packages and prepare everything training shows.

What is done already stays, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from models.fledgling.concepts import CONCEPTS
from models.fledgling.data.artwork import Artwork, build_artwork, load_artwork
from models.fledgling.data.fetching import FetchError
from models.fledgling.data.photographs import Photographs, build_photographs, load_photographs
from models.fledgling.data.sources import STYLES
from models.fledgling.data.teacher import build_features

FOLDER = Path("var/fledgling")


def main() -> int:
    """The exit status: 1 where a package cannot be had."""
    parser = argparse.ArgumentParser(prog="python -m models.fledgling.data")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the data goes")
    parser.add_argument("--packages", type=Path, help="where packages go (FOLDER/packages)")
    options = parser.parse_args()
    folder, packages = options.folder, options.packages or options.folder / "packages"
    began = time.monotonic()
    console = Console(stderr=True)
    try:
        prepare(folder, packages, console)
    except FetchError as error:
        console.print(f"[red]{error}")
        return 1
    for line in summary(load_artwork(folder), load_photographs(folder)):
        console.print(line, highlight=False)
    console.print(f"{(time.monotonic() - began) / 60:.1f} minutes")
    return 0


def prepare(folder: Path, packages: Path, console: Console) -> None:
    """Artwork, photographs, features, in this order."""
    folder.mkdir(parents=True, exist_ok=True)
    with Progress(console=console) as bars:
        with _bar(bars, "Artwork") as report:
            build_artwork(folder, packages, report)
        with _bar(bars, "Photographs") as report:
            build_photographs(folder, packages)
            report(1, 1)
        with _bar(bars, "Features") as report:
            artwork, photographs = load_artwork(folder), load_photographs(folder)
            build_features(folder, packages, artwork, photographs, report)


class _Report:
    """Moves one bar."""

    def __init__(self, bars: Progress, name: str) -> None:
        self._bars = bars
        self._task = bars.add_task(name, total=None)

    def __call__(self, done: int, total: int) -> None:
        self._bars.update(self._task, completed=done, total=total)


@contextmanager
def _bar(bars: Progress, name: str) -> Iterator[_Report]:
    report = _Report(bars, name)
    yield report
    report(1, 1)


def summary(artwork: Artwork, photographs: Photographs) -> Iterator[str]:
    """How many pictures there are of each style, and of what."""
    flags = sum(concept.group != "flag" for concept in CONCEPTS)
    for number, style in enumerate(STYLES):
        here = artwork.style == number
        concept, split = artwork.concept[here], artwork.split[here]
        yield (
            f"{style:16} things {((concept >= 0) & (concept < flags)).sum():4}"
            f"  flags {(concept >= flags).sum():4}  unknown {(concept < 0).sum():4}"
            f"  splits {[int((split == each).sum()) for each in range(3)]}"
        )
    for split, name in enumerate(("photographs", "held-out photographs")):
        chosen = photographs.concept[photographs.split == split]
        yield f"{name}: {(chosen >= 0).sum()} with a name, {(chosen < 0).sum()} without"


if __name__ == "__main__":
    sys.exit(main())
