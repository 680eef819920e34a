"""What this machine can run, and what a model needs; reads configs, loads no model."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.loading import SHIPPED
from models.machine import cores, memory_bytes
from models.planning.sizes import BF16, FP8, INT4, KEY_BYTES, Sizes, sizes_of

GB, GIB = 10**9, 2**30
FACTS = Path(__file__).parent / "released.json"
HEADROOM = 1.1  # over weights, keys and values: activations, the server itself
HELD = 0.9  # of a card's memory is what servers take by default
CONVERSATION = 32_000  # tokens; so many at least have to find room for keys and values
TOGETHER = (1, 2, 4, 8, 16)  # cards
HOST = 8  # cards in one machine, at most


def plan(model: str = "") -> Iterator[str]:
    """Lines about this machine and a model: "scout", "maverick", "behemoth" or a hub id of one of
    them, a local folder with a config, or the checkpoint that ships."""
    yield f"this machine: {cores()} cores, {memory_bytes() / GIB:.1f} GiB of memory"
    yield from _accelerators()
    facts = json.loads(FACTS.read_text("utf-8"))
    name = _released(model, facts)
    if name == "behemoth":
        yield (
            f"{facts[name]['title']} was announced ({facts[name]['announced']}) and never "
            "released: there are no weights to serve"
        )
        return
    if importlib.util.find_spec("torch") is None:
        return
    if name:
        yield from _for_release(facts, facts[name])
        return
    folder = Path(model).expanduser() if model else SHIPPED
    if model and not folder.is_dir():
        yield (
            f"{model}: neither a folder here nor one of scout, maverick, behemoth; checkpoints at "
            "the hub are planned for once downloaded"
        )
        return
    yield from _for_folder(str(folder) if model else "the checkpoint that ships", folder, facts)


def _released(model: str, facts: dict[str, Any]) -> str:
    """The released model that is meant, or nothing."""
    if Path(model).expanduser().is_dir():
        return ""
    known = ("scout", "maverick", "behemoth")
    return next((name for name in known if name in model.lower()), "")


def _accelerators() -> Iterator[str]:
    if importlib.util.find_spec("torch") is None:
        yield "torch: not installed, so only ENGINE_URL can answer (pip install 'whimbrel[worker]')"
        return
    import torch

    for index in range(torch.cuda.device_count()):
        card = torch.cuda.get_device_properties(index)
        yield f"GPU {index}: {card.name}, {card.total_memory / GIB:.0f} GiB"
    if not torch.cuda.is_available():
        yield f"torch {torch.__version__}, no GPU that it can use"


def _for_release(facts: dict[str, Any], release: dict[str, Any]) -> Iterator[str]:
    from transformers import Llama4Config

    both, own = facts["both"], release["config"]
    text = {**both["text_config"], **own["text_config"]}
    config: Any = Llama4Config(text_config=text, vision_config=both["vision_config"])
    sizes = sizes_of(config)
    yield from _counts(release["title"], sizes)
    tiles = int(both["max_patches"])
    most = tiles * (sizes.tile_tokens + 1) + sizes.tile_tokens + 3
    yield f"a picture: {sizes.tile_tokens + 3} tokens in one tile, at most {most:,} in {tiles}"
    yield from _cards(sizes, facts["gpus"])
    yield from _commands(sizes, release, facts["gpus"])


def _for_folder(name: str, folder: Path, facts: dict[str, Any]) -> Iterator[str]:
    from transformers import AutoConfig

    try:
        # a folder on this machine
        config: Any = AutoConfig.from_pretrained(folder, trust_remote_code=False)  # nosec B615
        sizes = sizes_of(config)
    except (OSError, ValueError) as error:
        yield f"{name}: no config that can be read: {str(error).splitlines()[0]}"
        return
    yield from _counts(name, sizes)
    if sizes.tile_tokens:
        yield f"a picture: {sizes.tile_tokens + 3} tokens in one tile"
    weights = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    if not weights:
        yield f"{name}: no *.safetensors in {folder}, only its config"
        yield from _cards(sizes, facts["gpus"])
        return
    needed = (weights + sizes.key_bytes(sizes.window or CONVERSATION)) * HEADROOM
    fits = needed < memory_bytes()
    verdict = "fits into memory" if fits else "does not fit into memory: use ENGINE_URL"
    took = f"{weights / GB:,.3f} GB of weights, about {needed / GB:,.2f} GB in all"
    yield f"{name}: {took}, {verdict}"
    if not fits:
        yield from _cards(sizes, facts["gpus"])


def _counts(name: str, sizes: Sizes) -> Iterator[str]:
    experts = f" ({sizes.experts} experts)" if sizes.experts else ""
    window = f", a context of {sizes.window:,} tokens" if sizes.window else ""
    yield (
        f"{name}: {_billions(sizes.parameters)} parameters, {_billions(sizes.active)} active for "
        f"a token{experts}{window}"
    )
    weights = ", ".join(
        f"{numbers} {sizes.weight_bytes(numbers) / GB:,.2f} GB" for numbers in (BF16, FP8, INT4)
    )
    yield f"weights: {weights}"
    each = 2 * sizes.key_width * KEY_BYTES * 1000 / 10**6
    everything = each * (sizes.full_layers + sizes.chunked_layers)
    line = f"keys and values of 1,000 tokens, 16 bits: {everything:,.2f} MB"
    if sizes.chunk:
        line += (
            f"; {each * sizes.full_layers:,.2f} MB past {sizes.chunk:,} tokens, as "
            f"{sizes.chunked_layers} of {sizes.full_layers + sizes.chunked_layers} layers keep "
            "their current chunk only"
        )
    yield line


def _billions(count: int) -> str:
    return f"{count / 10**9:,.1f} billion" if count >= 10**9 else f"{count / 10**6:,.1f} million"


def _cards(sizes: Sizes, gpus: list[dict[str, Any]]) -> Iterator[str]:
    """Which cards hold it, with a conversation of 32,000 tokens."""
    for numbers in (BF16, FP8, INT4):
        found = []
        for gpu in gpus:
            count = _how_many(sizes, numbers, gpu["gigabytes"])
            if count:
                found.append(f"{count} x {gpu['name']}")
        yield f"{numbers}: " + (", ".join(found) or "no host of eight of these cards")


def _how_many(sizes: Sizes, numbers: str, gigabytes: int) -> int:
    """Cards of one host that are enough; 0 where eight are not."""
    needed = (sizes.weight_bytes(numbers) + sizes.key_bytes(CONVERSATION)) * HEADROOM
    for count in TOGETHER:
        if count <= HOST and needed <= count * gigabytes * GB * HELD:
            return count
    return 0


def _commands(sizes: Sizes, release: dict[str, Any], gpus: list[dict[str, Any]]) -> Iterator[str]:
    """What serves it with vLLM on H100s, in the fewest bits that are published for it."""
    h100 = next(gpu["gigabytes"] for gpu in gpus if gpu["name"].startswith("H100"))
    for numbers, name in ((INT4, release["int4"]), (FP8, release["fp8"]), (BF16, release["hub"])):
        count = _how_many(sizes, numbers, h100)
        if not name or not count:
            continue
        room = count * h100 * GB * HELD / HEADROOM - sizes.weight_bytes(numbers)
        length = _longest(sizes, int(room))
        yield (
            f"{numbers} on {count} x H100: vllm serve {name} --tensor-parallel-size {count} "
            f"--max-model-len {length} --limit-mm-per-prompt '{{\"image\": 5}}'"
        )


def _longest(sizes: Sizes, room: int) -> int:
    """The longest conversation, a power of two, whose keys and values find room."""
    length = 8192
    while sizes.key_bytes(2 * length) <= room and 2 * length <= min(sizes.window or length, 2**20):
        length *= 2
    return length
