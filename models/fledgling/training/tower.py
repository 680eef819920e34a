"""The vision tower's pass as training computes it: the stock result, in fewer and smaller steps."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers.models.llama4.modeling_llama4 import (
    Llama4MultiModalProjector,
    Llama4VisionEncoderLayer,
    Llama4VisionModel,
)

from models.fledgling.architecture import PATCH_SIZE
from models.fledgling.training.lean import NUMBERS, halves, of, rotated


def see(tower: Llama4VisionModel, pixels: Tensor) -> Tensor:
    """Pixels uint8 [n, 3, side, side] to picture tokens before the projector [n, tokens, width].

    `side` may be smaller than the checkpoint's: places are then taken from the middle of larger
    ones, and angles are those of a grid of that size. The result of the full size is that of the
    stock classes but for rounding: q, k and v in one product, rotations by halves, no 32-bit
    detours.
    """
    patches = _patches(pixels)
    count, cells, _ = patches.shape
    hidden = patches @ of(tower.patch_embedding.linear.weight / 127.5).T
    hidden = torch.cat([hidden, of(tower.class_embedding).expand(count, 1, -1)], 1)
    hidden = hidden + of(_places(tower.positional_embedding_vlm, cells))
    hidden = _norm(tower.layernorm_pre, hidden)
    angles = _angles(tower, math.isqrt(cells))
    for layer in tower.model.layers:
        hidden = _layer(layer, hidden, angles)
    hidden = _norm(tower.layernorm_post, hidden)[:, :-1]
    adapter = tower.vision_adapter.mlp
    told = F.gelu(_shuffled(hidden) @ of(adapter.fc1.weight).T)
    return F.gelu(told @ of(adapter.fc2.weight).T)


def project(projector: Llama4MultiModalProjector, seen: Tensor) -> Tensor:
    """Picture tokens as the text model takes them [n, tokens, text width]."""
    return seen @ of(projector.linear_1.weight).T


def _patches(pixels: Tensor) -> Tensor:
    """[n, 3, side, side] as [n, cells, 3 x patch x patch], -127.5 to 127.5: 16 bits hold those."""
    count, channels, side, _ = pixels.shape
    cells = side // PATCH_SIZE
    grid = pixels.view(count, channels, cells, PATCH_SIZE, cells, PATCH_SIZE)
    return grid.permute(0, 2, 4, 1, 3, 5).reshape(count, cells * cells, -1).to(NUMBERS) - 127.5


def _places(places: Tensor, cells: int) -> Tensor:
    """The learnt places [cells + 1, width], averaged down where the grid is coarser."""
    if len(places) - 1 == cells:
        return places
    whole, part = math.isqrt(len(places) - 1), math.isqrt(cells)
    grid = places[:-1].T.view(1, -1, whole, whole)
    coarse = F.adaptive_avg_pool2d(grid, part)[0].flatten(1).T
    return torch.cat([coarse, places[-1:]])


def _angles(tower: Llama4VisionModel, part: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines [tokens, 1, head / 2] of a grid of `part` x `part` cells."""
    turns = tower.rotary_embedding.freqs_ci[:, 0]
    whole = math.isqrt(len(turns) - 1)
    grid = turns[:-1].view(whole, whole, -1)
    step = whole // part
    # A coarse cell stands where the middle one of the cells it covers stands.
    coarse = grid[step // 2 :: step, step // 2 :: step].reshape(part * part, -1)
    chosen = torch.cat([coarse, turns[-1:]])[:, None]
    return of(chosen.real), of(chosen.imag)


def _layer(
    layer: Llama4VisionEncoderLayer, hidden: Tensor, angles: tuple[Tensor, Tensor]
) -> Tensor:
    hidden = hidden + _attention(layer, _norm(layer.input_layernorm, hidden), angles)
    mlp = layer.mlp
    inner = _norm(layer.post_attention_layernorm, hidden)
    inner = F.gelu(F.linear(inner, of(mlp.fc1.weight), of(mlp.fc1.bias)))
    return hidden + F.linear(inner, of(mlp.fc2.weight), of(mlp.fc2.bias))


def _attention(
    layer: Llama4VisionEncoderLayer, hidden: Tensor, angles: tuple[Tensor, Tensor]
) -> Tensor:
    own = layer.self_attn
    count, tokens, width = hidden.shape
    heads = own.num_heads
    order = halves(width, heads)
    scale = own.scaling
    weight = torch.cat(
        [own.q_proj.weight[order] * scale, own.k_proj.weight[order], own.v_proj.weight]
    )
    bias = torch.cat([own.q_proj.bias[order] * scale, own.k_proj.bias[order], own.v_proj.bias])
    joined = F.linear(hidden, of(weight), of(bias)).view(count, tokens, 3 * heads, -1)
    turned = rotated(joined[:, :, : 2 * heads], angles)
    query, key = turned[:, :, :heads].transpose(1, 2), turned[:, :, heads:].transpose(1, 2)
    value = joined[:, :, 2 * heads :].transpose(1, 2)
    scores = query @ key.transpose(2, 3)
    told = (scores.softmax(-1) @ value).transpose(1, 2).reshape(count, tokens, width)
    return F.linear(told, of(own.o_proj.weight), of(own.o_proj.bias))


def _norm(norm: nn.LayerNorm, hidden: Tensor) -> Tensor:
    return F.layer_norm(hidden, norm.normalized_shape, of(norm.weight), of(norm.bias), norm.eps)


def _shuffled(hidden: Tensor) -> Tensor:
    """Two by two patches made one token, in the stock order: [n, cells, w] to [n, cells/4, 4w]."""
    count, cells, width = hidden.shape
    side = math.isqrt(cells)
    grid = hidden.view(count, side // 2, 2, side // 2, 2, width)
    return grid.permute(0, 1, 3, 2, 4, 5).reshape(count, cells // 4, 4 * width)
