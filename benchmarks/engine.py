"""The engine of the worker beside stock transformers and vLLM: `python -m benchmarks.engine`.

Each side runs in a process of its own, one after the other, on the same checkpoints and prompts:
so many chats ask at once and read their answers as they come. Ratios count: machines differ.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from threading import Thread
from typing import Annotated, Any

import httpx2
import numpy as np
import psutil
import torch
import typer
from matplotlib.figure import Figure
from PIL import Image, ImageDraw

from benchmarks.checkpoints import random_checkpoint
from models.endpoint.engine import HttpEngine
from models.engine import (
    Engine,
    Finished,
    Prompt,
    PromptMessage,
    PromptPicture,
    PromptText,
    SamplingParams,
    TextChunk,
)
from models.loading import SHIPPED
from models.local.engine import TransformersEngine
from tests.deployment.processes import free_port

SIDES = ("ours", "stock", "serve", "vllm eager", "vllm")
SERVED = 8  # chats of `transformers serve`, which answers these models one after the other
TOKENS = 64  # of an answer
SAID = "the quick brown fox looks at a red picture of seven small boats and tells us more"
WORDS = SAID.split()
WORK = Path("var/benchmarks")
LOG = WORK / "server.log"
OTHERS = os.path.abspath(".venvs/vllm/bin")  # vLLM, and transformers with all its server wants
ALONE = {
    "VLLM_CPU_KVCACHE_SPACE": "2",
    "VLLM_NO_USAGE_STATS": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_CACHE": os.path.abspath(WORK),
}


@dataclass(frozen=True, slots=True)
class Load:
    """Who asks at once, and with a picture or without."""

    chats: int
    pictures: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one load: tokens a second of all chats; seconds to the first token and between tokens."""

    tokens_per_second: float
    first_p50: float
    first_p95: float
    gap_p95: float
    megabytes: float


Results = dict[str, dict[Load, Figures]]
LOADS = [Load(chats, pictures) for pictures in (False, True) for chats in (1, 4, 8, 16, 32)]


def prompts(load: Load, *, seed: int) -> list[Prompt]:
    """Different ones for every chat and seed, of about sixty tokens."""
    rng = Random(f"{load} {seed}")
    return [_prompt(rng, load.pictures, number) for number in range(load.chats)]


def _prompt(rng: Random, pictures: bool, number: int) -> Prompt:
    words = PromptText(" ".join(rng.choices(WORDS, k=40)))
    parts: tuple[PromptText | PromptPicture, ...] = (words,)
    if pictures:
        parts = (_picture(rng), words)
    system = PromptMessage("system", (PromptText("You are Whimbrel."),))
    return Prompt((system, PromptMessage("user", parts)), number)


def _picture(rng: Random) -> PromptPicture:
    side = 300
    picture = Image.new("RGB", (side, side), "white")
    corner = rng.randrange(150), rng.randrange(150)
    tone = tuple(rng.randrange(256) for _ in range(3))
    ImageDraw.Draw(picture).ellipse((*corner, corner[0] + 120, corner[1] + 120), fill=tone)
    return sent(picture)


def sent(picture: Image.Image) -> PromptPicture:
    """A picture as part of a prompt."""
    written = io.BytesIO()
    picture.save(written, "PNG")
    content = written.getvalue()
    return PromptPicture(sha256(content).hexdigest(), "image/png", *picture.size, content)


async def measure_engine(engine: Engine, load: Load, *, seed: int) -> list[list[float]]:
    """When each chat got each piece of its answer, in seconds from the question."""

    async def read(asked: Prompt) -> list[float]:
        params = SamplingParams(max_tokens=TOKENS, temperature=0)
        started, times, tokens = time.perf_counter(), [], 0
        async for output in engine.generate(asked, params):
            if isinstance(output, TextChunk):
                times.append(time.perf_counter() - started)
            elif isinstance(output, Finished):
                tokens = output.generated_tokens
        return times[:1] * max(0, tokens - len(times)) + times

    return list(await asyncio.gather(*(read(each) for each in prompts(load, seed=seed))))


