"""The text model's layers as passes compute them: chosen experts only, and in few calls.

The weights are the ones that transformers loaded, used where they lie. What meets the same numbers
lies side by side, so that it is one product: on a small model a call costs as much as its numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers.activations import SiLUActivation

from models.local.formats import Weight, in_bits


class Joined:
    """Linear layers of one input as one product. Their weights become parts of the joined one, so
    that nothing is kept twice. With `bits` they are kept and multiplied in so many."""

    def __init__(self, *parts: nn.Linear, bits: int | None = None) -> None:
        self.sizes = [part.out_features for part in parts]
        biases = [part.bias.detach() for part in parts if part.bias is not None]
        self.bias = torch.cat(biases) if biases else None
        weight = parts[0].weight.detach()
        if len(parts) > 1:
            weight = torch.cat([part.weight.detach() for part in parts])
        self.weight: Tensor | Weight = in_bits(weight, bits) if bits else weight
        for part, rows in zip(parts, weight.split_with_sizes(self.sizes), strict=True):
            part.weight = _kept(rows.new_empty(0) if bits else rows)

    def __call__(self, inner: Tensor) -> Tensor:
        """What all of them make of tokens [tokens, width], one after the other [tokens, sizes]."""
        if isinstance(self.weight, Tensor):
            return F.linear(inner, self.weight, self.bias)
        made = self.weight(inner)
        return made if self.bias is None else made + self.bias


class Product:
    """Products with one matrix [inputs, outputs], where it lies."""

    def __init__(self, weight: Tensor) -> None:
        self._weight = weight

    def __call__(self, given: Tensor) -> Tensor:
        """Of inputs [tokens, inputs] the outputs [tokens, outputs]."""
        return given @ self._weight


class Norm:
    """A stock norm, with or without weights: it scales in 32 bits and weighs in the model's own."""

    def __init__(self, stock: Any, width: int) -> None:
        self.weight: Tensor | None = getattr(stock, "weight", None)
        self.eps = float(stock.eps)
        device = None if self.weight is None else self.weight.device
        self._root = width**0.5
        self._least = torch.tensor((width * self.eps) ** 0.5, device=device)

    def __call__(self, hidden: Tensor) -> Tensor:
        """The numbers of the last dimension, a root mean square of about one."""
        length = torch.linalg.vector_norm(hidden, dim=-1, keepdim=True, dtype=torch.float32)
        scale = self._root / torch.hypot(length, self._least)
        normed: Tensor = (hidden * scale).to(hidden.dtype)
        return normed if self.weight is None else normed * self.weight


class Mlp:
    """A layer that all tokens meet."""

    def __init__(self, stock: Any, bits: int | None) -> None:
        self.into = Joined(stock.gate_proj, stock.up_proj, bits=bits)
        self.down = Joined(stock.down_proj, bits=bits)
        self.act = _quick(stock.activation_fn)

    def __call__(self, inner: Tensor) -> Tensor:
        """Of tokens [tokens, width], the same shape."""
        gate, up = self.into(inner).chunk(2, -1)
        return self.down(self.act(gate) * up)


