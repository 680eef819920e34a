"""What fewer bits cost and bring, on the checkpoint that ships: `python -m benchmarks.formats`.

Every format answers the same questions, on pictures drawn from seeds that training left out and
about definitions. Agreement: how often it would have said the very token that 32 bits say, with
theirs before it. Perplexity: of the true answers. Speed: on a random checkpoint of 128 experts.
"""

from __future__ import annotations

import asyncio
import gc
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Annotated, Any

import torch
import typer
from torch import Tensor

from benchmarks.checkpoints import random_checkpoint
from benchmarks.engine import WORK, Load, figures, measure_engine, sent
from models.engine import Prompt, PromptMessage, PromptPicture, PromptText, SamplingParams
from models.fledgling.concepts import CONCEPTS
from models.fledgling.drawn.facts import plain
from models.fledgling.drawn.questions import ask
from models.fledgling.drawn.scenes import TRAINING_SEEDS, draw
from models.fledgling.evaluating.single import KINDS
from models.fledgling.talking import replies
from models.loading import SHIPPED
from models.local.answer import Answer
from models.local.batch import Batch
from models.local.checkpoint import Checkpoint
from models.local.detokeniser import Detokeniser
from models.local.engine import TransformersEngine, end_tokens
from models.local.prompts import Encoded, PromptEncoder
from models.local.sampling import Sampler
from models.settings import NumberFormat

FORMATS = [each for each in NumberFormat if each is not NumberFormat.AUTO]
SYSTEM = PromptMessage("system", (PromptText("You are Whimbrel, an assistant in a messenger."),))
GREEDY = SamplingParams(max_tokens=48, temperature=0)


@dataclass(frozen=True, slots=True)
class Quality:
    """`agreement` is a share of tokens; `said` are the tokens of the greedy answers."""

    agreement: float
    perplexity: float
    megabytes: float
    said: list[list[int]]


class Teacher(Sampler):
    """Says the tokens that it is given, whatever the model would have said."""

    def __init__(self, tokens: Sequence[int]) -> None:
        super().__init__(GREEDY)
        self.greedy = False
        self.agreed: list[bool] = []
        self.nats: list[float] = []
        self._tokens = iter(tokens)

    def draw(self, logits: Tensor) -> int:
        token = next(self._tokens)
        self.agreed.append(int(logits.argmax()) == token)
        self.nats.append(-float(logits.log_softmax(0)[token]))
        return token


class Pupil:
    """The shipped checkpoint in one format."""

    def __init__(self, number_format: NumberFormat) -> None:
        checkpoint = Checkpoint(str(SHIPPED), number_format)
        self._model, processor, _ = checkpoint.load()
        self._batch = Batch(
            self._model, remembered_bytes=0, bits=checkpoint.bits, device=checkpoint.device
        )
        self._tokenizer: Any = processor.tokenizer
        self._encoder = PromptEncoder(processor)
        self._ends = end_tokens(self._model, self._tokenizer)

    def greedy(self, prompts: Sequence[Prompt]) -> list[list[int]]:
        """The tokens of the answers."""
        answers = [self._answer(each, len(self._tokenizer)) for each in prompts]
        return [answer.told[answer.prompt_tokens :] for answer in answers]

    def taught(self, prompts: Sequence[Prompt], tokens: Sequence[Sequence[int]]) -> list[Teacher]:
        """Say these answers, which end where they end."""
        teachers = [Teacher(each) for each in tokens]
        for prompt, teacher, each in zip(prompts, teachers, tokens, strict=True):
            if each:
                self._answer(prompt, len(each), teacher)
        return teachers

    def tokens(self, text: str) -> list[int]:
        """Of an answer."""
        told: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return told

    def _answer(self, prompt: Prompt, most: int, teacher: Teacher | None = None) -> Answer:
        encoded: Encoded = self._encoder.encode(prompt)
        params = SamplingParams(max_tokens=min(most, 10**6 if teacher else GREEDY.max_tokens))
        answer = Answer(
            encoded,
            params if teacher else GREEDY,
            detokeniser=Detokeniser(self._tokenizer.decode),
            end_tokens=frozenset() if teacher else self._ends,
            patch_token=int(self._model.config.image_token_id),
            room=4096,
        )
        if teacher:
            answer.sampler = teacher
        while not answer.ended:
            self._batch.step([answer])
        self._batch.close(answer)
        return answer


