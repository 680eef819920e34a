"""The text model's forward pass over many sequences at once.

In stock code one batch has one length; here every sequence brings as many tokens as it has. The
numbers are those of the stock classes but for the order of additions.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Many
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from models.local.few import MOST, FewTokens
from models.local.layers import Attention, Joined, Layer, Norm
from models.local.slabs import Shape, Slab, Slabs, Stretch

CHUNKED = "chunked_attention"
Token = tuple[int, int, int]  # its number in a pass, its slot, and the length up to it


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

    def __init__(self, model: Any, *, bits: int | None = None, device: str = "") -> None:
        """With `bits` (8 or 4) the layers' weights are turned into so many first; the stock model
        has none of them afterwards. `device` is where the model goes meanwhile, a layer at a time:
        a GPU that holds it in few bits need not hold it in more."""
        self._text = model.language_model.model
        self._layers = []
        for layer in self._text.layers:
            stock = layer.to(device) if device else layer
            self._layers.append(Layer(stock, self._text.config.hidden_size, bits))
        if device:
            model.to(device)
        config = self._text.config
        self.chunk: int | None = config.attention_chunk_size
        self.chunked = [kind == CHUNKED for kind in config.layer_types]
        weight = self._text.embed_tokens.weight
        width = getattr(config, "head_dim", None)
        heads = config.num_key_value_heads
        width = width or config.hidden_size // config.num_attention_heads

        def shape(layers: int) -> Shape:
            return Shape(layers, heads, width, weight.dtype, weight.device)

        self.full = Slabs(shape(self.chunked.count(False)))
        self.chunks = Slabs(shape(self.chunked.count(True)), self.chunk)
        self.places = _places(self.chunked)
        self._few = FewTokens(self._layers) if FewTokens.fits(self._layers) else None
        # The head decides between words that are near to each other: eight bits are its least.
        self._head = Joined(model.language_model.lm_head, bits=8 if bits else None)
        self.rotary = self._text.rotary_emb
        self._norm = Norm(self._text.norm, config.hidden_size)

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
        singles = [number for number, piece in enumerate(pieces) if piece.tokens == 1]
        if self._few is not None and len(vectors) <= MOST:
            last = self._run(vectors, pieces, self._few.run)
        elif self._few is None or not 0 < len(singles) <= MOST:
            last = self._run(vectors, pieces, self._through)
        else:
            # Parts of prompts by themselves: what they share with the others is hardly an expert.
            several = [number for number, piece in enumerate(pieces) if piece.tokens > 1]
            each = vectors.split_with_sizes([piece.tokens for piece in pieces])
            last = vectors.new_empty(len(pieces), vectors.shape[1])
            for numbers, way in ((singles, self._few.run), (several, self._through)):
                given = torch.cat([each[number] for number in numbers])
                last[numbers] = self._run(given, [pieces[number] for number in numbers], way)
        logits: Tensor = self._head(self._norm(last))
        return logits

    def _run(
        self, vectors: Tensor, pieces: Many[Piece], way: Callable[[Tensor, Layout], Tensor]
    ) -> Tensor:
        """What the layers make of the last token of each piece [pieces, width]."""
        layout = Layout(self, pieces, vectors.device)
        hidden = way(vectors, layout)
        for piece in pieces:
            piece.sequence.length += piece.tokens
        return hidden[layout.last]

    def warm_up(self) -> None:
        """Compute a token for nothing, so that the first one that counts waits for no compiler."""
        sequence = self.open()
        self.run(self._text.embed_tokens.weight[:1].detach(), [Piece(sequence, 1)])
        self.close(sequence)

    def _through(self, hidden: Tensor, layout: Layout) -> Tensor:
        """What the layers make of the tokens [tokens, width]."""
        for number, layer in enumerate(self._layers):
            inner = layer.before_attention(hidden)
            hidden = hidden + self._attention(number, layer.attention, inner, layout)
            hidden = hidden + layer.made(layer.before_made(hidden))
        return hidden

    def _attention(self, number: int, own: Attention, inner: Tensor, layout: Layout) -> Tensor:
        turns = layout.turns()
        if own.temperature is not None:
            turns = layout.temperatures(*own.temperature)
        query, key, value = own(inner, turns)
        return own.out(layout.attend(number, query, key, value, own.scaling))


class Layout:
    """Where the tokens of a pass lie, worked out once for all layers.

    Single tokens come before parts of prompts or after them, as the pieces have it; single ones
    whose stretches lie in one slab are attended to together.
    """

    def __init__(self, passes: TextPasses, pieces: Many[Piece], device: torch.device) -> None:
        starts: list[int] = []
        positions: list[int] = []
        for piece in pieces:
            starts.append(len(positions))
            first = piece.sequence.length
            positions += range(first, first + piece.tokens)
        self._positions = torch.tensor(positions, device=device)
        self._rotary = passes.rotary
        self._layers = list(zip(passes.chunked, passes.places, strict=True))
        self.last = torch.tensor(
            [start + piece.tokens - 1 for start, piece in zip(starts, pieces, strict=True)],
            device=device,
        )
        self._kinds = tuple(
            _Kind(passes, chunked, pieces, starts, device) for chunked in (False, True)
        )
        self._turns: Tensor | None = None
        self._temperatures: Tensor | None = None

    def turns(self) -> Tensor:
        """The tokens' places as complex numbers [tokens, 1, width / 2]."""
        if self._turns is None:
            rotary = self._rotary
            angles = self._positions[:, None, None].float() * rotary.inv_freq.float()
            self._turns = torch.polar(torch.full_like(angles, rotary.attention_scaling), angles)
        return self._turns

    def temperatures(self, floor: float, scale: float) -> Tensor:
        """What queries are multiplied by in layers without rotation [tokens, 1, 1]
        (Nakanishi, arXiv 2501.19399)."""
        if self._temperatures is None:
            steps = ((self._positions.float() + 1) / floor).floor()
            self._temperatures = (steps.log1p() * scale + 1)[:, None, None]
        return self._temperatures

    def attend(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        """Store a layer's keys and values; what the queries find [tokens, heads x width]."""
        chunked, place = self._layers[layer]
        found: Tensor = self._kinds[chunked].attend(place, query, key, value, scale)
        return found

    def one_by_one(self, layer: int) -> tuple[int, list[Singles]]:
        """The layer's place in its slabs, and all tokens of each slab in their order."""
        chunked, place = self._layers[layer]
        return place, self._kinds[chunked].one_by_one()


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
        by_slab: dict[Slab, list[Token]] = {}
        self._singles: list[Singles] = []
        self._parts: list[_Part] = []
        self._grown: list[tuple[int, int, Stretch]] = []
        self._one_by_one: list[Singles] = []
        if not slabs.shape.layers:
            return
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
            self._grown.append((start, piece.tokens, stretch))
        for start, tokens, stretch in self._grown:  # only now do all lie where they stay
            stretch.length += tokens
            if tokens == 1:
                token = start, stretch.slot, stretch.length
                by_slab.setdefault(stretch.slab, []).append(token)
            else:
                self._parts.append(_Part(start, tokens, stretch, device))
        tokens = sum(piece.tokens for piece in pieces)
        self._singles += [Singles(slab, held, tokens) for slab, held in by_slab.items()]

    def one_by_one(self) -> list[Singles]:
        """All tokens, also those of parts, which follow each other in one slot."""
        if not self._parts:
            return self._singles
        if not self._one_by_one:
            by_slab: dict[Slab, list[Token]] = {}
            for start, tokens, stretch in self._grown:
                before = stretch.length - tokens
                by_slab.setdefault(stretch.slab, []).extend(
                    (start + number, stretch.slot, before + number + 1) for number in range(tokens)
                )
            self._one_by_one = [Singles(slab, held, 0) for slab, held in by_slab.items()]
        return self._one_by_one

    def attend(self, place: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        found = query.new_empty(query.shape)
        groups: list[Singles | _Part] = [*self._singles, *self._parts]
        for group in groups:
            group.attend(place, query, key, value, scale, found)
        return found.flatten(1)


class Singles:
    """One more token of each of several sequences in a slab: the numbers of the tokens in their
    pass, and where each lies, new token included."""

    def __init__(self, slab: Slab, held: list[Token], tokens: int) -> None:
        """Some of the `tokens` of a pass."""
        self.slab = slab
        device = slab.keys[0].device
        held = sorted(held, key=lambda token: token[1:])
        rows, slots, lengths = map(list, zip(*held, strict=True))
        self.rows = torch.tensor(rows, device=device)
        self.slots = torch.tensor(slots, device=device)
        self.lengths = torch.tensor(lengths, device=device)
        self._shortest, self._longest = min(lengths), max(lengths)
        self._count = len(slab.held)
        self._all_rows = rows == list(range(tokens))
        self._all_slots = len(slots) == self._count
        self._made_mask: Tensor | None = None

    def attend(
        self, place: int, query: Tensor, key: Tensor, value: Tensor, scale: float, found: Tensor
    ) -> None:
        if not self._all_rows:
            query, key, value = query[self.rows], key[self.rows], value[self.rows]
        keys, values = self.slab.keys[place], self.slab.values[place]
        keys[self.slots, :, self.lengths - 1] = key
        values[self.slots, :, self.lengths - 1] = value
        asking = query.view(len(query), keys.shape[1], -1, keys.shape[3])
        if not self._all_slots:
            every = asking.new_zeros(self._count, *asking.shape[1:])
            asking = every.index_copy_(0, self.slots, asking)
        seen = F.scaled_dot_product_attention(
            asking,
            keys[: self._count, :, : self._longest],
            values[: self._count, :, : self._longest],
            attn_mask=self._mask(),
            scale=scale,
        )
        if not self._all_slots:
            seen = seen[self.slots]
        if self._all_rows:
            found.copy_(seen.flatten(1, 2))
        else:
            found[self.rows] = seen.flatten(1, 2)

    def _mask(self) -> Tensor | None:
        """What lies beyond the end of each slot's sequence. Slots of sequences that bring nothing
        now are computed and left: they see one token."""
        if self._all_slots and self._shortest == self._longest:
            return None
        if self._made_mask is None:
            device = self.slots.device
            reach = torch.ones(self._count, dtype=torch.long, device=device)
            reach[self.slots] = self.lengths
            beyond = torch.arange(self._longest, device=device)[None, :] >= reach[:, None]
            mask = torch.zeros(beyond.shape, dtype=self.slab.keys[0].dtype, device=device)
            self._made_mask = mask.masked_fill_(beyond, float("-inf"))[:, None, None]
        return self._made_mask


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


def _places(chunked: list[bool]) -> list[int]:
    """The number of each layer among those of its kind."""
    seen = {False: 0, True: 0}
    places = []
    for kind in chunked:
        places.append(seen[kind])
        seen[kind] += 1
    return places