class Stock:
    """transformers' own generate(), all chats in one padded batch."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModelForImageTextToText, AutoProcessor

        kinds: Any = AutoProcessor, AutoModelForImageTextToText
        self._processor = kinds[0].from_pretrained(folder)
        self._processor.tokenizer.padding_side = "left"
        self._model = kinds[1].from_pretrained(folder, dtype=torch.float32).eval()

    def measure(self, load: Load, *, seed: int) -> list[list[float]]:
        """The same as `measure_engine`."""
        started = time.perf_counter()
        chats = [[_spoken(message) for message in one.messages] for one in prompts(load, seed=seed)]
        inputs = self._processor.apply_chat_template(
            chats,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            add_generation_prompt=True,
            padding=True,
        )
        if "pixel_values" in inputs:
            inputs["pixel_values"] = inputs["pixel_values"].float()
        times: list[float] = []

        class Streamer:
            """Takes the time of each step."""

            def put(self, value: Any) -> None:
                times.append(time.perf_counter() - started)

            def end(self) -> None:
                """Nothing is left to do."""

        told = self._model.generate(
            **inputs, max_new_tokens=TOKENS, do_sample=False, streamer=Streamer()
        )
        # The first time is the prompt's. A row that has ended is padded while others go on.
        said = told[:, inputs["input_ids"].shape[1] :] != self._processor.tokenizer.pad_token_id
        return [times[1 : 1 + length] for length in said.sum(1).tolist()]


def _spoken(message: PromptMessage) -> dict[str, Any]:
    content = [
        {"type": "text", "text": part.text}
        if isinstance(part, PromptText)
        else {"type": "image", "image": Image.open(io.BytesIO(part.content)).convert("RGB")}
        for part in message.parts
    ]
    return {"role": message.role, "content": content}


def figures(times: list[list[float]], megabytes: float) -> Figures:
    """Of the times of all chats."""
    last = max(each[-1] for each in times)
    firsts = [each[0] for each in times]
    gaps = [float(gap) for each in times for gap in np.diff(each)] or [0.0]
    return Figures(
        sum(map(len, times)) / last,
        float(np.percentile(firsts, 50)),
        float(np.percentile(firsts, 95)),
        float(np.percentile(gaps, 95)),
        megabytes,
    )


class Memory:
    """The most memory that a process had, looked at every fifty milliseconds."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self.most, self._ends = process, 0, False
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ends:
            try:
                family = [self._process, *self._process.children(recursive=True)]
                self.most = max(self.most, sum(each.memory_info().rss for each in family))
            except psutil.Error:
                return
            time.sleep(0.05)

    def end(self) -> float:
        """Megabytes."""
        self._ends = True
        self._thread.join()
        return self.most / 10**6


@asynccontextmanager
async def served(side: str, folder: Path) -> AsyncIterator[tuple[HttpEngine, psutil.Process]]:
    """A server with the checkpoint, and an engine that asks it."""
    port = free_port()
    where = ("--host", "127.0.0.1", "--port", str(port))
    command = [f"{OTHERS}/vllm", "serve", str(folder), "--dtype", "float32", *where]
    command += ["--max-model-len", "2048", "--limit-mm-per-prompt", '{"image": 5}']
    if side == "vllm eager":
        command += ["--enforce-eager"]
    if side == "serve":
        command = [f"{OTHERS}/transformers", "serve", "--device", "cpu", "--dtype", "float32"]
        command += ["--continuous-batching", *where, str(folder)]
    with open(LOG, "wb") as log:  # noqa: ASYNC230
        # Elsewhere: its own processes take modules of the folder that they start in for theirs.
        process = await asyncio.create_subprocess_exec(
            *command, stdout=log, stderr=log, cwd=WORK, env=os.environ | ALONE
        )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            while True:
                try:
                    if (await client.get("/health")).status_code == 200:
                        break
                except httpx2.HTTPError:
                    pass
                if process.returncode is not None:
                    raise RuntimeError(f"{side} ended; see {LOG}")
                await asyncio.sleep(1)
        model = str(folder) if side == "serve" else ""
        async with HttpEngine(f"http://127.0.0.1:{port}/v1", model=model) as engine:
            yield engine, psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _side(side: str, folder: Path, loads: list[Load]) -> list[Figures]:
    """All loads on one side; a round before is for warming up."""
    if side == "stock":
        stock = Stock(folder)
        stock.measure(loads[0], seed=0)
        return [_stock_load(stock, load) for load in loads]
    if side != "ours":
        async with served(side, folder) as (engine, process):
            if side == "serve":  # it answers one by one, whatever the load
                await measure_engine(engine, loads[0], seed=0)
            warm = side != "serve"
            return [await _engine_load(engine, load, process, warm=warm) for load in loads]
    async with TransformersEngine(str(folder)) as engine:
        return [await _engine_load(engine, load, psutil.Process()) for load in loads]


def _stock_load(stock: Stock, load: Load) -> Figures:
    memory = Memory(psutil.Process())
    times = stock.measure(load, seed=1)
    return figures(times, memory.end())


