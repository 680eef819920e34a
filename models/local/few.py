"""A pass of few tokens on a CPU in 32 bits: one each of some sequences, as most steps are, or with
a small part of a prompt."""

from __future__ import annotations

from collections.abc import Sequence as Many
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.local import kernels
from models.local.layers import Experts, Joined, Layer, Mlp
from models.local.slabs import Slab

if TYPE_CHECKING:
    from models.local.passes import Layout

MOST = 32  # tokens; more are faster as products of large matrices
_NO_TURNS, _NO_TEMPERATURES = np.empty((0, 0), np.float32), np.empty(0, np.float32)


class FewTokens:
    """The layers as `kernels.py` computes them, on the same weights."""

    def __init__(self, layers: Many[Layer]) -> None:
        self._layers = [_Quick(layer) for layer in layers]

    @staticmethod
    def fits(layers: Many[Layer]) -> bool:
        """Whether these layers are what the kernels know."""
        return all(_is_known(layer) for layer in layers)

    def run(self, vectors: Tensor, layout: Layout) -> Tensor:
        """What the layers make of the tokens [tokens, width]."""
        hidden = vectors.clone().numpy()
        for number, layer in enumerate(self._layers):
            layer.attend(hidden, layout, number)
            layer.make(hidden)
        return torch.from_numpy(hidden)


class _Quick:
    """One layer's numbers, as the kernels take them."""

    def __init__(self, layer: Layer) -> None:
        attention, made = layer.attention, layer.made
        self._attention = attention
        self._asking, self._keeping = attention.heads
        self._norm = _numbers(layer.before_attention.weight), layer.before_attention.eps
        self._next_norm = _numbers(layer.before_made.weight), layer.before_made.eps
        self._into, self._out = _numbers(attention.into.weight), _numbers(attention.out.weight)
        self._norm_eps = attention.norm.eps if attention.norm is not None else -1.0
        self._made = made
        mlp = made if isinstance(made, Mlp) else made.shared
        self._mlp = _numbers(mlp.into.weight), _numbers(mlp.down.weight)
        if isinstance(made, Experts):
            self._router = _numbers(made.router.weight)
            self._experts = tuple(_numbers(each) for each in made.stacked)

    def attend(self, hidden: kernels.Floats, layout: Layout, number: int) -> None:
        """Attention of the layer of this number, added to hidden [tokens, width]."""
        own = self._attention
        turns, temperatures = _NO_TURNS, _NO_TEMPERATURES
        if own.rotates:
            turns = torch.view_as_real(layout.turns()).view(len(hidden), -1).numpy()
        if own.temperature is not None:
            temperatures = layout.temperatures(*own.temperature).flatten().numpy()
        made = np.empty((len(hidden), self._asking + 2 * self._keeping, own.width), np.float32)
        kernels.ask(
            hidden,
            *self._norm,
            self._into,
            self._asking,
            self._keeping,
            turns,
            self._norm_eps,
            temperatures,
            made,
        )
        found = np.empty((len(hidden), self._asking * own.width), np.float32)
        place, groups = layout.one_by_one(number)
        for group in groups:
            kernels.attend(
                made,
                self._asking,
                group.rows.numpy(),
                group.slots.numpy(),
                group.lengths.numpy(),
                _part(group.slab, place, keys=True),
                _part(group.slab, place, keys=False),
                own.scaling,
                found,
            )
        kernels.tell(found, self._out, hidden)

    def make(self, hidden: kernels.Floats) -> None:
        """What follows attention, added to hidden [tokens, width]."""
        if isinstance(self._made, Mlp):
            kernels.mlp(hidden, *self._next_norm, *self._mlp)
        else:
            kernels.experts(
                hidden,
                *self._next_norm,
                self._router,
                self._made.top_k,
                *self._mlp,
                *self._experts,
            )


def _part(slab: Slab, place: int, *, keys: bool) -> kernels.Floats:
    part: kernels.Floats = (slab.keys if keys else slab.values)[place].numpy()
    return part


def _numbers(weight: object) -> kernels.Floats:
    assert isinstance(weight, Tensor)
    numbers: kernels.Floats = weight.detach().numpy()
    return numbers


def _is_known(layer: Layer) -> bool:
    attention, made = layer.attention, layer.made
    mlp = made if isinstance(made, Mlp) else made.shared
    joined = [attention.into, attention.out, mlp.into, mlp.down]
    acts = [mlp.act]
    stacked: tuple[Tensor, ...] = ()
    if isinstance(made, Experts):
        joined.append(made.router)
        acts.append(made.act)
        stacked = made.stacked
    return (
        all(_is_plain(each) for each in joined)
        and all(act is F.silu for act in acts)
        and all(each.numel() and each.shape[1] % 4 == 0 for each in stacked)
    )


def _is_plain(joined: Joined) -> bool:
    weight = joined.weight
    return (
        isinstance(weight, Tensor)
        and weight.is_cpu
        and weight.dtype is torch.float32
        and weight.is_contiguous()
        and joined.bias is None
    )
