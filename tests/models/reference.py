"""What transformers' own generate() answers: engines are held against it."""

from __future__ import annotations

import asyncio
import base64
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

from tests.fakes.openai_endpoint import Reply


class Reference:
    """A checkpoint behind generate(), also as the model of the fake endpoint.

    `cuts_at` makes it drop the oldest tokens silently, as some servers do; `cuts` counts that."""

    def __init__(self, folder: Path, *, cuts_at: int | None = None) -> None:
        torch.set_num_threads(1)  # two wait for each other on matrices this small
        auto: Any = AutoModelForImageTextToText
        kind: Any = AutoProcessor
        self._processor = kind.from_pretrained(folder)
        self._model: Any = auto.from_pretrained(folder, dtype=torch.float32)
        self._cuts_at = cuts_at
        self.cuts = 0

    def tokens(self, messages: list[dict[str, Any]], *, most: int) -> tuple[int, list[int]]:
        """Prompt length, and the greedy tokens with the one that ended them."""
        inputs = self._processor.apply_chat_template(
            messages,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            add_generation_prompt=True,
        )
        if "pixel_values" in inputs:
            inputs["pixel_values"] = inputs["pixel_values"].to(torch.float32)
        length = inputs["input_ids"].shape[1]
        if self._cuts_at is not None and length + most > self._cuts_at:
            self.cuts += 1
            inputs = {"input_ids": inputs["input_ids"][:, -(self._cuts_at - most) :]}
            length = inputs["input_ids"].shape[1]
        output = self._model.generate(**inputs, max_new_tokens=most, do_sample=False)
        return length, [int(token) for token in output[0, length:]]

    def text(self, tokens: list[int]) -> str:
        """Tokens as text, without the half of a character that may be at the end."""
        said: str = self._processor.tokenizer.decode(tokens, skip_special_tokens=True)
        return said.removesuffix("\N{REPLACEMENT CHARACTER}")

    async def answer(self, request: dict[str, Any]) -> Reply:
        """Answer a request of the OpenAI protocol, greedily whatever it asks for."""
        messages = [_spoken(message) for message in request["messages"]]
        most = request.get("max_tokens") or request["max_completion_tokens"]
        length, tokens = await asyncio.to_thread(self.tokens, messages, most=most)
        texts = [self.text(tokens[:end]) for end in range(len(tokens) + 1)]
        pieces = [after[len(before) :] for before, after in pairwise(texts)]
        return Reply(
            [piece for piece in pieces if piece],
            finish_reason="length" if len(tokens) == most else "stop",
            prompt_tokens=length,
            completion_tokens=len(tokens),
        )


def _spoken(message: dict[str, Any]) -> dict[str, Any]:
    content = message["content"]
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    return {"role": message["role"], "content": [_part(part) for part in content]}


def _part(part: dict[str, Any]) -> dict[str, Any]:
    if part["type"] == "text":
        return part
    encoded = part["image_url"]["url"].partition(";base64,")[2]
    picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
    return {"type": "image", "image": picture.convert("RGB")}
