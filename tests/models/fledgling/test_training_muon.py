"""Steps of our Muon against those of the library."""

import pytest
import torch
from torch import nn

from models.fledgling.training import muon
from models.fledgling.training.muon import Muon, orthogonal


def test_steps_are_those_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muon, "NUMBERS", torch.bfloat16)
    torch.manual_seed(1)
    ours, theirs = nn.Linear(24, 40, bias=False), nn.Linear(24, 40, bias=False)
    theirs.load_state_dict(ours.state_dict())
    before = ours.weight.detach().clone()
    mine = Muon(ours.parameters(), lr=0.02, weight_decay=0.1)
    library = torch.optim.Muon(
        theirs.parameters(), lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"
    )
    for step in range(3):
        shown = torch.randn(16, 24, generator=torch.Generator().manual_seed(step))
        for model, optimiser in ((ours, mine), (theirs, library)):
            optimiser.zero_grad()
            model(shown).square().sum().backward()
            optimiser.step()
    moved = (ours.weight - before).norm()
    assert moved > 0.1
    assert (ours.weight - theirs.weight).norm() < 0.02 * moved


@pytest.mark.parametrize("shape", [(12, 30), (30, 12)])
def test_singular_values_come_near_one(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(2)) * 7
    values = torch.linalg.svdvals(orthogonal(matrix))
    assert 0.6 < values.min() <= values.max() < 1.3
