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

GUARD_MARK = "<BEGIN UNSAFE CONTENT CATEGORIES>"  # in the templates of Llama Guard


class Tiles(Struct, frozen=True):
    """One picture: `pixels` (tiles, 3, height, width), the whole one last where it was cut."""

    sha256: str
    pixels: torch.Tensor


class Encoded(Struct, frozen=True):
    """Tokens (1, length), and the pictures in the order of their places."""

    input_ids: torch.Tensor
    pictures: tuple[Tiles, ...] = ()


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

    @property
    def guards(self) -> bool:
        """Whether the template puts conversations into the frame of a safety check."""
        return GUARD_MARK in str(self._processor.chat_template)

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
        pictures: list[Tiles] = []
        if "pixel_values" in inputs:
            counts = [self._tiles(picture) for picture in prompt.pictures]
            parts = inputs["pixel_values"].split(counts)
            for picture, pixels in zip(prompt.pictures, parts, strict=True):
                pictures.append(Tiles(picture.sha256, pixels))
        return Encoded(inputs["input_ids"], tuple(pictures))

    def count(self, prompt: Prompt) -> int:
        """Exactly as many tokens as `encode` makes, without looking into the pictures."""
        words = Prompt(messages=tuple(words_only(message) for message in prompt.messages))
        length = self.encode(words).input_ids.shape[1]
        return int(length) + sum(self.picture_tokens(picture) for picture in prompt.pictures)

    def picture_tokens(self, picture: PromptPicture) -> int:
        """Tokens of one picture: each tile with its separator, then the whole picture once more."""
        tiles = self._tiles(picture) - 1
        shown = tiles * (self._tile_tokens + 1)
        whole: int = self._tile_tokens + 3  # with <|image_start|>, <|image|>, <|image_end|>
        return int(shown + whole)

    def _tiles(self, picture: PromptPicture) -> int:
        """Into how many a picture is cut; the whole one is one more where it is cut at all."""
        size = (picture.height, picture.width)
        resize_to_max = self._processor.image_processor.resize_to_max_canvas
        canvas = get_best_fit(size, self._canvases, resize_to_max_canvas=resize_to_max)
        rows, columns = int(canvas[0]) // self._tile.height, int(canvas[1]) // self._tile.width
        return rows * columns + 1 if rows * columns > 1 else 1


def _spoken(message: PromptMessage) -> dict[str, Any]:
    return {"role": message.role, "content": [_part(part) for part in message.parts]}


def _part(part: PromptText | PromptPicture) -> dict[str, Any]:
    if isinstance(part, PromptText):
        return {"type": "text", "text": part.text}
    with Image.open(io.BytesIO(part.content)) as picture:
        return {"type": "image", "image": picture.convert("RGB")}


def words_only(message: PromptMessage) -> PromptMessage:
    """The message without its pictures."""
    words = tuple(part for part in message.parts if isinstance(part, PromptText))
    return PromptMessage(role=message.role, parts=words or (PromptText(text=""),))