def questions(count: int) -> tuple[list[Prompt], list[str]]:
    """Prompts and true answers: three of four about a drawing."""
    rng = Random(count)
    defined = [concept for concept in CONCEPTS if replies.definition(concept)]
    prompts, truths = [], []
    for number in range(count):
        if number % 4:
            drawing = draw(rng.randrange(TRAINING_SEEDS), KINDS[number % len(KINDS)])
            text, answer = ask(drawing.scene, rng)
            parts: tuple[PromptText | PromptPicture, ...] = (
                sent(drawing.picture),
                PromptText(text),
            )
            truth = plain(answer)
        else:
            concept = rng.choice(defined)
            parts, truth = (PromptText(f"What is {concept.said}?"),), replies.definition(concept)
        prompts.append(Prompt((SYSTEM, PromptMessage("user", parts)), 1))
        truths.append(truth)
    return prompts, truths


def _quality(number_format: NumberFormat, asked: int, said: list[list[int]]) -> Quality:
    pupil = Pupil(number_format)
    prompts, truths = questions(asked)
    said = said or pupil.greedy(prompts)
    agreed = [one for teacher in pupil.taught(prompts, said) for one in teacher.agreed]
    told = pupil.taught(prompts, [pupil.tokens(truth) for truth in truths])
    nats = [one for teacher in told for one in teacher.nats]
    return Quality(
        sum(agreed) / len(agreed), math.exp(sum(nats) / len(nats)), _tensor_megabytes(), said
    )


def _tensor_megabytes() -> float:
    """Of all tensors that are alive, each memory once."""
    gc.collect()
    memories = {
        each.untyped_storage().data_ptr(): each.untyped_storage().nbytes()
        for each in gc.get_objects()
        if isinstance(each, Tensor) and not each.is_meta
    }
    return sum(memories.values()) / 10**6


async def _speed(number_format: NumberFormat) -> list[float]:
    """Tokens a second of one chat and of eight, on the random checkpoint."""
    folder = random_checkpoint(WORK / "experts-128", experts=128)
    async with TransformersEngine(str(folder), number_format=number_format) as engine:
        speeds = []
        for chats in (1, 8):
            load = Load(chats, pictures=False)
            rounds = [await measure_engine(engine, load, seed=seed) for seed in range(4)][1:]
            speeds.append(max(figures(times, 0).tokens_per_second for times in rounds))
        return speeds


def _run(number_format: NumberFormat, asked: int, said: list[list[int]]) -> tuple[Quality, Any]:
    """One format, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.formats", "--only", number_format.value]
    told = subprocess.run(
        [*command, "--asked", str(asked)],
        check=True,
        input=json.dumps(said).encode(),
        stdout=subprocess.PIPE,
    ).stdout
    quality, speeds = json.loads(told.splitlines()[-1])
    return Quality(**quality), speeds


def main(
    asked: Annotated[int, typer.Option(help="Questions.")] = 400,
    only: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Print a table in Markdown."""
    WORK.mkdir(parents=True, exist_ok=True)
    if only:
        number_format = NumberFormat(only)
        quality = _quality(number_format, asked, json.load(sys.stdin))
        torch.set_num_threads(1)
        print(json.dumps([asdict(quality), asyncio.run(_speed(number_format))]))
        return
    print("| format | agreement % | perplexity | MB of tensors | tokens/s, 1 chat | 8 chats |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    said: list[list[int]] = []
    for number_format in FORMATS:
        quality, (one, eight) = _run(number_format, asked, said)
        said = said or quality.said
        print(
            f"| {number_format.value} | {quality.agreement:.2%} | {quality.perplexity:.4f} "
            f"| {quality.megabytes:.0f} | {one:.0f} | {eight:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    typer.run(main)
