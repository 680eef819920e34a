"""How near the engine is to what it could be: `python -m benchmarks.limits`.

Follow-ups, long prompts beside others, memory while loading and for conversations, and the speed
that memory alone would allow. One row each: what was measured, and the aim.
"""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from random import Random
from typing import Annotated, Any

import numpy as np
import torch
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.checkpoints import random_checkpoint, random_model
from benchmarks.engine import WORDS, WORK
from models.engine import (
    Finished,
    Prompt,
    PromptMessage,
    PromptText,
    SamplingParams,
    TextChunk,
)
from models.local.checkpoint import Checkpoint
from models.local.engine import TransformersEngine
from models.local.passes import Piece, Sequence, TextPasses

Row = tuple[str, str, str]
LONG = 6000  # tokens of the prompt that comes while others speak
CONVERSATION = 100_000
PIECE = 512


def _said(role: str, tokens: int, seed: int) -> PromptMessage:
    """About so many tokens of words."""
    words = Random(seed).choices(WORDS, k=tokens * 10 // 13)
    return PromptMessage(role, (PromptText(" ".join(words)),))


async def _first(engine: TransformersEngine, prompt: Prompt) -> tuple[float, Finished]:
    """Seconds to the first text, and the end of the answer."""
    started, first = time.perf_counter(), 0.0
    params = SamplingParams(max_tokens=16, temperature=0)
    async with aclosing(engine.generate(prompt, params)) as outputs:
        async for output in outputs:
            if isinstance(output, Finished):
                return first, output
            first = first or time.perf_counter() - started
    raise RuntimeError("no answer")


async def follow_up(engine: TransformersEngine) -> Row:
    """A question in a conversation of 4,000 tokens, remembered and not."""
    cold, warm, lengths = [], [], []
    for seed in range(3):
        messages = (_said("user", 4000, seed),)
        first, end = await _first(engine, Prompt(messages, seed))
        cold.append(first)
        lengths.append(end.prompt_tokens)
        more = (_said("assistant", 10, seed + 50), _said("user", 20, seed + 90))
        first, end = await _first(engine, Prompt((*messages, *more), seed))
        warm.append(first)
    ratio = float(np.median(warm) / np.median(cold))
    return (
        f"a follow-up after {int(np.median(lengths))} tokens: first text",
        f"{np.median(warm):.3f} s, {np.median(cold):.2f} s cold: 1/{1 / ratio:.0f}",
        "at most 1/20",
    )


async def gaps(engine: TransformersEngine) -> list[Row]:
    """Four chats speak; a fifth sends a long prompt."""
    times: list[list[float]] = [[] for _ in range(4)]
    params = SamplingParams(max_tokens=1500, temperature=0)

    async def speak(number: int) -> None:
        prompt = Prompt((_said("user", 30, 1000 + number),), number)
        async with aclosing(engine.generate(prompt, params)) as outputs:
            async for output in outputs:
                if isinstance(output, TextChunk):
                    times[number].append(time.perf_counter())

    speaking = [asyncio.create_task(speak(number)) for number in range(4)]
    await asyncio.sleep(3)
    started = time.perf_counter()
    first, end = await _first(engine, Prompt((_said("user", LONG, 7),), 99))
    ended = started + first
    for task in speaking:
        task.cancel()
    await asyncio.gather(*speaking, return_exceptions=True)
    before = [gap for each in times for gap in _gaps(each, 0, started)]
    during = [gap for each in times for gap in _gaps(each, started, ended)]
    usual = float(np.median(before))
    return [
        (
            f"gap between tokens of 4 chats beside a prompt of {end.prompt_tokens} tokens, {name}",
            f"{value * 1000:.0f} ms, {usual * 1000:.0f} ms before: {value / usual:.1f} times",
            "under 3 times",
        )
        for name, value in (
            ("median", float(np.median(during))),
            ("p95", float(np.percentile(during, 95))),
        )
    ] + [("its own first text", f"{first:.1f} s", "")]


def _gaps(times: list[float], since: float, until: float) -> Iterator[float]:
    for one, other in itertools.pairwise(times):
        if since <= one and other <= until:
            yield other - one


LOAD = """
import re, sys, threading, time
from models.local.checkpoint import Checkpoint
from models.local.passes import TextPasses
from models.settings import NumberFormat
def now():
    status = open("/proc/self/status").read()
    return 1024 * int(re.search(r"RssAnon:\\s+(\\d+) kB", status)[1])
checkpoint = Checkpoint(sys.argv[1], NumberFormat(sys.argv[2]))
before, most, ends = now(), [0], []
def look():
    while not ends:
        most[0] = max(most[0], now())
        time.sleep(0.003)
thread = threading.Thread(target=look)
thread.start()
model, processor, _ = checkpoint.load()
passes = TextPasses(model)
ends.append(True)
thread.join()
weights = sum(each.nbytes for each in model.parameters())
print(weights, most[0] - before, now() - before)
"""


def loading(folder: Path, number_format: str) -> Row:
    """The most memory of its own of a process that loads the checkpoint, over its weights. Pages
    of the file are not counted: the kernel takes them back when it wants."""
    told = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder), number_format],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    weights, most, after = map(int, told.splitlines()[-1].split())
    return (
        f"memory while loading {weights / 1e6:.0f} MB of {number_format} weights",
        f"{most / 1e6:.0f} MB at most: {most / weights:.2f} times; {after / 1e6:.0f} MB afterwards",
        "at most 1.15 times",
    )


