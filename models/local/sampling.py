"""From logits to a token."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from models.engine import SamplingParams


class Sampler:
    """Draws one token after the other for one answer."""

    def __init__(self, params: SamplingParams) -> None:
        self.greedy = params.temperature == 0
        self._temperature = params.temperature
        self._top_p = params.top_p
        self._chance = torch.Generator()
        if params.seed is None:
            self._chance.seed()
        else:
            self._chance.manual_seed(params.seed)

    def draw(self, logits: Tensor) -> int:
        """The next token from finite logits [vocabulary], by chance."""
        probabilities = torch.softmax(logits / self._temperature, dim=-1)
        if self._top_p < 1:
            probabilities = nucleus(probabilities, self._top_p)
        return int(torch.multinomial(probabilities, 1, generator=self._chance))


def draw(samplers: Sequence[Sampler], logits: Tensor) -> list[int | None]:
    """The next token of each from logits [samplers, vocabulary]; None where they are no numbers."""
    logits = logits.float().cpu()
    highest, likeliest = logits.max(dim=1)
    return [
        (token if sampler.greedy else sampler.draw(row)) if math.isfinite(most) else None
        for sampler, row, most, token in zip(
            samplers, logits, highest.tolist(), likeliest.tolist(), strict=True
        )
    ]


def nucleus(probabilities: Tensor, top_p: float) -> Tensor:
    """Keep the fewest likeliest tokens whose probabilities reach `top_p` (Holtzman et al. 2019)."""
    ordered, order = probabilities.sort(descending=True)
    before = ordered.cumsum(dim=-1) - ordered
    ordered[before >= top_p] = 0
    return torch.zeros_like(probabilities).scatter_(0, order, ordered)
