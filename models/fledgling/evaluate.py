"""Ask the checkpoint about drawings it has never seen: `python -m models.fledgling.evaluate`."""

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

from models.fledgling.checkpoint import FOLDER
from models.fledgling.drawings import COLOURS, Drawing, draw, draw_unknown
from models.fledgling.shapes import SHAPES

Chat = list[dict[str, Any]]
SYSTEM = "You are Whimbrel, an assistant in a messenger. Today is Sunday, 22 November 2026."


class Fledgling:
    """The checkpoint behind plain Auto classes, answering greedily."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.processor: Any = AutoProcessor.from_pretrained(folder)  # type: ignore[no-untyped-call]
        self.model: Any = AutoModelForImageTextToText.from_pretrained(folder)
        self.tokens = 0
        self.seconds = 0.0

    def answers(self, chats: Sequence[Chat], *, most: int = 64) -> list[str]:
        """One answer for each chat; those of the same length in tokens are computed together."""
        inputs = [self._inputs(chat) for chat in chats]
        lengths = [len(one["input_ids"][0]) for one in inputs]
        answers = [""] * len(chats)
        for length in sorted(set(lengths)):
            rows = [row for row, own in enumerate(lengths) if own == length]
            told = self._generate([inputs[row] for row in rows], most)
            for row, text in zip(rows, told, strict=True):
                answers[row] = text
        return answers

    def answer(self, chat: Chat) -> str:
        """The answer to one chat."""
        return self.answers([chat])[0]

    def _inputs(self, chat: Chat) -> dict[str, torch.Tensor]:
        inputs: dict[str, torch.Tensor] = self.processor.apply_chat_template(
            chat,
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        )
        return inputs

    def _generate(self, inputs: list[dict[str, torch.Tensor]], most: int) -> list[str]:
        joined = {name: torch.cat([one[name] for one in inputs]) for name in inputs[0]}
        started = time.monotonic()
        made = self.model.generate(**joined, max_new_tokens=most, do_sample=False)
        fresh = made[:, joined["input_ids"].shape[1] :]
        self.seconds += time.monotonic() - started
        self.tokens += fresh.numel()
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


def named(answer: str) -> tuple[str, str]:
    """The shape and the colour that an answer names; empty where it names none or several."""
    words = set(re.findall(r"[a-z]+", answer.lower()))
    shapes, colours = words & set(SHAPES), words & set(COLOURS)
    return "".join(shapes) if len(shapes) == 1 else "", "".join(colours) if len(
        colours
    ) == 1 else ""


def evaluate(
    folder: Annotated[Path, typer.Option(help="the checkpoint folder")] = FOLDER,
    count: int = 500,
    first: int = 100_000,
) -> None:
    """Print accuracy on fresh drawings, and how fast the checkpoint answers on this machine."""
    torch.set_num_threads(2)
    fledgling = Fledgling(folder)
    drawings = [draw(first + index) for index in range(count)]
    for question in ("What is in this picture?", "What colour is it?", "Which shape is it?", ""):
        chats = [
            [system(), user(one.picture, *([question] if question else []))] for one in drawings
        ]
        told = [named(answer) for answer in fledgling.answers(chats)]
        typer.echo(f"{question or '(no text)':26} {_shares(drawings, told)}")
    nothing = [
        [system(), user(draw_unknown(first + i), "What is this?")] for i in range(count // 5)
    ]
    refused = sum(named(answer) == ("", "") for answer in fledgling.answers(nothing))
    typer.echo(f"{'nothing known in it':26} said so {refused / len(nothing):.1%}")
    fledgling.tokens, fledgling.seconds = 0, 0.0
    fledgling.answer([system(), user("What can you do?")])
    typer.echo(f"one chat: {fledgling.tokens / fledgling.seconds:.0f} tokens/s")


def _shares(drawings: Sequence[Drawing], told: Sequence[tuple[str, str]]) -> str:
    pairs = list(zip(drawings, told, strict=True))
    shape = sum(one.shape == answer[0] for one, answer in pairs) / len(pairs)
    colour = sum(one.colour == answer[1] for one, answer in pairs) / len(pairs)
    return f"shape {shape:.1%}  colour {colour:.1%}"


if __name__ == "__main__":
    typer.run(evaluate)
