"""How picture decoding bears hostile and odd files: `make pictures`.

Every file of the public corpora (see corpora.py), then seeded mutations of the valid ones, go
through the real decoder. What sniffing refuses is also given to each of Pillow's four plugins, as
it is and with that format's first bytes written over its own, since that is what a lying file does.
What is kept is held against a second reader: exiftool where it is installed.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Annotated

import psutil
import structlog
import typer
from rich.console import Console
from rich.table import Table
from structlog.types import EventDict

from benchmarks.corpora import files
from benchmarks.mutations import mutated
from chat.errors import AttachmentError
from handlers.pictures.decoded import DecodedPicture
from handlers.pictures.decoder import PictureDecoder
from handlers.pictures.limits import PictureLimits
from handlers.pictures.sniffing import picture_format

HEADS = {
    "JPEG": b"\xff\xd8\xff\xe0",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "GIF": b"GIF89a",
    "WEBP": b"RIFF\xff\xff\0\0WEBPVP8 ",
}
KEPT = "kept"
LARGEST_TO_DAMAGE = 100_000  # bytes
# What exiftool says of any file, and of the pixels themselves.
PLAIN_TAGS = {
    *("SourceFile", "ExifToolVersion", "FileName", "Directory", "FileSize", "FileModifyDate"),
    *("FileAccessDate", "FileInodeChangeDate", "FilePermissions", "FileType", "FileTypeExtension"),
    *("MIMEType", "ImageWidth", "ImageHeight", "BitDepth", "ColorType", "Compression", "Filter"),
    *("Interlace", "ImageSize", "Megapixels", "JFIFVersion", "ResolutionUnit", "XResolution"),
    *("YResolution", "EncodingProcess", "BitsPerSample", "ColorComponents", "YCbCrSubSampling"),
}
Case = tuple[str, str | None, bytes]  # its name, the plugin that must take it, the file


@dataclass(slots=True)
class Outcomes:
    """What became of the files of one corpus."""

    files: int = 0
    seconds: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")


class Measurement:
    """One run over many files; keeps what is worth telling."""

    def __init__(self, decoder: PictureDecoder, folder: Path) -> None:
        self._decoder = decoder
        self._folder = folder
        self.corpora: dict[str, Outcomes] = defaultdict(Outcomes)
        self.hangs: list[str] = []
        self.valid: list[Path] = []
        self._kept = 0

    async def take(self, corpus: str, cases: Iterable[Case], *, at_once: int) -> None:
        """Decode all of them, so many at once."""
        waiting = iter(cases)

        async def work() -> None:
            for name, kind, content in waiting:
                await self._one(self.corpora[corpus], name, kind, content)

        await asyncio.gather(*(work() for _ in range(at_once)))

    async def _one(self, to: Outcomes, name: str, kind: str | None, content: bytes) -> None:
        began = time.perf_counter()
        decoded = await self._end(kind, content)
        took = time.perf_counter() - began
        to.files += 1
        to.seconds += took
        to.slowest = max(to.slowest, (took, name))
        if took > self._decoder.limits.timeout + 60:
            self.hangs.append(name)
        end = decoded if isinstance(decoded, str) else KEPT
        with (self._folder / "outcomes.tsv").open("a") as list_of_all:
            list_of_all.write(f"{end}\t{took:.2f}\t{len(content)}\t{name}\n")
        if isinstance(decoded, str):
            to.ends[decoded.removeprefix("refused-picture-")] += 1
            return
        to.ends[KEPT] += 1
        if os.sep in name and len(content) < LARGEST_TO_DAMAGE:
            self.valid.append(Path(name))
        suffix = decoded.media_type.removeprefix("image/")
        (self._folder / f"{self._kept}.{suffix}").write_bytes(decoded.content)
        self._kept += 1

    async def _end(self, kind: str | None, content: bytes) -> DecodedPicture | str:
        try:
            if kind is None:
                return await self._decoder.decode(content)
            return await self._decoder.decode_as(kind, content)
        except AttachmentError as error:
            return error.key


def as_sent(paths: list[Path]) -> Iterator[Case]:
    """The files as a person might send them."""
    for path in paths:
        yield str(path), None, path.read_bytes()


def past_sniffing(paths: list[Path]) -> Iterator[Case]:
    """What is none of the four formats, for each of their plugins, plain and under a false head."""
    for path in paths:
        content = path.read_bytes()
        if len(content) > PictureLimits().max_bytes or _format(content):
            continue
        for kind, head in HEADS.items():
            yield f"{kind}:{path.name}", kind, content
            yield f"{kind}+:{path.name}", kind, head + content[len(head) :]


def _format(content: bytes) -> str | None:
    try:
        return picture_format(content)
    except AttachmentError:
        return None


def mutants(valid: list[Path], number: int, seed: int, until: float) -> Iterator[Case]:
    """Damaged copies of files that were read, always the same for a seed."""
    chance = Random(seed)
    valid = sorted(valid)
    for at in range(number if valid else 0):
        if time.perf_counter() > until:
            return
        yield f"mutation {at}", None, mutated(chance.choice(valid).read_bytes(), chance)


def left_over(folder: Path) -> list[str]:
    """Tags that a second reader finds in what was kept and that are not of the pixels."""
    reader = shutil.which("exiftool")
    if reader is None:
        return ["exiftool is not installed (Debian: libimage-exiftool-perl)"]
    command = [
        reader,
        "-j",
        "-s",
        "-a",
        "-u",
        "-U",
        "-ee",
        "-warning",
        "-all",
        "-r",
        "-ext",
        "png",
        "-ext",
        "jpeg",
        str(folder),
    ]
    out = subprocess.run(command, capture_output=True, check=False, text=True).stdout
    tags = Counter(tag for entry in json.loads(out or "[]") for tag in entry)
    return sorted(f"{tag} ({tags[tag]})" for tag in tags if tag not in PLAIN_TAGS)


def _descriptors() -> int:
    return psutil.Process().num_fds()


async def measure(
    mutations: int, seed: int, minutes: float, at_once: int, only: str, keep: Path
) -> None:
    """Run all and print the tables."""
    console = Console(width=150)
    deaths: Counter[str] = Counter()

    def note(_logger: object, _name: str, event: EventDict) -> EventDict:
        if event["event"].startswith("decoder"):
            deaths[f"{event['event']}: {event.get('error', '')}"] += 1
        raise structlog.DropEvent

    structlog.configure(processors=[note])
    corpora = {name: paths for name, paths in files().items() if only in name}
    began = time.perf_counter()
    async with PictureDecoder(processes=at_once) as decoder:
        run = Measurement(decoder, keep)
        await run.take("(warming up)", as_sent([Path(__file__)] * 3), at_once=at_once)
        before = _descriptors(), psutil.Process().memory_info().rss
        for name, paths in corpora.items():
            await run.take(name, as_sent(paths), at_once=at_once)
            _say(name, run, began)
        everything = [path for paths in corpora.values() for path in paths]
        await run.take("past sniffing, to each plugin", past_sniffing(everything), at_once=at_once)
        _say("past sniffing", run, began)
        until = began + minutes * 60
        damaged = mutants(run.valid, mutations, seed, until)
        await run.take(f"mutations, seed {seed}", damaged, at_once=at_once)
        after = _descriptors(), psutil.Process().memory_info().rss
    console.print(_table(run))
    console.print("decoders that were ended or died:", dict(deaths) or "none")
    console.print(f"crashes of the parent: 0, hangs: {len(run.hangs)} {run.hangs[:5]}")
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    console.print(f"largest memory of a decoder: {largest:.0f} MiB")
    console.print(f"descriptors of the parent: {before[0]} before, {after[0]} after")
    console.print(f"memory of the parent: {before[1] >> 20} MiB before, {after[1] >> 20} MiB after")
    console.print("in what was kept, beside pixels:", left_over(keep) or "nothing")
    console.print(f"{time.perf_counter() - began:.0f} s on {os.cpu_count()} cores")


def _say(name: str, run: Measurement, began: float) -> None:
    done = sum(each.files for each in run.corpora.values())
    print(f"{time.perf_counter() - began:.0f} s: {done} files, {name}", file=sys.stderr, flush=True)


def _table(run: Measurement) -> Table:
    table = Table("corpus", "files", KEPT, "refused", "slowest", "why refused")
    total = Outcomes()
    for name, each in run.corpora.items():
        if not name.startswith("("):
            total.files += each.files
            total.ends += each.ends
            total.slowest = max(total.slowest, each.slowest)
            table.add_row(*_row(name, each))
    table.add_section()
    table.add_row(*_row("all", total))
    return table


def _row(name: str, each: Outcomes) -> tuple[str, ...]:
    refused = each.ends.copy()
    kept = refused.pop(KEPT, 0)
    why = ", ".join(f"{key} {count}" for key, count in refused.most_common())
    return name, str(each.files), str(kept), str(refused.total()), f"{each.slowest[0]:.1f} s", why


def main(
    mutations: Annotated[int, typer.Option(help="Damaged copies of valid files.")] = 20_000,
    seed: Annotated[int, typer.Option(help="For the mutations.")] = 5,
    minutes: Annotated[float, typer.Option(help="No further mutation after so many.")] = 120,
    at_once: Annotated[int, typer.Option(help="Decoders at once.")] = 2,
    only: Annotated[str, typer.Option(help="Corpora whose name contains this.")] = "",
    keep: Annotated[Path | None, typer.Option(help="Folder for what was kept, and a list.")] = None,
) -> None:
    """Decode the corpora, print what became of them."""
    with TemporaryDirectory() as folder:
        asyncio.run(measure(mutations, seed, minutes, at_once, only, keep or Path(folder)))


if __name__ == "__main__":
    typer.run(main)