async def _engine_load(
    engine: Engine, load: Load, process: psutil.Process, *, warm: bool = True
) -> Figures:
    if warm:
        await measure_engine(engine, load, seed=0)
    memory = Memory(process)
    times = await measure_engine(engine, load, seed=1)
    return figures(times, memory.end())


def _run_side(side: str, folder: Path, loads: list[Load]) -> list[Figures]:
    """One side in a process of its own."""
    asked = json.dumps([asdict(load) for load in loads])
    command = [sys.executable, "-m", "benchmarks.engine", "--side", side, "--folder", str(folder)]
    told = subprocess.run([*command, "--loads", asked], check=True, stdout=subprocess.PIPE).stdout
    return [Figures(**each) for each in json.loads(told.splitlines()[-1])]


def main(
    experts: Annotated[str, typer.Option(help="Of the random checkpoints.")] = "128 16",
    chats: Annotated[int, typer.Option(help="Leave out loads of more.")] = 32,
    plot: Annotated[Path | None, typer.Option(help="A file to draw into.")] = None,
    side: Annotated[str, typer.Option(hidden=True)] = "",
    folder: Annotated[Path, typer.Option(hidden=True, resolve_path=True)] = SHIPPED,
    loads: Annotated[str, typer.Option(hidden=True)] = "[]",
) -> None:
    """Measure all sides on all checkpoints and print a table for each."""
    WORK.mkdir(parents=True, exist_ok=True)
    if side:
        wanted = [Load(**each) for each in json.loads(loads)]
        measured = asyncio.run(_side(side, folder, wanted))
        print(json.dumps([asdict(each) for each in measured]))
        return
    wanted = [load for load in LOADS if load.chats <= chats]
    checkpoints = [
        *(
            (f"{n} experts", random_checkpoint(WORK / f"experts-{n}", experts=n))
            for n in map(int, experts.split())
        ),
        ("the shipped one", SHIPPED),
    ]
    sides = [each for each in SIDES if each in ("ours", "stock") or os.path.exists(OTHERS)]
    found: dict[str, Results] = {}
    for name, where in checkpoints:
        found[name] = {each: _measured(each, where.absolute(), wanted) for each in sides}
        print(f"\n### {name}\n\n{_table(wanted, found[name])}", flush=True)
    if plot:
        _draw(found, wanted, plot)


def _measured(side: str, folder: Path, loads: list[Load]) -> dict[Load, Figures]:
    """What one side shows; nothing where it cannot, and why is in the log."""
    if side == "serve":
        loads = [load for load in loads if load.chats <= SERVED and not load.pictures]
    try:
        return dict(zip(loads, _run_side(side, folder, loads), strict=True))
    except subprocess.CalledProcessError:
        return {}


def _table(loads: list[Load], results: Results) -> str:
    """In Markdown."""
    lines = [
        "| chats | | side | tokens/s | ours over it | first text p50 / p95 s | gap p95 ms | MB |",
        "| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for load in loads:
        for side, measured in results.items():
            if load not in measured:
                continue
            one, ours = measured[load], results["ours"][load]
            ratio = ours.tokens_per_second / one.tokens_per_second
            lines.append(
                f"| {load.chats} | {'pictures' if load.pictures else 'words'} | {side} "
                f"| {one.tokens_per_second:.0f} | {'' if one is ours else f'{ratio:.1f}'} "
                f"| {one.first_p50:.2f} / {one.first_p95:.2f} | {one.gap_p95 * 1000:.0f} "
                f"| {one.megabytes:.0f} |"
            )
    return "\n".join(lines)


def _draw(found: dict[str, Results], loads: list[Load], file: Path) -> None:
    """Tokens a second over chats, a panel for each checkpoint."""
    figure = Figure(figsize=(4 * len(found), 6.4), layout="constrained")
    panels = figure.subplots(2, len(found), squeeze=False, sharex=True)
    for column, (name, results) in enumerate(found.items()):
        for row, kind in enumerate(("words", "pictures")):
            panel = panels[row][column]
            for side, measured in results.items():
                mine = [load for load in loads if load.pictures == bool(row) and load in measured]
                speeds = [measured[load].tokens_per_second for load in mine]
                panel.plot([load.chats for load in mine], speeds, marker="o", label=side)
            panel.set(xscale="log", yscale="log", title=f"{name}, {kind}")
            panel.set_xticks([1, 4, 8, 16, 32], ["1", "4", "8", "16", "32"])
            panel.minorticks_off()
            panel.grid(alpha=0.3)
    for row in panels:
        row[0].set_ylabel("tokens/s")
    for panel in panels[1]:
        panel.set_xlabel("chats")
    panels[0][0].legend()
    figure.savefig(file, dpi=110)


if __name__ == "__main__":
    typer.run(main)
