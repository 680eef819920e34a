"""The text model's forward pass over many sequences at once: chosen experts only.

The weights are the ones that transformers loaded, used where they lie. Stock code computes all
experts for all tokens, and one batch has one length; here every sequence brings as many tokens as
it has, and each token meets the experts that its router chose. The numbers are those of the stock
classes but for the order of additions.
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from models.local.slabs import Shape, Slab, Slabs, Stretch

CHUNKED = "chunked_attention"


@dataclass(eq=False, slots=True)
class Sequence:
    """Keys and values of one sequence, `length` tokens long: all of them in the layers that see
    everything, those of the current chunk in the others."""

    full: Stretch
    chunked: Stretch
    length: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """So many tokens that a sequence grows by in a pass: one, or a part of a prompt."""

    sequence: Sequence
    tokens: int


class TextPasses:
    """Runs passes of one loaded model and keeps its sequences."""

    def __init__(self, model: Any) -> None:
        self._text = model.language_model.model
        self._head = model.language_model.lm_head
        self.config = config = self._text.config
        self.chunk: int | None = config.attention_chunk_size
        self._chunked = [kind == CHUNKED for kind in config.layer_types]
        weight = self._head.weight
        width = getattr(config, "head_dim", None)
        heads = config.num_key_value_heads
        width = width or config.hidden_size // config.num_attention_heads

        def shape(layers: int) -> Shape:
            return Shape(layers, heads, width, weight.dtype, weight.device)

        self.full = Slabs(shape(self._chunked.count(False)))
        self.chunks = Slabs(shape(self._chunked.count(True)), self.chunk)
        self._places = _places(self._chunked)

    @property
    def bytes(self) -> int:
        """The memory of all keys and values."""
        return self.full.bytes + self.chunks.bytes

    def bytes_for(self, tokens: int) -> int:
        """The memory that a sequence of so many tokens takes, with the room that it grows into."""
        chunk = min(tokens, self.chunk or tokens)
        full, chunked = self.full, self.chunks
        return (
            full.room_for(tokens) * full.shape.bytes_per_token
            + chunked.room_for(chunk) * chunked.shape.bytes_per_token
        )

    def open(self) -> Sequence:
        """An empty sequence."""
        return Sequence(self.full.open(1), self.chunks.open(1))

    def close(self, sequence: Sequence) -> None:
        """Give its memory back."""
        self.full.close(sequence.full)
        self.chunks.close(sequence.chunked)

    def left_in_chunk(self, sequence: Sequence) -> int:
        """The most tokens that one piece may have: none crosses the end of a chunk."""
        if self.chunk is None:
            return 1 << 60
        return self.chunk - sequence.length % self.chunk

    @torch.inference_mode()
    def run(self, vectors: Tensor, pieces: Many[Piece]) -> Tensor:
        """The logits [pieces, vocabulary] after the last token of each piece.

        `vectors` [tokens, width] holds the pieces' tokens, one piece after the other; each
        sequence may come once. Sequences are longer by their pieces afterwards.
        """
        batch = _Batch(self, pieces, vectors.device)
        hidden = vectors
        for number, layer in enumerate(self._text.layers):
            inner = _norm(layer.input_layernorm, hidden)
            hidden = hidden + self._attention(number, layer.self_attn, inner, batch)
            inner = _norm(layer.post_attention_layernorm, hidden)
            made = layer.feed_forward
            hidden = hidden + (experts(made, inner) if layer.is_moe_layer else made(inner))
        for piece in pieces:
            piece.sequence.length += piece.tokens
        logits: Tensor = self._head(_norm(self._text.norm, hidden[batch.last]))
        return logits

    def _attention(self, number: int, own: Any, inner: Tensor, batch: _Batch) -> Tensor:
        count = len(inner)
        query = own.q_proj(inner).view(count, -1, own.head_dim)
        key = own.k_proj(inner).view(count, -1, own.head_dim)
        value = own.v_proj(inner).view(count, -1, own.head_dim)
        if own.use_rope:
            angles = batch.angles(self._text.rotary_emb)
            query, key = _turned(query, angles), _turned(key, angles)
            if hasattr(own, "qk_norm"):
                query, key = own.qk_norm(query), own.qk_norm(key)
        elif own.attn_temperature_tuning:
            query = query * batch.temperatures(own.floor_scale, own.attn_scale).to(query.dtype)
        chunked = self._chunked[number]
        seen = batch.attend(chunked, self._places[number], query, key, value, own.scaling)
        out: Tensor = own.o_proj(seen)
        return out


class _Batch:
    """Where the tokens of a pass lie, worked out once for all layers.

    Single tokens come before parts of prompts or after them, as the pieces have it; single ones
    whose stretches lie in one slab are attended to together.
    """

    def __init__(self, passes: TextPasses, pieces: Many[Piece], device: torch.device) -> None:
        starts, positions = [], []
        total = 0
        for piece in pieces:
            starts.append(total)
            positions.append(torch.arange(piece.tokens) + piece.sequence.length)
            total += piece.tokens
        self._positions = torch.cat(positions).to(device)
        self.last = torch.tensor(
            [start + piece.tokens - 1 for start, piece in zip(starts, pieces, strict=True)],
            device=device,
        )
        self._kinds = tuple(
            _Kind(passes, chunked, pieces, starts, device) for chunked in (False, True)
        )
        self._angles: tuple[Tensor, Tensor] | None = None
        self._temperatures: Tensor | None = None

    def angles(self, rotary: Any) -> tuple[Tensor, Tensor]:
        """Cosines and sines [tokens, 1, width / 2] of the tokens' places."""
        if self._angles is None:
            turns = self._positions[:, None, None].float() * rotary.inv_freq.float()
            scale = rotary.attention_scaling
            self._angles = turns.cos() * scale, turns.sin() * scale
        return self._angles

    def temperatures(self, floor: float, scale: float) -> Tensor:
        """What queries are multiplied by in layers without rotation [tokens, 1, 1]
        (Nakanishi, arXiv 2501.19399)."""
        if self._temperatures is None:
            steps = ((self._positions.float() + 1) / floor).floor()
            self._temperatures = (steps.log1p() * scale + 1)[:, None, None]
        return self._temperatures

    def attend(
        self,
        chunked: bool,
        place: int,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        scale: float,
    ) -> Tensor:
        """Store keys and values, and what the queries find [tokens, heads x width]."""
        return self._kinds[chunked].attend(place, query, key, value, scale)


