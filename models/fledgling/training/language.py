"""The text model's pass as training computes it: chosen experts and asked-for tokens only."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import Llama4ForConditionalGeneration
from transformers.models.llama4.modeling_llama4 import (
    Llama4TextAttention,
    Llama4TextDecoderLayer,
    Llama4TextExperts,
    Llama4TextMLP,
    Llama4TextMoe,
    Llama4TextRMSNorm,
)

from models.fledgling.training.lean import NUMBERS, halves, of, rms_norm, rotated, rounded


@dataclass(frozen=True, slots=True)
class Told:
    """`logits` [asked, vocabulary] of the asked-for places; `uneven`: how unevenly the experts
    were used, 1 for evenly and their number for all on one (Switch Transformers, equation 4);
    `chosen`: the expert of each token in each layer that has experts, [layers, n x length]."""

    logits: Tensor
    uneven: Tensor
    chosen: Tensor


def tell(
    model: Llama4ForConditionalGeneration, tokens: Tensor, shown: Tensor | None, asked: Tensor
) -> Told:
    """One pass over prompts [n, length], filled up on the right.

    `shown` holds the projected picture tokens [any, width] in the order in which the prompts name
    them; `asked` [n, length] is true where the next token is wanted. The result is that of the
    stock classes but for rounding.
    """
    text = model.language_model.model
    hidden = F.embedding(tokens, text.embed_tokens.weight).to(NUMBERS)
    if shown is not None:
        places = (tokens == model.config.image_token_id)[..., None].expand_as(hidden)
        hidden = hidden.masked_scatter(places, shown.to(NUMBERS))
    length = tokens.shape[1]
    angles = _angles(text.rotary_emb.inv_freq, length)
    full, chunked = _masks(length, text.config.attention_chunk_size)
    uneven, chosen = [], []
    for layer, kind in zip(text.layers, text.config.layer_types, strict=True):
        mask = full if kind == "full_attention" else chunked
        hidden = hidden + _attention(layer, hidden, angles, mask)
        inner = _norm(layer.post_attention_layernorm, hidden)
        if isinstance(layer.feed_forward, Llama4TextMoe):
            made, used, expert = _routed(layer.feed_forward, inner.flatten(0, 1))
            uneven.append(used)
            chosen.append(expert)
            hidden = hidden + made.view_as(hidden)
        else:
            hidden = hidden + _mlp(layer.feed_forward, inner)
    wanted = _norm(text.norm, hidden[asked])
    count = len(wanted)
    wanted = F.pad(wanted, (0, 0, 0, rounded(count) - count))
    logits = (wanted @ of(model.language_model.lm_head.weight).T)[:count]
    return Told(logits, torch.stack(uneven).mean(), torch.stack(chosen))


def _angles(frequencies: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines [length, 1, head / 2]."""
    turns = torch.arange(length)[:, None, None] * frequencies.float()
    return turns.cos().to(NUMBERS), turns.sin().to(NUMBERS)


def _masks(length: int, chunk: int) -> tuple[Tensor, Tensor]:
    """What a place may see, as scores to add [length, length]: all before it; only its chunk."""
    places = torch.arange(length)
    after = places[None, :] > places[:, None]
    other = places[None, :] // chunk != places[:, None] // chunk
    none = torch.zeros(length, length, dtype=NUMBERS)
    lowest = torch.finfo(NUMBERS).min
    return none.masked_fill(after, lowest), none.masked_fill(after | other, lowest)


