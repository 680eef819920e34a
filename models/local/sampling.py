"""From logits to a token."""

from __future__ import annotations

import torch

from models.engine import SamplingParams
from models.errors import StepFailed


class Sampler:
    """Draws one token after the other for one answer."""

    def __init__(self, params: SamplingParams) -> None:
        self._temperature = params.temperature
        self._top_p = params.top_p
        self._chance = torch.Generator()
        if params.seed is None:
            self._chance.seed()
        else:
            self._chance.manual_seed(params.seed)

    def draw(self, logits: torch.Tensor) -> int:
        """The next token from logits of shape (vocabulary,). Raises StepFailed on NaN."""
        logits = logits.float().cpu()
        if not torch.isfinite(logits).all():
            raise StepFailed("the model's numbers are not finite")
        if self._temperature == 0:
            return int(logits.argmax())
        probabilities = torch.softmax(logits / self._temperature, dim=-1)
        if self._top_p < 1:
            probabilities = nucleus(probabilities, self._top_p)
        return int(torch.multinomial(probabilities, 1, generator=self._chance))


def nucleus(probabilities: torch.Tensor, top_p: float) -> torch.Tensor:
    """Keep the fewest likeliest tokens whose probabilities reach `top_p` (Holtzman et al. 2019)."""
    ordered, order = probabilities.sort(descending=True)
    before = ordered.cumsum(dim=-1) - ordered
    ordered[before >= top_p] = 0
    return torch.zeros_like(probabilities).scatter_(0, order, ordered)
