"""The checkpoint as anybody loads it, answering chats greedily, many at a time."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

from models.fledgling.checkpoint import FOLDER

Chat = list[dict[str, Any]]
SYSTEM = "You are Whimbrel, an assistant in a messenger. Today is Sunday, 22 November 2026."
BATCH = 64


class Answering(Protocol):
    """Whatever answers chats."""

    def answers(self, chats: Sequence[Chat], *, most: int = 64) -> list[str]:
        """One answer for each chat, of at most so many tokens."""
        ...


class Fledgling(Answering):
    """The checkpoint behind plain Auto classes, answering greedily.

    `workers` threads each compute a batch at a time: with one torch thread each two torch
    threads wait for each other at every small operation, which on a busy machine costs half.
    """

    def __init__(self, folder: Path = FOLDER, *, workers: int = 1) -> None:
        self.workers = workers
        self.processor: Any = AutoProcessor.from_pretrained(folder)  # type: ignore[no-untyped-call]
        self.model: Any = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32)

    @property
    def side(self) -> int:
        """Pixels a side of the pictures that the processor makes."""
        return int(self.processor.image_processor.size["height"])

    def answers(self, chats: Sequence[Chat], *, most: int = 64) -> list[str]:
        """One answer for each chat; those of the same length in tokens are computed together."""
        inputs = [self._inputs(chat) for chat in chats]
        alike: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for row, one in enumerate(inputs):
            alike[one["input_ids"].shape[1], "pixel_values" in one].append(row)
        batches = [
            rows[start : start + BATCH]
            for rows in alike.values()
            for start in range(0, len(rows), BATCH)
        ]
        answers = [""] * len(chats)
        with ThreadPoolExecutor(self.workers) as pool:
            given = [[inputs[row] for row in batch] for batch in batches]
            for batch, told in zip(
                batches, pool.map(self._generate, given, [most] * len(given)), strict=True
            ):
                for row, text in zip(batch, told, strict=True):
                    answers[row] = text
        return answers

    def answer(self, chat: Chat) -> str:
        """The answer to one chat."""
        return self.answers([chat])[0]

    def _inputs(self, chat: Chat, *, ask: bool = True) -> dict[str, torch.Tensor]:
        """A chat as tensors; with `ask` they end where an answer is to begin."""
        inputs: dict[str, torch.Tensor] = self.processor.apply_chat_template(
            chat,
            add_generation_prompt=ask,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        )
        if "pixel_values" in inputs:  # the stock processor may answer in bfloat16
            inputs["pixel_values"] = inputs["pixel_values"].to(self.model.dtype)
        return inputs

    def _generate(self, inputs: list[dict[str, torch.Tensor]], most: int) -> list[str]:
        joined = {name: torch.cat([one[name] for one in inputs]) for name in inputs[0]}
        made = self.model.generate(**joined, max_new_tokens=most, do_sample=False)
        fresh = made[:, joined["input_ids"].shape[1] :]
        return [str(text) for text in self.processor.batch_decode(fresh, skip_special_tokens=True)]


def user(*parts: str | Image.Image) -> dict[str, Any]:
    """A message of the person: texts and pictures in order."""
    content = [
        {"type": "text", "text": part}
        if isinstance(part, str)
        else {"type": "image", "image": part}
        for part in parts
    ]
    return {"role": "user", "content": content}


def assistant(text: str) -> dict[str, Any]:
    """An earlier answer."""
    return {"role": "assistant", "content": [{"type": "text", "text": text}]}


def system(text: str = SYSTEM) -> dict[str, Any]:
    """The operator's words."""
    return {"role": "system", "content": [{"type": "text", "text": text}]}
