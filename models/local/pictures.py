"""Pictures as the model sees them, encoded once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence as Many
from typing import Any

import torch
from torch import Tensor

from models.local.prompts import Tiles

MOST_BYTES = 64 * 2**20


class Pictures:
    """The vectors of pictures by their content; the longest unused ones make room."""

    def __init__(self, model: Any, *, most_bytes: int = MOST_BYTES) -> None:
        self._model = model
        self._most_bytes = most_bytes
        self._seen: OrderedDict[str, Tensor] = OrderedDict()
        self._in_part: dict[str, list[Tensor]] = {}
        self.bytes = 0
        self.encoded = 0
        """Tiles that went through the vision tower since the start."""

    def recall(self, sha256: str) -> Tensor | None:
        """The vectors [tokens, width] of a picture that was seen before."""
        seen = self._seen.get(sha256)
        if seen is not None:
            self._seen.move_to_end(sha256)
        return seen

    @torch.inference_mode()
    def look(self, pictures: Many[Tiles], most: int) -> int:
        """See the next tiles of the pictures that are not known, `most` in all and all at once;
        returns how many. What was seen of a picture in part waits for the rest of it."""
        self._make_room()
        wanted = {one.sha256: one for one in pictures if one.sha256 not in self._seen}
        self._in_part = {name: self._in_part.get(name, []) for name in wanted}
        tiles: list[Tensor] = []
        names: list[str] = []
        for name, picture in wanted.items():
            done = sum(map(len, self._in_part[name]))
            next_ones = picture.pixels[done : done + most - sum(map(len, tiles))]
            if len(next_ones):
                tiles.append(next_ones)
                names.append(name)
        if not tiles:
            return 0
        told = self._encode(torch.cat(tiles)).split_with_sizes([len(each) for each in tiles])
        for name, part in zip(names, told, strict=True):
            self._in_part[name].append(part)
            if sum(map(len, self._in_part[name])) == len(wanted[name].pixels):
                seen = torch.cat(self._in_part.pop(name)).flatten(0, 1)
                self._seen[name] = seen
                self.bytes += seen.nbytes
        return sum(map(len, tiles))

    def _encode(self, tiles: Tensor) -> Tensor:
        """The vectors [tiles, tokens, width] of tiles [tiles, 3, side, side]."""
        model = self._model
        pixels = tiles.to(model.device, model.dtype)
        seen = model.get_image_features(pixel_values=pixels, return_dict=True).last_hidden_state
        told: Tensor = model.multi_modal_projector(seen.view(len(tiles), -1, seen.size(-1)))
        self.encoded += len(tiles)
        return told

    def _make_room(self) -> None:
        """Before a look and not after it, so that whoever waited can take what was seen."""
        while self.bytes > self._most_bytes and len(self._seen) > 1:
            _, gone = self._seen.popitem(last=False)
            self.bytes -= gone.nbytes
