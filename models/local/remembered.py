"""What was computed before: keys and values of earlier prompts and answers, the same start once.

A tree of blocks of tokens. Conversations that begin alike share the blocks of their beginning; a
follow-up, which begins with all that was said, goes on from where its conversation's blocks end.
Layers that see a chunk need only the blocks of the chunk that goes on: of earlier ones their part
is dropped, and a prompt that turns off within one of those begins at that chunk's start.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence as Many
from dataclasses import dataclass, field

import torch
from torch import Tensor

from models.local.passes import Sequence, TextPasses
from models.local.slabs import Stretch

BLOCK = 32  # tokens; what is left over at the end is computed again


@dataclass(eq=False, slots=True)
class _Block:
    """Keys and values [2, layers, heads, tokens, width] of both kinds of layer."""

    parent: _Block | None
    tokens: tuple[int, ...]
    full: Tensor
    chunked: Tensor | None
    children: dict[tuple[int, ...], _Block] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """The memory of both."""
        return self.full.nbytes + (0 if self.chunked is None else self.chunked.nbytes)


class Remembered:
    """Blocks of at most so many bytes; the longest unused ones make room."""

    def __init__(self, passes: TextPasses, *, most_bytes: int) -> None:
        self._passes = passes
        self._most_bytes = most_bytes
        self._chunk = passes.chunk
        self._size = math.gcd(BLOCK, passes.chunk) if passes.chunk else BLOCK
        self._first: dict[tuple[int, ...], _Block] = {}
        # Whoever uses a block uses those before it, and these are put after it: what comes first
        # has been unused for longest, and nothing hangs on it any more.
        self._by_use: OrderedDict[_Block, None] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._by_use)

    @torch.inference_mode()
    def recall(self, tokens: Many[int], sequence: Sequence) -> int:
        """Fill an empty sequence with the longest beginning that is known; returns its length.

        At least one token is left to compute, since a pass tells what follows its last one.
        """
        path = self._path(tokens[: len(tokens) - 1])
        while path and not self._goes_on(path):
            path.pop()
        if not path:
            return 0
        length = len(path) * self._size
        start = 0 if self._chunk is None else length // self._chunk * self._chunk
        sequence.full = self._passes.full.grow(sequence.full, length)
        _fill(sequence.full, [block.full for block in path])
        current = [block.chunked for block in path[start // self._size :]]
        sequence.chunked = self._passes.chunks.grow(sequence.chunked, length - start)
        _fill(sequence.chunked, [part for part in current if part is not None])
        sequence.length = length
        self._use(path)
        return length

    @torch.inference_mode()
    def remember(self, tokens: Many[int], sequence: Sequence) -> None:
        """Keep what the sequence holds of these tokens, which it was computed from."""
        whole = min(len(tokens), sequence.length) // self._size
        path = self._path(tokens[: whole * self._size])
        start = sequence.length - sequence.chunked.length  # of the chunk that the sequence is in
        for number in range(whole):
            first = number * self._size
            in_chunk = first >= start
            if number < len(path):
                block = path[number]
                if in_chunk and block.chunked is None:
                    self._add(block, _cut(sequence.chunked, first - start, self._size))
                elif not in_chunk and len(block.children) < 2:
                    self._drop_chunked(block)
                continue
            parent = path[-1] if path else None
            block = _Block(
                parent,
                tuple(tokens[first : first + self._size]),
                _cut(sequence.full, first, self._size),
                _cut(sequence.chunked, first - start, self._size) if in_chunk else None,
            )
            (parent.children if parent else self._first)[block.tokens] = block
            self._by_use[block] = None
            self.bytes += block.bytes
            path.append(block)
        self._use(path)
        while self.bytes > self._most_bytes:
            self._forget(next(iter(self._by_use)))

    def _path(self, tokens: Many[int]) -> list[_Block]:
        path: list[_Block] = []
        children = self._first
        for first in range(0, len(tokens) - self._size + 1, self._size):
            block = children.get(tuple(tokens[first : first + self._size]))
            if block is None:
                break
            path.append(block)
            children = block.children
        return path

    def _goes_on(self, path: list[_Block]) -> bool:
        """Whether all is there that a sequence as long as this path needs."""
        length = len(path) * self._size
        if self._chunk is None:
            return True
        start = length // self._chunk * self._chunk
        return all(block.chunked is not None for block in path[start // self._size :])

    def _use(self, path: list[_Block]) -> None:
        for block in reversed(path):
            self._by_use.move_to_end(block)

    def _add(self, block: _Block, chunked: Tensor) -> None:
        block.chunked = chunked
        self.bytes += chunked.nbytes

    def _drop_chunked(self, block: _Block) -> None:
        if block.chunked is not None:
            self.bytes -= block.chunked.nbytes
            block.chunked = None

    def _forget(self, block: _Block) -> None:
        del (block.parent.children if block.parent else self._first)[block.tokens]
        del self._by_use[block]
        self.bytes -= block.bytes


def _cut(stretch: Stretch, first: int, size: int) -> Tensor:
    """A copy of so many tokens [2, layers, heads, size, width]."""
    own = slice(first, first + size)
    slab = stretch.slab
    keys = [layer[stretch.slot, :, own] for layer in slab.keys]
    values = [layer[stretch.slot, :, own] for layer in slab.values]
    if not keys:
        return torch.empty(0)
    return torch.stack([torch.stack(keys), torch.stack(values)])


def _fill(stretch: Stretch, parts: list[Tensor]) -> None:
    """Put blocks into an empty stretch that has room for them."""
    if not parts or not stretch.slab.keys:
        return
    stretch.length = sum(part.shape[3] for part in parts)
    for layer, (keys, values) in enumerate(zip(*torch.cat(parts, 3), strict=True)):
        stretch.keys(layer).copy_(keys)
        stretch.values(layer).copy_(values)
