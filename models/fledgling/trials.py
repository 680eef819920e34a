"""What is worth its cost, tried at a tenth of the size: `python -m models.fledgling.trials`.

Each trial learns from the same pictures for as many steps as its rivals, one process and one
thread each, and is measured on pictures that none of them learnt from.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from transformers import Llama4ForConditionalGeneration

from models.fledgling.architecture import IMAGE_SIZE
from models.fledgling.checkpoint import FOLDER, create, load
from models.fledgling.data.artwork import TRAIN, UNSEEN_STYLE, Artwork, load_artwork
from models.fledgling.data.photographs import load_photographs
from models.fledgling.data.teacher import load_features
from models.fledgling.drawn.pool import pool
from models.fledgling.drawn.scenes import TRAINING_SEEDS
from models.fledgling.training.bank import Portions, encode
from models.fledgling.training.crew import ALONE
from models.fledgling.training.gallery import Gallery
from models.fledgling.training.seeing import Material, learn_to_see
from models.fledgling.training.sight import FEATURES, Sight
from models.fledgling.training.talk import learn_to_talk
from models.fledgling.training.tower import project, see

_VISION: Mapping[str, object] = {
    "hidden_size": 96,
    "num_hidden_layers": 4,
    "num_attention_heads": 2,
    "intermediate_size": 384,
}
_NARROW: Mapping[str, object] = {**_VISION, "hidden_size": 48, "intermediate_size": 192}
_TEXT: Mapping[str, object] = {
    "hidden_size": 128,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "intermediate_size": 128,
    "intermediate_size_mlp": 384,
}
_ASKED = 512  # pictures of each kind in a measurement
_BANK = 6000  # pictures to talk about
_DRAWINGS = 60_000
_LAST = 5  # lines of a curve, of twenty steps each


@dataclass(frozen=True, slots=True)
class Trial:
    """One of several ways: what is compared, this way, and its result when called."""

    about: str
    way: str
    run: Callable[[Path, Path, int], str]

    def __call__(self, work: Path, folder: Path, steps: int) -> str:
        """The result in words. `folder` is the trial's own."""
        torch.set_num_threads(1)
        return self.run(work, folder, steps)


@dataclass(frozen=True, slots=True)
class Seeing:
    """Learns to see from nothing. `teacher`: whose features it learns to tell as well."""

    rate: float = 5e-3
    teacher: str = "others"
    vision: tuple[tuple[str, object], ...] = tuple(_VISION.items())
    small: bool = True

    def __call__(self, work: Path, folder: Path, steps: int) -> str:
        """The loss of naming over the last hundred steps, and how many of fresh pictures it names
        right, in seen styles and in an unseen one."""
        artwork, photographs = load_artwork(work), load_photographs(work)
        gallery, features = Gallery(artwork, photographs), load_features(work)
        taught = _features(artwork, self.teacher, features.artwork, gallery)
        material = Material(
            gallery,
            pool(work, _DRAWINGS, TRAINING_SEEDS),
            taught,
            features.photographs * np.float16(self.teacher == "others"),
        )
        _, tokenizer = load(FOLDER)
        sight = Sight(create(tokenizer, seed=7, vision=dict(self.vision)))
        small = steps if self.small else 0
        learn_to_see(
            sight, material, steps=steps, small=small, rate=self.rate, folder=folder, crew=ALONE
        )
        right = [_named(sight, artwork, gallery, split) for split in (TRAIN, UNSEEN_STYLE)]
        loss = _lately(folder / "see.jsonl", "named")
        return f"loss {loss:.2f}; {right[0]:.1%} named, {right[1]:.1%} in an unseen style"


@dataclass(frozen=True, slots=True)
class Talking:
    """Learns to talk about what the shipped tower sees."""

    text: tuple[tuple[str, object], ...]

    def __call__(self, work: Path, folder: Path, steps: int) -> str:
        """The loss over the last hundred steps, each of conversations never seen before."""
        folder.mkdir(parents=True, exist_ok=True)
        trained, tokenizer = load(FOLDER)
        model = create(tokenizer, seed=7, text={**_TEXT, **dict(self.text)})
        model.vision_model.load_state_dict(trained.vision_model.state_dict())
        features = load_features(work)
        material = Material(
            Gallery(load_artwork(work), load_photographs(work)),
            pool(work, _DRAWINGS, TRAINING_SEEDS),
            features.artwork,
            features.photographs,
        )
        portions = replace(Portions(), pictures=_BANK)
        bank = encode(Sight(trained), material, portions, folder=folder, crew=ALONE)
        learn_to_talk(model, tokenizer, bank, steps=steps, rate=3e-3, folder=folder, crew=ALONE)
        return f"loss {_lately(folder / 'talk.jsonl', 'said'):.3f}"