def kept(folder: Path) -> Row:
    """Keys and values of a conversation that fills its room."""
    model, *_ = Checkpoint(str(folder)).load()
    text = model.config.get_text_config()
    passes = TextPasses(model)
    tokens = 4096
    _grow(model, passes, tokens)
    layers = text.layer_types.count("full_attention")
    each = 2 * text.num_key_value_heads * text.head_dim * model.dtype.itemsize
    formula = layers * each * tokens
    formula += (text.num_hidden_layers - layers) * each * min(tokens, text.attention_chunk_size)
    return (
        f"keys and values of {tokens} tokens",
        f"{passes.bytes} bytes; 2 x layers x heads x width x bytes, chunked layers up to their "
        f"chunk: {formula}",
        "the same",
    )


def long_conversation() -> Row:
    """A hundred thousand tokens on a small config with three of four layers chunked."""
    model = random_model(experts=4, layers=4, width=64, heads=2, chunk=1024, window=CONVERSATION)
    passes = TextPasses(model)
    started = time.perf_counter()
    _grow(model, passes, CONVERSATION)
    seconds = time.perf_counter() - started
    per_token = passes.full.shape.bytes_per_token * 4  # one layer sees everything
    share = passes.bytes / (per_token * CONVERSATION)
    return (
        f"a conversation of {CONVERSATION} tokens",
        f"{passes.bytes / 1e6:.0f} MB, {share:.2f} of what full layers keep ({seconds:.0f} s)",
        "at most 0.3",
    )


def _grow(model: Any, passes: TextPasses, tokens: int) -> Sequence:
    sequence = passes.open()
    ids = torch.randint(0, 4000, (tokens,), generator=torch.Generator().manual_seed(5))
    while sequence.length < tokens:
        first = sequence.length
        count = min(PIECE, tokens - first, passes.left_in_chunk(sequence))
        with torch.inference_mode():
            vectors = model.get_input_embeddings()(ids[first : first + count])
        passes.run(vectors, [Piece(sequence, count)])
    return sequence


async def physical(engine: TransformersEngine) -> list[Row]:
    """One chat's speed beside the time in which memory gives the weights of a step."""
    threads = torch.get_num_threads()
    bandwidth = _bandwidth()
    text = engine._model.config.get_text_config()
    used = _active_bytes(engine._model, text)
    limit = bandwidth / used
    speeds = []
    for seed in range(5):
        params = SamplingParams(max_tokens=128, temperature=0)
        times = []
        async with aclosing(
            engine.generate(Prompt((_said("user", 30, seed),), seed), params)
        ) as outputs:
            async for output in outputs:
                if isinstance(output, Finished):
                    tokens = output.generated_tokens
                times.append(time.perf_counter())
        speeds.append((tokens - 1) / (times[-1] - times[0]))
    speed = float(np.median(speeds))
    return [
        (f"memory, {threads} threads", f"{bandwidth / 1e9:.1f} GB/s", ""),
        ("weights that a token needs", f"{used / 1e6:.1f} MB: {limit:.0f} tokens/s at most", ""),
        ("one chat", f"{speed:.0f} tokens/s: {speed / limit:.0%} of that", ""),
    ]


def _bandwidth() -> float:
    """Bytes a second that adding up numbers reads."""
    numbers = torch.ones(128 * 2**20)
    best = 1e9
    for _ in range(7):
        started = time.perf_counter()
        numbers.sum()
        best = min(best, time.perf_counter() - started)
    return numbers.nbytes / best


def _active_bytes(model: Any, text: Any) -> float:
    """Of the text model's weights without the experts that a token does not meet."""
    inner = model.language_model
    every = sum(each.nbytes for each in inner.parameters())
    embeddings = inner.model.embed_tokens.weight.nbytes
    stacked = [layer.feed_forward.experts for layer in inner.model.layers if layer.is_moe_layer]
    routed = sum(each.nbytes for experts in stacked for each in experts.parameters())
    idle = routed * (1 - text.num_experts_per_tok / text.num_local_experts)
    return float(every - embeddings - idle)


async def _of_engine(folder: Path) -> list[Row]:
    async with TransformersEngine(str(folder)) as engine:
        await _first(engine, Prompt((_said("user", 300, 999),), 0))
        return [await follow_up(engine), *await gaps(engine), *await physical(engine)]


def main(
    experts: Annotated[int, typer.Option(help="Of the random checkpoint.")] = 128,
) -> None:
    """Print a table."""
    WORK.mkdir(parents=True, exist_ok=True)
    folder = random_checkpoint(WORK / f"experts-{experts}", experts=experts).absolute()
    rows = [
        *asyncio.run(_of_engine(folder)),
        *(loading(folder, each) for each in ("float32", "bfloat16")),
        kept(folder),
        long_conversation(),
    ]
    table = Table("what", "measured", "aim")
    for row in rows:
        table.add_row(*row)
    Console(width=150).print(table)


if __name__ == "__main__":
    typer.run(main)
