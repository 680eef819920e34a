"""Pieces of both lean passes: what is computed in 16 bits, rotations by halves, a short norm."""

from typing import Any

import torch
from torch import Tensor

# Only some processors multiply 16 bits themselves; the others do it five times slower than 32.
_SIXTEEN = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
NUMBERS = torch.bfloat16 if _SIXTEEN else torch.float32  # what a pass computes in; weights: 32 bits


def of(weight: Tensor) -> Tensor:
    """A weight as the pass takes it."""
    return weight.to(NUMBERS)


def rounded(count: int, step: int = 128) -> int:
    """The next multiple of `step`, at least one: few sizes need few kernels."""
    return max(1, -(-count // step)) * step


def halves(rows: int, heads: int) -> Tensor:
    """The rows of a projection with the first of every pair before all second ones, head by head.

    Stock rotations turn neighbours against each other, which is slow to read. With the rows of
    both q and k in this order halves are turned instead; scores are sums over them all and do not
    notice.
    """
    pairs = torch.arange(rows).view(heads, -1, 2)
    return pairs.transpose(1, 2).reshape(-1)


def rotated(pairs: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
    """[n, tokens, heads, head], halves turned by cosines and sines [tokens, 1, head / 2]."""
    cosine, sine = angles
    left, right = pairs.chunk(2, -1)
    return torch.cat([left * cosine - right * sine, left * sine + right * cosine], -1)


def rms_norm(hidden: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Root mean square norm over the last dimension."""
    made: Tensor = _RmsNorm.apply(hidden, weight, eps)
    return made


class _RmsNorm(torch.autograd.Function):
    """With a backward pass in few steps: the stock one is a chain of a dozen on a CPU."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, eps: float) -> Tensor:
        length = torch.linalg.vector_norm(hidden, dim=-1, keepdim=True, dtype=torch.float32)
        scale = (length.square() / hidden.shape[-1] + eps).rsqrt()
        ready = hidden * scale.to(hidden.dtype)
        ctx.save_for_backward(ready, weight, scale)
        made: Tensor = ready * weight
        return made

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor | None, None]:
        ready, weight, scale = ctx.saved_tensors
        grad = grads[0]
        along = grad * ready
        for_weight = None
        if ctx.needs_input_grad[1]:
            for_weight = along.flatten(0, -2).sum(0, dtype=torch.float32).to(weight.dtype)
        toward = (along @ weight)[..., None] / ready.shape[-1]
        inward = (grad * weight - ready * toward) * scale.to(grad.dtype)
        return inward, for_weight, None
