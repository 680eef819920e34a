"""Muon for the matrices between layers, computed in what this machine computes fast."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from models.fledgling.training.lean import NUMBERS

_MOMENTUM = 0.95
_TURNS = 5  # of Newton and Schulz
_A, _B, _C = 3.4445, -4.7750, 2.0315  # their quintic (Jordan and others, Muon, 2024)
_ADAM_LIKE = 0.2  # steps are as large as AdamW's (Liu and others, arXiv 2502.16982, section 2.2)


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal, with Nesterov's look ahead and decoupled weight decay.

    torch has one as well, with the same results but for rounding; it multiplies in 16 bits always,
    which took a fifth of each step where the processor has no such numbers.
    """

    def __init__(self, matrices: Iterable[nn.Parameter], *, lr: float, weight_decay: float) -> None:
        super().__init__(list(matrices), {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move every matrix that has a gradient."""
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is not None:
                    self._move(matrix, matrix.grad, group["lr"], group["weight_decay"])

    def _move(self, matrix: nn.Parameter, grad: Tensor, rate: float, decay: float) -> None:
        state = self.state[matrix]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(grad)
        momentum = state["momentum_buffer"].lerp_(grad, 1 - _MOMENTUM)
        step = orthogonal(grad.lerp(momentum, _MOMENTUM))
        matrix.mul_(1 - rate * decay)
        matrix.add_(step, alpha=-rate * _ADAM_LIKE * max(matrix.shape) ** 0.5)


def orthogonal(matrix: Tensor) -> Tensor:
    """The matrix [a, b] with all singular values brought near one (0.7 to 1.2)."""
    turned = matrix.shape[0] > matrix.shape[1]
    made = (matrix.T if turned else matrix).to(NUMBERS)
    made = made / made.norm().clamp(min=1e-7)
    for _ in range(_TURNS):
        gram = made @ made.T
        made = torch.addmm(made, torch.addmm(gram, gram, gram, beta=_B, alpha=_C), made, beta=_A)
    return (made.T if turned else made).to(matrix.dtype)
