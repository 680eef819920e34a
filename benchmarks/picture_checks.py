"""What checks of pictures cost and find: `python -m benchmarks.picture_checks`.

Fetch the pictures first (`python -m benchmarks.harmless`). They are stored as the product does it,
and go through the very checks. What naked people score is not measured: there is no such material.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import psutil
import typer
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.harmless import pictures
from chat.errors import AttachmentError
from handlers.pictures.decoder import PictureDecoder
from moderation.checks import Shown
from moderation.pictures.bank import BankEntry
from moderation.pictures.checker import MATCHING, CheckerLimits, PictureChecker
from moderation.pictures.errors import PictureUnchecked
from moderation.pictures.messages import Seen

console = Console(width=110)
PATIENT = CheckerLimits(work=60.0, patience=3600.0, waiting=10_000, remembered=0)
HANGING = "tests.moderation.pictures.misbehaving_process"
BANK = 100_000


async def stored(paths: Sequence[Path]) -> dict[Path, Shown]:
    """Pictures as they are kept, by where they came from."""
    kept = {}
    async with PictureDecoder() as decoder:
        for path in paths:
            try:
                decoded = await decoder.decode(path.read_bytes())
            except AttachmentError:
                continue
            kept[path] = shown(decoded.content)
    return kept


def shown(content: bytes) -> Shown:
    """Bytes in the place of a picture."""
    return Shown(hashlib.sha256(content).hexdigest(), "image/jpeg", content)


async def distinct(kept: dict[Path, Shown], most: int) -> dict[Path, Seen]:
    """What is seen in each; the same picture in another size counts once."""
    seen: dict[Path, Seen] = {}
    async with PictureChecker(limits=PATIENT) as checker:
        entries: list[BankEntry] = []
        for path, picture in kept.items():
            found = await checker.see(picture)
            checker.update_bank(entries)
            if len(seen) == most or (found.quality >= 50 and await checker.known(found)):
                continue
            seen[path] = found
            if found.hashes:
                entries.append(BankEntry(path.name, found.hashes[0].hex(), "seen", path.name))
    return seen


def false_signals(seen: dict[Path, Seen]) -> None:
    """How many harmless pictures score, and which."""
    scores = {path: found.nudity or 0.0 for path, found in seen.items()}
    table = Table("score above", "pictures", "share", title=f"{len(scores)} harmless pictures")
    for bound in (0.2, 0.5, 0.8, 0.9):
        above = sum(score > bound for score in scores.values())
        table.add_row(str(bound), str(above), f"{above / len(scores):.1%}")
    console.print(table)
    for path, score in sorted(scores.items(), key=lambda each: -each[1]):
        if score > 0.5:
            console.print(f"  {score:.2f} {path.parent.name}/{path.name}")


async def flat_pictures() -> None:
    """What plain colours score, of which nothing can be known."""
    levels = range(0, 256, 51)
    colours = [(r, g, b) for r in levels for g in levels for b in levels]
    async with PictureChecker(limits=PATIENT) as checker:
        scores = [
            (await checker.see(shown(encoded(Image.new("RGB", (320, 240), colour))))).nudity or 0.0
            for colour in colours
        ]
    console.print(
        f"{len(scores)} plain colours: highest {max(scores):.2f} "
        f"{colours[scores.index(max(scores))]}, above 0.2: {sum(s > 0.2 for s in scores)}, "
        f"above 0.5: {sum(s > 0.5 for s in scores)}"
    )


def encoded(picture: Image.Image, kind: str = "JPEG", quality: int = 90) -> bytes:
    """The bytes of a picture."""
    out = io.BytesIO()
    picture.save(out, kind, quality=quality)
    return out.getvalue()


async def speed(wanted: Sequence[Shown]) -> None:
    """Pictures a second, milliseconds each, and memory, on one core and on two."""
    table = Table(
        "processes", "nudity", "pictures/s", "p50 ms", "p95 ms", "CPU ms", "start s", "MiB"
    )
    for processes, nudity in ((1, True), (2, True), (1, False)):
        async with PictureChecker(nudity=nudity, processes=processes, limits=PATIENT) as checker:
            began = time.perf_counter()
            await checker.see(wanted[0])
            start = time.perf_counter() - began
            before = cpu_seconds(checker)
            times = await asyncio.gather(
                *(timed(checker, wanted[at::processes]) for at in range(processes))
            )
            cpu = (cpu_seconds(checker) - before) / len(wanted)
            memory = max(psutil.Process(pid).memory_info().rss for pid in checker.pids) >> 20
        each = sorted(time for line in times for time in line)
        rate = sum(len(line) / sum(line) for line in times)
        table.add_row(
            *(str(processes), str(nudity), f"{rate:.1f}", f"{statistics.median(each) * 1000:.0f}"),
            *(f"{each[int(len(each) * 0.95)] * 1000:.0f}", f"{cpu * 1000:.0f}"),
            *(f"{start:.1f}", str(memory)),
        )
    console.print(table)
    load = os.getloadavg()[0]
    console.print(f"load of the machine: {load:.1f} on {os.cpu_count()} cores")


def cpu_seconds(checker: PictureChecker) -> float:
    """What the processes have used; it does not depend on what else the machine does."""
    times = (psutil.Process(pid).cpu_times() for pid in checker.pids)
    return sum(each.user + each.system for each in times)


async def timed(checker: PictureChecker, wanted: Sequence[Shown]) -> list[float]:
    """Seconds for each, one after the other."""
    times = []
    for picture in wanted:
        began = time.perf_counter()
        await checker.see(picture)
        times.append(time.perf_counter() - began)
    return times


async def hanging() -> None:
    """How long a message waits whose picture hangs, and those that stand behind it."""
    limits = CheckerLimits(work=2.0, patience=10.0)
    async with PictureChecker(nudity=False, limits=limits, program=HANGING) as checker:

        async def waits(deed: str) -> str:
            began = time.perf_counter()
            try:
                await checker.see(shown(deed.encode()))
                end = "seen"
            except PictureUnchecked as error:
                end = error.reason.value
            return f"{deed}: {end} after {time.perf_counter() - began:.2f} s"

        await waits("honest")
        ends = await asyncio.gather(waits("hangs"), waits("honest 1"), waits("honest 2"))
    console.print(f"a picture may take {limits.work} s, a message {limits.patience} s:", *ends)


def turned(picture: Image.Image) -> Image.Image:
    """By 5°, and cut to what is inside."""
    width, height = picture.size
    inner = (width // 12, height // 12, width - width // 12, height - height // 12)
    return picture.rotate(5, Image.Resampling.BICUBIC).crop(inner)


def cropped(picture: Image.Image) -> Image.Image:
    """Without 5 % of its width and height."""
    width, height = picture.size
    return picture.crop((0, 0, width - width // 20, height - height // 20))


ALTERED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "the same": lambda picture: picture,
    "half size": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "turned 90°": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "turned 180°": lambda picture: picture.transpose(Image.Transpose.ROTATE_180),
    "turned 270°": lambda picture: picture.transpose(Image.Transpose.ROTATE_270),
    "turned 5°": turned,
    "cropped 5 %": cropped,
}


async def known(wanted: Sequence[Shown]) -> None:
    """Whether altered pictures are still known, among a hundred thousand others."""
    others = np.random.default_rng(1).bytes(32 * BANK)
    entries = [
        BankEntry(str(at), others[32 * at : 32 * at + 32].hex(), "other", "other")
        for at in range(BANK)
    ]
    table = Table("altered", "distance, median", "least", "most", "matched")
    lookups: list[float] = []
    async with PictureChecker(nudity=False, limits=PATIENT) as checker:
        seen = [await checker.see(picture) for picture in wanted]
        own = [BankEntry("own", each.hashes[0].hex(), "own", str(n)) for n, each in enumerate(seen)]
        before = psutil.Process().memory_info().rss
        began = time.perf_counter()
        checker.update_bank([*entries, *own])
        taught = time.perf_counter() - began
        cost = psutil.Process().memory_info().rss - before
        await checker.known(seen[0])
        ways = {name: (change, 90) for name, change in ALTERED.items()}
        for name, (change, quality) in {**ways, "JPEG at 30": (ALTERED["the same"], 30)}.items():
            distances, matched = [], 0
            for number, picture in enumerate(wanted):
                new = change(Image.open(io.BytesIO(picture.content)).convert("RGB"))
                found = await checker.see(shown(encoded(new, quality=quality)))
                distances.append(min(distance(hashed, seen[number]) for hashed in found.hashes))
                began = time.perf_counter()
                near = await checker.known(found)
                lookups.append(time.perf_counter() - began)
                matched += any(each.entry.label == str(number) for each in near)
            middle = f"{statistics.median(distances):.0f}"
            row = middle, str(min(distances)), str(max(distances)), f"{matched}/{len(wanted)}"
            table.add_row(name, *row)
    console.print(f"known pictures, at most {MATCHING} bits, {BANK} others in the bank")
    console.print(table)
    console.print(
        f"bank: {taught:.2f} s to take, {cost / 2**20:.0f} MiB of the parent; "
        f"a look-up {statistics.median(lookups) * 1000:.1f} ms, at most {max(lookups) * 1000:.1f}"
    )


def distance(hashed: bytes, seen: Seen) -> int:
    """Bits between a hash and the one that a picture would have in the bank."""
    return (int.from_bytes(hashed, "big") ^ int.from_bytes(seen.hashes[0], "big")).bit_count()


async def measure(most: int) -> None:
    """All tables."""
    # the largest of a package are photographs more often than the smallest
    kept = await stored(sorted(pictures(), key=lambda path: -path.stat().st_size)[: 2 * most])
    seen = await distinct(kept, most)
    false_signals(seen)
    await flat_pictures()
    large = [kept[path] for path, found in seen.items() if found.quality == 100]
    await speed(large[:60])
    await hanging()
    await known(large[:40])
    console.print(f"this process: {psutil.Process().memory_info().rss >> 20} MiB")


def main(most: Annotated[int, typer.Option(help="So many harmless pictures.")] = 600) -> None:
    """Measure on the pictures that were fetched."""
    asyncio.run(measure(most))


if __name__ == "__main__":
    typer.run(main)
