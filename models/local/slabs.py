"""Keys and values of the sequences that are being computed, many in one tensor.

A step reads the keys of all its sequences at once. So they lie side by side in slabs: sequences
of about one length share a slab, whose slots are always filled from the first one on, and a
sequence that outgrows its slab moves to one with more room.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

ROOM = 128  # tokens, in the smallest slabs
FINER = 2048  # above, rooms are an eighth larger than the next smaller one, not twice as large


@dataclass(frozen=True, slots=True)
class Shape:
    """What one token takes: in so many layers, keys and values of `heads` x `width` numbers."""

    layers: int
    heads: int
    width: int
    dtype: torch.dtype
    device: torch.device

    @property
    def bytes_per_token(self) -> int:
        """Keys and values, in all of these layers."""
        return 2 * self.layers * self.heads * self.width * self.dtype.itemsize


@dataclass(eq=False, slots=True)
class Stretch:
    """What is stored of one sequence: `length` tokens, in a slot of a slab."""

    slab: Slab
    slot: int
    length: int = 0

    def keys(self, layer: int) -> Tensor:
        """What is stored [heads, length, width], where it lies."""
        return self.slab.keys[layer][self.slot, :, : self.length]

    def values(self, layer: int) -> Tensor:
        """The same of the values."""
        return self.slab.values[layer][self.slot, :, : self.length]


class Slab:
    """`keys` and `values`: for each layer [slots, heads, room, width]."""

    def __init__(self, shape: Shape, room: int) -> None:
        self.room = room
        self.held: list[Stretch] = []
        self._shape = shape
        self.keys = self._empty(1)
        self.values = self._empty(1)

    @property
    def bytes(self) -> int:
        """The memory it takes, free slots included."""
        return self.room * len(self.keys[0]) * self._shape.bytes_per_token

    def enter(self) -> Stretch:
        """A stretch in the next free slot."""
        slots = len(self.keys[0])
        if len(self.held) == slots:
            more = slots + (slots + 1) // 2
            self.keys = self._longer(self.keys, more)
            self.values = self._longer(self.values, more)
        stretch = Stretch(self, len(self.held))
        self.held.append(stretch)
        return stretch

    @torch.inference_mode()
    def leave(self, stretch: Stretch) -> None:
        """Free its slot; the last one moves there."""
        last = self.held.pop()
        if last is stretch:
            return
        for part in (*self.keys, *self.values):
            part[stretch.slot, :, : last.length] = part[last.slot, :, : last.length]
        last.slot = stretch.slot
        self.held[last.slot] = last

    @torch.inference_mode()
    def _longer(self, parts: list[Tensor], slots: int) -> list[Tensor]:
        longer = self._empty(slots)
        for old, new in zip(parts, longer, strict=True):
            new[: len(old)] = old
        return longer

    def _empty(self, slots: int) -> list[Tensor]:
        shape = self._shape
        size = (slots, shape.heads, self.room, shape.width)
        # Zeros: what lies beyond a sequence's end is masked, and must not be a NaN meanwhile.
        return [
            torch.zeros(size, dtype=shape.dtype, device=shape.device) for _ in range(shape.layers)
        ]


@dataclass(slots=True)
class Slabs:
    """The slabs of one kind of layer, by their room."""

    shape: Shape
    most: int | None = None  # tokens that a stretch can ever hold; None: any number
    _by_room: dict[int, Slab] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """The memory of all of them."""
        return sum(slab.bytes for slab in self._by_room.values())

    def room_for(self, tokens: int) -> int:
        """The room of the slab that a stretch of so many tokens lies in."""
        room = ROOM
        while room < tokens:
            room *= 2
        if room > FINER:  # long ones would leave up to half of it empty
            room -= (room - tokens) // (room // 16) * (room // 16)
        return room if self.most is None else min(room, max(self.most, 1))

    def open(self, tokens: int) -> Stretch:
        """An empty stretch with room for so many tokens."""
        room = self.room_for(tokens)
        if room not in self._by_room:
            self._by_room[room] = Slab(self.shape, room)
        return self._by_room[room].enter()

    @torch.inference_mode()
    def grow(self, stretch: Stretch, tokens: int) -> Stretch:
        """The stretch, in a larger slab where so many tokens in all do not fit into its own."""
        if tokens <= stretch.slab.room:
            return stretch
        larger = self.open(tokens)
        larger.length = stretch.length
        for layer in range(self.shape.layers):
            larger.keys(layer).copy_(stretch.keys(layer))
            larger.values(layer).copy_(stretch.values(layer))
        self.close(stretch)
        return larger

    def close(self, stretch: Stretch) -> None:
        """Give its slot back; slabs that nobody lies in any more give their memory back."""
        stretch.slab.leave(stretch)
        if not stretch.slab.held:
            self._by_room.pop(stretch.slab.room, None)