class _Kind:
    """The same for one kind of layer, whose stretches grow here."""

    def __init__(
        self,
        passes: TextPasses,
        chunked: bool,
        pieces: Many[Piece],
        starts: list[int],
        device: torch.device,
    ) -> None:
        slabs = passes.chunks if chunked else passes.full
        singles: dict[Slab, list[tuple[int, Stretch]]] = {}
        self._parts: list[_Part] = []
        if not slabs.shape.layers:
            return
        grown = []
        for start, piece in zip(starts, pieces, strict=True):
            sequence = piece.sequence
            stretch = sequence.chunked if chunked else sequence.full
            if chunked and passes.chunk and sequence.length % passes.chunk == 0:
                stretch.length = 0  # a new chunk sees nothing of the one before
            stretch = slabs.grow(stretch, stretch.length + piece.tokens)
            if chunked:
                sequence.chunked = stretch
            else:
                sequence.full = stretch
            grown.append((start, piece.tokens, stretch))
        for start, tokens, stretch in grown:  # only now do all lie where they stay
            stretch.length += tokens
            if tokens == 1:
                singles.setdefault(stretch.slab, []).append((start, stretch))
            else:
                self._parts.append(_Part(start, tokens, stretch, device))
        self._singles = [_Singles(slab, held, device) for slab, held in singles.items()]

    def attend(self, place: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        found = torch.empty_like(query)
        groups: list[_Singles | _Part] = [*self._singles, *self._parts]
        for group in groups:
            group.attend(place, query, key, value, scale, found)
        return found.flatten(1)


class _Singles:
    """One more token of each of several sequences in a slab."""

    def __init__(self, slab: Slab, held: list[tuple[int, Stretch]], device: torch.device) -> None:
        self._slab = slab
        rows = [start for start, _ in held]
        slots = [stretch.slot for _, stretch in held]
        lengths = torch.tensor([stretch.length for _, stretch in held])
        self._longest = int(lengths.max())
        self._slots = len(slab.held)
        self._rows = torch.tensor(rows, device=device)
        self._at = torch.tensor(slots, device=device)
        self._ends = (lengths - 1).to(device)
        # Slots of sequences that bring nothing now are computed and left: they see one token.
        reach = torch.ones(self._slots, dtype=torch.long)
        reach[slots] = lengths
        beyond = torch.arange(self._longest)[None, :] >= reach[:, None]
        self._mask = None
        if bool(beyond.any()):
            dtype = slab.keys[0].dtype
            mask = torch.zeros(beyond.shape, dtype=dtype).masked_fill_(beyond, float("-inf"))
            self._mask = mask[:, None, None].to(device)

    def attend(
        self, place: int, query: Tensor, key: Tensor, value: Tensor, scale: float, found: Tensor
    ) -> None:
        keys, values = self._slab.keys[place], self._slab.values[place]
        keys[self._at, :, self._ends] = key[self._rows]
        values[self._at, :, self._ends] = value[self._rows]
        heads, width = keys.shape[1], keys.shape[3]
        asking = query.new_zeros(self._slots, heads, query.shape[1] // heads, width)
        asking[self._at] = query[self._rows].view(len(self._rows), heads, -1, width)
        seen = F.scaled_dot_product_attention(
            asking,
            keys[: self._slots, :, : self._longest],
            values[: self._slots, :, : self._longest],
            attn_mask=self._mask,
            scale=scale,
        )
        found[self._rows] = seen[self._at].flatten(1, 2)


class _Part:
    """Some tokens of one sequence's prompt, within one chunk."""

    def __init__(self, start: int, tokens: int, stretch: Stretch, device: torch.device) -> None:
        self._rows = slice(start, start + tokens)
        self._stretch = stretch
        self._new = slice(stretch.length - tokens, stretch.length)
        self._mask = None
        if stretch.length > tokens:
            own = torch.arange(tokens, device=device) + stretch.length - tokens
            self._mask = torch.arange(stretch.length, device=device) <= own[:, None]

    def attend(
        self, place: int, query: Tensor, key: Tensor, value: Tensor, scale: float, found: Tensor
    ) -> None:
        keys, values = self._stretch.keys(place), self._stretch.values(place)
        keys[:, self._new] = key[self._rows].transpose(0, 1)
        values[:, self._new] = value[self._rows].transpose(0, 1)
        heads, length, width = keys.shape
        asking = query[self._rows].transpose(0, 1)
        shared = (heads, len(asking) // heads, length, width)  # queries of a group share a key
        seen = F.scaled_dot_product_attention(
            asking.view(heads, -1, *asking.shape[1:]),
            keys[:, None].expand(shared),
            values[:, None].expand(shared),
            attn_mask=self._mask,
            is_causal=self._mask is None,
            scale=scale,
        )
        found[self._rows] = seen.flatten(0, 1).transpose(0, 1)


def experts(layer: Any, inner: Tensor) -> Tensor:
    """What the shared expert and the chosen ones make of tokens [tokens, width]."""
    made: Tensor = layer.shared_expert(inner)
    scores, chosen = F.linear(inner, layer.router.weight).topk(layer.top_k, dim=1)
    scores = scores.float().sigmoid().to(inner.dtype)
    stock = layer.experts
    order = chosen.flatten().argsort(stable=True)
    tokens = order.div(layer.top_k, rounding_mode="floor")
    given = inner[tokens] * scores.flatten()[order, None]
    parts, first = [], 0
    busy = chosen.flatten().bincount(minlength=layer.num_experts).tolist()
    for expert, count in enumerate(busy):
        if count:
            mine = given[first : first + count]
            gate, up = (mine @ stock.gate_up_proj[expert]).chunk(2, dim=-1)
            parts.append((up * stock.act_fn(gate)) @ stock.down_proj[expert])
            first += count
    return made.index_add_(0, tokens, torch.cat(parts))


def _turned(heads: Tensor, angles: tuple[Tensor, Tensor]) -> Tensor:
    """Neighbouring numbers of each head [tokens, heads, width], turned by the angles."""
    cosine, sine = angles
    pairs = heads.float().view(*heads.shape[:-1], -1, 2)
    left, right = pairs.unbind(-1)
    turned = torch.stack([left * cosine - right * sine, left * sine + right * cosine], -1)
    return turned.flatten(-2).to(heads.dtype)


def _norm(norm: Any, hidden: Tensor) -> Tensor:
    """The stock norm, which scales in 32 bits and weighs in the model's own."""
    normed: Tensor = norm(hidden)
    return normed


def _places(chunked: list[bool]) -> list[int]:
    """The number of each layer among those of its kind."""
    seen = {False: 0, True: 0}
    places = []
    for kind in chunked:
        places.append(seen[kind])
        seen[kind] += 1
    return places
