"""The training loop both stages share: Muon and AdamW, warm-up and cosine, resumable."""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn

from models.fledgling.training.crew import Crew
from models.fledgling.training.muon import Muon

_KEEP_EVERY = 200  # steps
_TELL_EVERY = 20  # steps
_ADAM_SHARE = 0.5  # of the rate: what Muon does not take (embeddings, heads, experts, norms)
_INNER = (".layers.", "vision_adapter", "projector")  # where Muon's matrices are

Loss = Callable[[int], tuple[Tensor, Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast a stage learns; `warmup` in steps, `rate` at its highest."""

    stage: str
    steps: int
    rate: float
    warmup: int = 100
    decay: float = 0.05

    def rate_at(self, step: int) -> float:
        """Learning rate of a step: linear warm-up, then half a cosine down to a fiftieth."""
        if step < self.warmup:
            return self.rate * (step + 1) / self.warmup
        way = (step - self.warmup) / max(1, self.steps - self.warmup)
        return self.rate * (0.02 + 0.98 * (1 + math.cos(math.pi * min(1.0, way))) / 2)


def learn(plan: Plan, model: nn.Module, loss_of: Loss, *, folder: Path, crew: Crew) -> float:
    """Run the stage on `model`, going on where a stopped run left off; returns its minutes.

    `loss_of(step)` must depend on nothing but the step, the process and the weights, so that a
    resumed run sees the data that an undisturbed one would have seen. It returns the loss and
    figures to watch, which go into `STAGE.jsonl` in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{plan.stage}.pt"
    optimisers = _optimisers(model, plan)
    first, seconds = _resume(kept, model, optimisers)
    watch = _Watch(plan, folder, first=first, shown=crew.leads)
    model.train()
    with watch.progress:
        for step in range(first, plan.steps):
            started = time.monotonic()
            figures = _step(model, optimisers, loss_of, step, plan.rate_at(step), crew)
            seconds += time.monotonic() - started
            watch.note(step, figures)
            if (step + 1) % _KEEP_EVERY == 0 or step + 1 == plan.steps:
                if crew.leads:
                    _keep(kept, model, optimisers, step + 1, seconds)
                crew.wait()
    model.eval()
    return seconds / 60


def _step(
    model: nn.Module,
    optimisers: Sequence[torch.optim.Optimizer],
    loss_of: Loss,
    step: int,
    rate: float,
    crew: Crew,
) -> dict[str, float]:
    muon, adam = optimisers
    muon.param_groups[0]["lr"] = rate
    for group in adam.param_groups:
        group["lr"] = rate * _ADAM_SHARE
    loss, figures = loss_of(step)
    loss.backward()  # type: ignore[no-untyped-call]
    crew.average(model.parameters())
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimiser in optimisers:
        optimiser.step()
        optimiser.zero_grad()
    return {"loss": float(loss.detach()), **figures}


class _Watch:
    """Averages of what is watched, shown as a bar and written as lines."""

    def __init__(self, plan: Plan, folder: Path, *, first: int, shown: bool) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        self.progress = Progress(*columns, disable=not shown)
        self._task = self.progress.add_task(plan.stage, total=plan.steps, completed=first)
        self._shown = shown
        self._plan, self._curve = plan, folder / f"{plan.stage}.jsonl"
        self._sums: dict[str, float] = {}
        self._counts: dict[str, int] = {}

    def note(self, step: int, figures: Mapping[str, float]) -> None:
        for name, figure in figures.items():
            self._sums[name] = self._sums.get(name, 0.0) + figure
            self._counts[name] = self._counts.get(name, 0) + 1
        told = f"{self._plan.stage} {step + 1}/{self._plan.steps} loss {figures['loss']:.3f}"
        self.progress.update(self._task, advance=1, description=told)
        if self._shown and ((step + 1) % _TELL_EVERY == 0 or step + 1 == self._plan.steps):
            means = {n: round(s / self._counts[n], 4) for n, s in self._sums.items()}
            self._sums, self._counts = {}, {}
            line = json.dumps({"step": step + 1, **means})
            with self._curve.open("a") as curve:
                curve.write(line + "\n")
            if not self.progress.console.is_terminal:
                self.progress.console.print(f"{self._plan.stage} {line}", soft_wrap=True)


def _optimisers(model: nn.Module, plan: Plan) -> tuple[Muon, torch.optim.AdamW]:
    """Muon for the matrices between layers: a tower from scratch learns several times faster."""
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    inner = {name for name, p in named.items() if p.ndim == 2 and _is_inner(name)}
    muon = Muon([named[name] for name in sorted(inner)], lr=plan.rate, weight_decay=plan.decay)
    rest = [p for name, p in named.items() if name not in inner]
    groups: list[dict[str, object]] = [
        {"params": [p for p in rest if p.ndim >= 2], "weight_decay": plan.decay},
        {"params": [p for p in rest if p.ndim < 2], "weight_decay": 0.0},
    ]
    return muon, torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.97))


def _is_inner(name: str) -> bool:
    return "router" not in name and any(part in name for part in _INNER)


def _resume(
    kept: Path, model: nn.Module, optimisers: Sequence[torch.optim.Optimizer]
) -> tuple[int, float]:
    if not kept.exists():
        return 0, 0.0
    state = torch.load(kept, weights_only=True)
    model.load_state_dict(state["model"])
    for optimiser, own in zip(optimisers, state["optimisers"], strict=True):
        optimiser.load_state_dict(own)
    return int(state["step"]), float(state["seconds"])


def _keep(
    kept: Path,
    model: nn.Module,
    optimisers: Sequence[torch.optim.Optimizer],
    step: int,
    seconds: float,
) -> None:
    state = {
        "model": model.state_dict(),
        "optimisers": [optimiser.state_dict() for optimiser in optimisers],
        "step": step,
        "seconds": seconds,
    }
    fresh = kept.with_suffix(".new")
    torch.save(state, fresh)
    fresh.replace(kept)  # a run that is stopped while writing keeps the older one
