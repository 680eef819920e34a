"""Prompts to tokens and pixels, by the checkpoint's own template."""

from __future__ import annotations

import io
from typing import Any

import torch
from msgspec import Struct
from PIL import Image
from transformers.models.llama4.image_processing_llama4 import (
    find_supported_resolutions,
    get_best_fit,
)

from models.engine import Prompt, PromptMessage, PromptPicture, PromptText


class Encoded(Struct, frozen=True):
    """Tokens (1, length), and pixels (tiles, 3, height, width) where there are pictures."""

    input_ids: torch.Tensor
    pixel_values: torch.Tensor | None


class PromptEncoder:
    """Renders prompts by a Llama 4 processor. What people typed never becomes a control token."""

    def __init__(self, processor: Any) -> None:
        self._processor = processor
        images = processor.image_processor
        self._tile = images.size
        self._canvases = torch.tensor(
            find_supported_resolutions(max_num_chunks=images.max_patches, patch_size=self._tile)
        )
        patches = (self._tile.height // processor.patch_size) * (
            self._tile.width // processor.patch_size
        )
        self._tile_tokens = patches // processor.downsample_ratio

    def encode(self, prompt: Prompt) -> Encoded:
        """Decode the pictures and tokenise everything in the order it was said."""
        inputs = self._processor.apply_chat_template(
            [_spoken(message) for message in prompt.messages],
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            add_generation_prompt=True,
            sanitize_control_tokens=True,
        )
        return Encoded(input_ids=inputs["input_ids"], pixel_values=inputs.get("pixel_values"))

    def count(self, prompt: Prompt) -> int:
        """Exactly as many tokens as `encode` makes, without looking into the pictures."""
        words = Prompt(messages=tuple(_words_only(message) for message in prompt.messages))
        length = self.encode(words).input_ids.shape[1]
        return int(length) + sum(self.picture_tokens(picture) for picture in prompt.pictures)

    def picture_tokens(self, picture: PromptPicture) -> int:
        """Tokens of one picture: each tile with its separator, then the whole picture once more."""
        size = (picture.height, picture.width)
        resize_to_max = self._processor.image_processor.resize_to_max_canvas
        canvas = get_best_fit(size, self._canvases, resize_to_max_canvas=resize_to_max)
        rows, columns = int(canvas[0]) // self._tile.height, int(canvas[1]) // self._tile.width
        tiles = rows * columns
        shown = tiles * (self._tile_tokens + 1) if tiles > 1 else 0
        whole: int = self._tile_tokens + 3  # with <|image_start|>, <|image|>, <|image_end|>
        return shown + whole


def _spoken(message: PromptMessage) -> dict[str, Any]:
    return {"role": message.role, "content": [_part(part) for part in message.parts]}


def _part(part: PromptText | PromptPicture) -> dict[str, Any]:
    if isinstance(part, PromptText):
        return {"type": "text", "text": part.text}
    with Image.open(io.BytesIO(part.content)) as picture:
        return {"type": "image", "image": picture.convert("RGB")}


def _words_only(message: PromptMessage) -> PromptMessage:
    words = tuple(part for part in message.parts if isinstance(part, PromptText))
    return PromptMessage(role=message.role, parts=words or (PromptText(text=""),))
