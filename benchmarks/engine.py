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
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from threading import Thread
from typing import Annotated, Any

import httpx
import numpy as np
import psutil
import torch
import typer
from PIL import Image, ImageDraw
from rich.console import Console
from rich.table import Table

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

SIDES = ("ours", "stock", "vllm eager", "vllm")
TOKENS = 64  # of an answer
SAID = "the quick brown fox looks at a red picture of seven small boats and tells us more"
WORDS = SAID.split()
WORK = Path("var/benchmarks")
VLLM = os.path.abspath(".venvs/vllm/bin/vllm")
ALONE = {"VLLM_CPU_KVCACHE_SPACE": "2", "VLLM_NO_USAGE_STATS": "1", "HF_HUB_OFFLINE": "1"}


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
    written = io.BytesIO()
    picture.save(written, "PNG")
    content = written.getvalue()
    return PromptPicture(sha256(content).hexdigest(), "image/png", side, side, content)


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

        self._model.generate(**inputs, max_new_tokens=TOKENS, do_sample=False, streamer=Streamer())
        return [times[1:]] * load.chats  # the first time is the prompt's


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
async def vllm(folder: Path, *, eager: bool) -> AsyncIterator[tuple[HttpEngine, psutil.Process]]:
    """vLLM's server with the checkpoint, and an engine that asks it; it compiles unless eager."""
    port = free_port()
    command = [
        *(VLLM, "serve", str(folder), "--dtype", "float32"),
        *("--max-model-len", "2048", "--host", "127.0.0.1"),
        *(["--enforce-eager"] if eager else []),
        *("--port", str(port), "--limit-mm-per-prompt", '{"image": 5}'),
    ]
    with open(WORK / "vllm.log", "wb") as log:  # noqa: ASYNC230
        # Elsewhere: its own processes take modules of the folder that they start in for theirs.
        process = await asyncio.create_subprocess_exec(
            *command, stdout=log, stderr=log, cwd=WORK, env=os.environ | ALONE
        )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            while True:
                try:
                    if (await client.get("/health")).status_code == 200:
                        break
                except httpx.HTTPError:
                    pass
                if process.returncode is not None:
                    raise RuntimeError(f"vLLM ended; see {WORK / 'vllm.log'}")
                await asyncio.sleep(1)
        async with HttpEngine(f"http://127.0.0.1:{port}/v1") as engine:
            yield engine, psutil.Process(process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _side(side: str, folder: Path, loads: list[Load]) -> list[Figures]:
    """All loads on one side; the first round of each is for warming up."""
    if side == "stock":
        stock = Stock(folder)
        return [_stock_load(stock, load) for load in loads]
    if side.startswith("vllm"):
        eager = side == "vllm eager"
        async with vllm(folder, eager=eager) as (engine, process):
            return [await _engine_load(engine, load, process) for load in loads]
    async with TransformersEngine(str(folder)) as engine:
        return [await _engine_load(engine, load, psutil.Process()) for load in loads]


def _stock_load(stock: Stock, load: Load) -> Figures:
    stock.measure(load, seed=0)
    memory = Memory(psutil.Process())
    times = stock.measure(load, seed=1)
    return figures(times, memory.end())


async def _engine_load(engine: Engine, load: Load, process: psutil.Process) -> Figures:
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
    sides = [each for each in SIDES if not each.startswith("vllm") or os.path.exists(VLLM)]
    for name, where in checkpoints:
        results = {each: _run_side(each, where, wanted) for each in sides}
        Console(width=140).print(_table(name, wanted, results))


def _table(name: str, loads: list[Load], results: dict[str, list[Figures]]) -> Table:
    columns: list[tuple[str, Callable[[Figures], str]]] = [
        ("tokens/s", lambda one: f"{one.tokens_per_second:.0f}"),
        ("first p50/p95 s", lambda one: f"{one.first_p50:.2f}/{one.first_p95:.2f}"),
        ("gap p95 ms", lambda one: f"{one.gap_p95 * 1000:.0f}"),
        ("MB", lambda one: f"{one.megabytes:.0f}"),
    ]
    table = Table("chats", "", "side", *(title for title, _ in columns), "ours over it", title=name)
    for place, load in enumerate(loads):
        for side, measured in results.items():
            one, ours = measured[place], results["ours"][place]
            ratio = ours.tokens_per_second / one.tokens_per_second
            table.add_row(
                str(load.chats),
                "pictures" if load.pictures else "words",
                side,
                *(show(one) for _, show in columns),
                f"{ratio:.1f}",
            )
    return table


if __name__ == "__main__":
    typer.run(main)