def trials() -> tuple[Trial, ...]:
    """All of them, rivals next to each other."""
    rates = (2.5e-3, 5e-3, 1e-2, 2e-2)
    narrow = tuple(_NARROW.items())
    carried = [Trial("rate, a tower 96 wide", f"{rate:g}", Seeing(rate)) for rate in rates] + [
        Trial("rate, a tower 48 wide", f"{rate:g}", Seeing(rate, vision=narrow)) for rate in rates
    ]
    teachers = [
        Trial("a teacher", "none", Seeing(teacher="")),
        Trial("a teacher", "a small network of others", Seeing()),
        Trial("a teacher", "our own tower of ten times the size", Seeing(teacher="ours")),
    ]
    sizes = [
        Trial("pictures", "half the side, four times as many", Seeing()),
        Trial("pictures", "whole", Seeing(small=False)),
    ]
    experts = [
        Trial("experts, as many active weights", "8, one a token", Talking(())),
        Trial("experts, as many active weights", "1", Talking((("num_local_experts", 1),))),
    ]
    return (*carried, *teachers, *sizes, *experts)


def main(
    work: Annotated[Path, typer.Option(help="the data, see models.fledgling.data")] = Path(
        "var/fledgling"
    ),
    steps: Annotated[int, typer.Option(help="of each trial")] = 300,
    at_once: Annotated[int, typer.Option(help="processes")] = 2,
) -> None:
    """Run all trials and print what each brought."""
    pool(work, _DRAWINGS, TRAINING_SEEDS)
    todo = trials()
    folders = [work / "trials" / str(number) for number in range(len(todo))]
    shutil.rmtree(work / "trials", ignore_errors=True)  # a trial never goes on with another's
    with ProcessPoolExecutor(at_once, mp_context=get_context("spawn")) as processes:
        pending = [
            processes.submit(trial, work, folder, steps)
            for trial, folder in zip(todo, folders, strict=True)
        ]
        results = [each.result() for each in pending]
    Console().print(_table(todo, results, steps))


def _table(todo: Sequence[Trial], results: Sequence[str], steps: int) -> Table:
    table = Table("tried", "way", f"after {steps} steps")
    for trial, result in zip(todo, results, strict=True):
        table.add_row(trial.about, trial.way, result)
    return table


def _lately(curve: Path, what: str) -> float:
    """The mean of the last lines of a curve."""
    lines = curve.read_text().splitlines()[-_LAST:]
    return float(np.mean([json.loads(line)[what] for line in lines]))


def _features(
    artwork: Artwork, teacher: str, others: NDArray[np.float16], gallery: Gallery
) -> NDArray[np.float16]:
    """What the teacher says of each piece of artwork [n, 1024]; zeros: nothing."""
    if teacher == "others":
        return others
    features = np.zeros_like(others)
    if teacher == "ours":
        tower, _ = load(FOLDER)
        rows = np.flatnonzero((artwork.split == TRAIN) & (artwork.concept >= 0))
        for some in np.array_split(rows, len(rows) // 64 + 1):
            seen = _seen(tower, gallery, some, np.random.default_rng(int(some[0])))
            features[some, : seen.shape[1]] = seen
    assert features.shape[1] == FEATURES
    return features


@torch.no_grad()
def _seen(
    model: Llama4ForConditionalGeneration,
    gallery: Gallery,
    rows: NDArray[np.int64],
    rng: np.random.Generator,
) -> NDArray[np.float16]:
    """What the model's tower makes of artwork, over all its picture tokens [n, width]."""
    pixels = gallery.hang(rng, rows, np.full_like(rows, -1), IMAGE_SIZE).pixels
    tokens = project(model.multi_modal_projector, see(model.vision_model, pixels))
    return tokens.float().mean(1).numpy().astype(np.float16)


@torch.no_grad()
def _named(sight: Sight, artwork: Artwork, gallery: Gallery, split: int) -> float:
    """The share of fresh pictures of known things that is named right."""
    rng = np.random.default_rng((19, split))
    known = np.flatnonzero((artwork.split == split) & (artwork.concept >= 0))
    rows = rng.choice(known, _ASKED)
    right = 0
    for some in np.array_split(rows, _ASKED // 64):
        pixels = gallery.hang(rng, some, np.full_like(some, -1), IMAGE_SIZE).pixels
        told = sight(pixels).names.argmax(1).numpy()
        right += int((told == artwork.concept[some]).sum())
    return right / _ASKED


if __name__ == "__main__":
    typer.run(main)
