"""The loop of both stages: it learns, goes on after a stop, is one model in two processes."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from models.fledgling.training.crew import ALONE, Crew, muster
from models.fledgling.training.loop import Plan, learn


class _Line(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.inner = nn.ModuleDict({"layers": nn.ModuleList([nn.Linear(4, 4)])})

    def loss(self, step: int, rank: int = 0) -> tuple[Tensor, dict[str, float]]:
        draw = torch.Generator().manual_seed(step * 2 + rank)
        given = torch.randn(8, 4, generator=draw)
        told = given
        for layer in self.inner["layers"].children():
            told = layer(told)
        loss = (told - given.flip(1)).square().mean()
        return loss, {"twice": 2 * float(loss.detach())}


def _learn(steps: int, plan: Plan, folder: Path) -> _Line:
    model = _Line()
    stopped = Plan(plan.stage, steps, plan.rate, plan.warmup)
    learn(stopped, model, model.loss, folder=folder, crew=ALONE)
    return model


def test_it_learns_and_writes_a_curve(tmp_path: Path) -> None:
    _learn(300, Plan("see", 300, 0.02, warmup=10), tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "see.jsonl").read_text().splitlines()]
    assert lines[-1]["step"] == 300
    assert lines[-1]["loss"] < 0.2 * lines[0]["loss"]
    assert lines[-1]["twice"] == pytest.approx(2 * lines[-1]["loss"], rel=1e-3)


def test_a_stopped_run_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    plan = Plan("see", 420, 0.02, warmup=10)
    whole, parted = _Line(), _Line()
    learn(plan, whole, whole.loss, folder=tmp_path / "a", crew=ALONE)

    def broken(step: int) -> tuple[Tensor, dict[str, float]]:
        if step == 330:
            raise Stop
        return parted.loss(step)

    with pytest.raises(Stop):
        learn(plan, parted, broken, folder=tmp_path / "b", crew=ALONE)
    again = _Line()
    learn(plan, again, again.loss, folder=tmp_path / "b", crew=ALONE)
    for one, other in zip(whole.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_the_rate_rises_and_then_falls() -> None:
    plan = Plan("see", 1000, 1.0, warmup=100)
    assert plan.rate_at(0) == pytest.approx(0.01)
    assert plan.rate_at(100) == pytest.approx(1.0)
    assert plan.rate_at(550) == pytest.approx(0.51, abs=0.01)
    assert plan.rate_at(999) == pytest.approx(0.02, abs=0.001)


@dataclass(frozen=True)
class _Work:
    folder: Path

    def __call__(self, crew: Crew) -> None:
        model = _Line()
        learn(
            Plan("see", 12, 0.02, warmup=2),
            model,
            lambda step: model.loss(step, crew.rank),
            folder=self.folder,
            crew=crew,
        )
        torch.save(model.state_dict(), self.folder / f"model-{crew.rank}.pt")


def test_processes_train_one_model_from_the_lessons_of_all(tmp_path: Path) -> None:
    muster(_Work(tmp_path), 2)
    one, other = (torch.load(tmp_path / f"model-{rank}.pt") for rank in range(2))
    alone = _learn(12, Plan("see", 12, 0.02, warmup=2), tmp_path / "alone").state_dict()
    for name, weight in one.items():
        torch.testing.assert_close(weight, other[name], rtol=0, atol=0)
        assert not torch.equal(weight, alone[name])
