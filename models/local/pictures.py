"""Pictures as the model sees them, encoded once."""

from __future__ import annotations

from collections import OrderedDict
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
    def look(self, tiles: Tensor) -> Tensor:
        """The vectors [tiles, tokens, width] of tiles [tiles, 3, side, side]."""
        model = self._model
        pixels = tiles.to(model.device, model.dtype)
        seen = model.get_image_features(pixel_values=pixels, return_dict=True).last_hidden_state
        told: Tensor = model.multi_modal_projector(seen.view(len(tiles), -1, seen.size(-1)))
        self.encoded += len(tiles)
        return told

    def keep(self, picture: Tiles, seen: Tensor) -> None:
        """Remember a picture's vectors [tokens, width]."""
        if picture.sha256 in self._seen:
            return
        self._seen[picture.sha256] = seen
        self.bytes += seen.nbytes
        while self.bytes > self._most_bytes and len(self._seen) > 1:
            _, gone = self._seen.popitem(last=False)
            self.bytes -= gone.nbytes