def _attention(
    layer: Llama4TextDecoderLayer, hidden: Tensor, angles: tuple[Tensor, Tensor], mask: Tensor
) -> Tensor:
    own: Llama4TextAttention = layer.self_attn
    inner = _norm(layer.input_layernorm, hidden)
    count, length, _ = inner.shape
    heads, kept = own.num_attention_heads, own.num_key_value_heads
    query, key = own.q_proj.weight, own.k_proj.weight
    if own.use_rope:
        query, key = query[halves(len(query), heads)], key[halves(len(key), kept)]
    joined = inner @ of(torch.cat([query, key, own.v_proj.weight])).T
    joined = joined.view(count, length, heads + 2 * kept, own.head_dim)
    turned, value = joined[:, :, : heads + kept], joined[:, :, heads + kept :]
    if own.use_rope:
        turned = rotated(turned, angles)
        if hasattr(own, "qk_norm"):
            turned = rms_norm(turned, turned.new_ones(own.head_dim), own.qk_norm.eps)
    asking = (turned[:, :, :heads] * own.scaling).transpose(1, 2)
    keys, value = turned[:, :, heads:].transpose(1, 2), value.transpose(1, 2)
    # Queries that share a key lie below each other, so that keys need not be repeated.
    asking = asking.reshape(count, kept, -1, own.head_dim)
    scores = (asking @ keys.transpose(2, 3)).view(count, heads, length, length) + mask
    told = scores.softmax(-1).view(count, kept, -1, length) @ value
    told = told.view(count, heads, length, -1).transpose(1, 2).reshape(count, length, -1)
    out: Tensor = told @ of(own.o_proj.weight).T
    return out


def _norm(norm: Llama4TextRMSNorm, hidden: Tensor) -> Tensor:
    return rms_norm(hidden, of(norm.weight), norm.eps)


def _mlp(mlp: Llama4TextMLP, hidden: Tensor) -> Tensor:
    gate, up = (hidden @ of(torch.cat([mlp.gate_proj.weight, mlp.up_proj.weight])).T).chunk(2, -1)
    return (F.silu(gate) * up) @ of(mlp.down_proj.weight).T


def _routed(layer: Llama4TextMoe, flat: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What shared and chosen experts make of tokens [n, width]; unevenness; the chosen [n]."""
    scores = (flat @ of(layer.router.weight).T).float()
    best, chosen = scores.max(-1)
    scaled = flat * best.sigmoid()[:, None].to(NUMBERS)
    share = chosen.bincount(minlength=layer.num_experts)
    order = chosen.argsort(stable=True)
    sort = _in_slots if torch.bfloat16 == NUMBERS else _one_by_one
    made = sort(layer.experts, scaled, chosen, order, share)
    used = share.float() / len(flat)
    uneven = layer.num_experts * (used * scores.softmax(-1).mean(0)).sum()
    return _mlp(layer.shared_expert, flat) + made, uneven, chosen


def _one_by_one(
    experts: Llama4TextExperts, given: Tensor, chosen: Tensor, order: Tensor, share: Tensor
) -> Tensor:
    """What each expert makes of its own tokens, as many as these are."""
    parts = torch.split(given[order], share.tolist())
    weights = zip(experts.gate_up_proj.unbind(), experts.down_proj.unbind(), strict=True)
    made = []
    for part, (inward, outward) in zip(parts, weights, strict=True):
        gate, up = (part @ of(inward)).chunk(2, -1)
        made.append((up * F.silu(gate)) @ of(outward))
    return torch.zeros_like(given).index_copy(0, order, torch.cat(made))


def _in_slots(
    experts: Llama4TextExperts, given: Tensor, chosen: Tensor, order: Tensor, share: Tensor
) -> Tensor:
    """The same with as many rows for every expert as the busiest has, rounded up.

    Kernels for 16 bits are made anew for every size that was not there before, which takes longer
    than some rows of zeros.
    """
    room = rounded(int(share.max()))
    places = torch.arange(len(given)) - (share.cumsum(0) - share)[chosen[order]]
    slots = torch.empty_like(order)
    slots[order] = chosen[order] * room + places
    rows = given.new_zeros(len(share) * room, given.shape[1]).index_copy(0, slots, given)
    gate, up = (rows.view(len(share), room, -1) @ of(experts.gate_up_proj)).chunk(2, -1)
    return ((up * F.silu(gate)) @ of(experts.down_proj)).flatten(0, 1)[slots]