class Experts:
    """A layer with a shared expert and those that the router chooses for each token."""

    def __init__(self, stock: Any, bits: int | None) -> None:
        self.top_k = int(stock.top_k)
        self.act = _quick(stock.experts.act_fn)
        self.stacked: tuple[Tensor, Tensor] = (
            stock.experts.gate_up_proj.detach(),
            stock.experts.down_proj.detach(),
        )
        """Weights of all experts [experts, inputs, outputs], empty where they are kept in bits."""
        self._gate_up, self._down = (_each(weights, bits) for weights in self.stacked)
        if bits:
            self.stacked = self.stacked[0].new_empty(0), self.stacked[1].new_empty(0)
        stock.experts.gate_up_proj, stock.experts.down_proj = map(_kept, self.stacked)
        self.shared = Mlp(stock.shared_expert, bits)
        self.router = Joined(stock.router)  # never in fewer bits: it decides, and is small

    def __call__(self, inner: Tensor) -> Tensor:
        """Of tokens [tokens, width], the same shape."""
        made = self.shared(inner)
        scores, chosen = self.router(inner).topk(self.top_k, dim=1)
        scores = scores.float().sigmoid().to(inner.dtype)
        if chosen.numel() == 1:
            return made + self._expert(int(chosen), inner * scores)
        by_expert = chosen.flatten()
        order = by_expert.argsort(stable=True)
        given = inner[order // self.top_k] * scores.flatten()[order, None]
        found, first = torch.empty_like(given), 0
        for expert, tokens in groupby(by_expert[order].tolist()):
            last = first + len(list(tokens))
            found[first:last] = self._expert(expert, given[first:last])
            first = last
        return made + found[order.argsort()].view(*chosen.shape, -1).sum(1)

    def _expert(self, number: int, given: Tensor) -> Tensor:
        gate, up = self._gate_up[number](given).chunk(2, -1)
        return self._down[number](up * self.act(gate))


class Attention:
    """What a layer asks and tells; the keys and values of all tokens lie elsewhere."""

    def __init__(self, stock: Any, bits: int | None) -> None:
        self.rotates = bool(stock.use_rope)
        self.scaling = float(stock.scaling)
        self.out = Joined(stock.o_proj, bits=bits)
        self.width = int(stock.head_dim)
        self.into = Joined(stock.q_proj, stock.k_proj, stock.v_proj, bits=bits)
        asking, keeping, _ = self.into.sizes
        self.heads = [asking // self.width, keeping // self.width]
        self._kinds = [sum(self.heads), self.heads[1]]
        self.norm = Norm(stock.qk_norm, self.width) if hasattr(stock, "qk_norm") else None
        self.temperature: tuple[float, float] | None = None
        """For tokens far apart, in layers without rotation: floor and scale."""
        if stock.attn_temperature_tuning and not self.rotates:
            self.temperature = stock.floor_scale, stock.attn_scale

    def __call__(self, inner: Tensor, turns: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values [tokens, heads, width] of tokens [tokens, width].

        `turns` are the tokens' places as complex numbers [tokens, 1, width / 2], for layers that
        rotate, else what queries are multiplied by [tokens, 1, 1].
        """
        made = self.into(inner).view(len(inner), -1, self.width)
        both, value = made.split_with_sizes(self._kinds, 1)
        if self.rotates:
            both = turned(both, turns)
            if self.norm is not None:
                both = self.norm(both)
        query, key = both.split_with_sizes(self.heads, 1)
        if self.temperature is not None:
            query = query * turns.to(query.dtype)
        return query, key, value


class Layer:
    """One of the model's: attention, then a layer that all tokens meet or experts."""

    def __init__(self, stock: Any, width: int, bits: int | None = None) -> None:
        self.before_attention = Norm(stock.input_layernorm, width)
        self.attention = Attention(stock.self_attn, bits)
        self.before_made = Norm(stock.post_attention_layernorm, width)
        kind = Experts if stock.is_moe_layer else Mlp
        self.made: Experts | Mlp = kind(stock.feed_forward, bits)


def turned(heads: Tensor, turns: Tensor) -> Tensor:
    """Neighbouring numbers of each head [tokens, heads, width], turned as complex ones."""
    pairs = heads.float().view(*heads.shape[:-1], -1, 2)
    return torch.view_as_real(torch.view_as_complex(pairs) * turns).flatten(-2).to(heads.dtype)


def _each(weights: Tensor, bits: int | None) -> list[Callable[[Tensor], Tensor]]:
    """The products with each of stacked matrices [experts, inputs, outputs]."""
    if bits:
        return [in_bits(weight.t().contiguous(), bits) for weight in weights]
    return [Product(weight) for weight in weights]


def _kept(weight: Tensor) -> nn.Parameter:
    """What the stock layer keeps."""
    return nn.Parameter(weight, requires_grad=False)


def _quick(act: Any) -> Callable[[Tensor], Tensor]:
    """The same function, without the module around the one that all released models have."""
    return F.silu if isinstance(act, nn.SiLU | SiLUActivation) else act
