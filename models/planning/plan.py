"""What this machine can run, and what a checkpoint needs; reads files, loads no model."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.loading import SHIPPED
from models.machine import cores, memory_bytes

GIB = 2**30
HEADROOM = 1.3  # over the weights: activations, keys and values, the rest of the process


def plan(model: str = "") -> Iterator[str]:
    """Lines about this machine and the checkpoint in the folder `model`, or the shipped one."""
    yield f"this machine: {cores()} cores, {memory_bytes() / GIB:.1f} GiB of memory"
    yield from _accelerators()
    folder = Path(model).expanduser() if model else SHIPPED
    name = str(folder) if model else "the checkpoint that ships"
    if model and not folder.is_dir():
        yield f"{model}: not a folder here; checkpoints at the hub are planned for once downloaded"
        return
    yield from _checkpoint(name, folder)


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


def _checkpoint(name: str, folder: Path) -> Iterator[str]:
    weights = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    if not weights:
        yield f"{name}: no *.safetensors in {folder}"
        return
    config = _config(folder)
    text: dict[str, Any] = config.get("text_config") or config
    experts = text.get("num_local_experts")
    window = text.get("max_position_embeddings")
    yield (
        f"{name}: {config.get('model_type', 'unknown kind')}, {weights / 2**20:,.1f} MiB of weights"
        + (f", {experts} experts" if experts else "")
        + (f", a context of {window:,} tokens" if window else "")
    )
    needed = weights * HEADROOM
    fits = needed < memory_bytes()
    verdict = "fits into memory" if fits else "does not fit into memory: use ENGINE_URL"
    yield f"{name}: needs about {needed / GIB:,.2f} GiB, {verdict}"


def _config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return config if isinstance(config, dict) else {}
