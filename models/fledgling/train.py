"""Train the fledgling: `python -m models.fledgling.train`. Stopped runs go on where they were."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from transformers import Llama4ForConditionalGeneration, PreTrainedTokenizerFast

from models.fledgling.checkpoint import FOLDER, create, export, load, load_heads, save_heads
from models.fledgling.data.artwork import load_artwork
from models.fledgling.data.photographs import load_photographs
from models.fledgling.data.teacher import load_features
from models.fledgling.drawn.pool import pool
from models.fledgling.drawn.scenes import TRAINING_SEEDS
from models.fledgling.talking.vocabulary import learn_vocabulary
from models.fledgling.training.bank import Portions, encode
from models.fledgling.training.crew import Crew, muster
from models.fledgling.training.curve import draw_curves
from models.fledgling.training.gallery import Gallery
from models.fledgling.training.seeing import Material, learn_to_see
from models.fledgling.training.sight import Sight
from models.fledgling.training.talk import align, learn_to_talk

WORK = Path("var/fledgling")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the recipe; see `train` for what each field means."""

    work: Path
    name: str
    into: Path
    start: Path | None
    seed: int
    drawings: int
    small_steps: int
    see_steps: int
    see_rate: float
    talk_steps: int
    talk_rate: float
    bank: int
    heads: Path

    def __call__(self, crew: Crew) -> None:
        """This process's part of it."""
        folder = self.work / self.name
        material = self._material()
        model, tokenizer = self._begin()
        sight = Sight(model)
        if self.start:
            load_heads(sight, self.heads)
        minutes = {"see": self._see(sight, material, folder, crew)}
        bank = encode(sight, material, Portions(self.bank), folder=folder, crew=crew)
        if not self.start:
            align(model, sight, tokenizer)
        minutes["talk"] = learn_to_talk(
            model,
            tokenizer,
            bank,
            steps=self.talk_steps,
            rate=self.talk_rate,
            folder=folder,
            crew=crew,
        )
        if crew.leads:
            export(model, tokenizer, self.into)
            save_heads(sight, self.heads)
            draw_curves(folder, folder / "curves.png")
            told = {stage: round(took, 1) for stage, took in minutes.items()}
            typer.echo(f"{self.into}: minutes {json.dumps(told)}")

    def _material(self) -> Material:
        artwork, photographs = load_artwork(self.work), load_photographs(self.work)
        drawings = pool(self.work, self.drawings, TRAINING_SEEDS)
        features = load_features(self.work)
        return Material(
            Gallery(artwork, photographs), drawings, features.artwork, features.photographs
        )

    def _begin(self) -> tuple[Llama4ForConditionalGeneration, PreTrainedTokenizerFast]:
        if self.start:
            return load(self.start)
        tokenizer = learn_vocabulary(self.seed)
        return create(tokenizer, seed=self.seed), tokenizer

    def _see(self, sight: Sight, material: Material, folder: Path, crew: Crew) -> float:
        return learn_to_see(
            sight,
            material,
            steps=self.see_steps,
            small=self.small_steps,
            rate=self.see_rate,
            folder=folder,
            crew=crew,
        )


def train(
    work: Annotated[Path, typer.Option(help="the data, see models.fledgling.data")] = WORK,
    name: Annotated[str, typer.Option(help="of the run: what a stopped one goes on from")] = "run",
    into: Annotated[Path, typer.Option(help="the checkpoint folder")] = FOLDER,
    start: Annotated[Path | None, typer.Option(help="a checkpoint to begin from")] = None,
    seed: int = 7,
    drawings: int = 60_000,
    small_steps: Annotated[int, typer.Option(help="of see-steps, on half-size pictures")] = 800,
    see_steps: int = 1600,
    see_rate: float = 5e-3,
    talk_steps: int = 780,
    talk_rate: float = 3e-3,
    bank: Annotated[int, typer.Option(help="pictures encoded to talk about")] = 52_000,
    heads: Annotated[Path, typer.Option(help="where the heads of stage one are kept")] = WORK,
    processes: int = 2,
) -> None:
    """Learn to see, learn to talk, write the checkpoint."""
    pool(work, drawings, TRAINING_SEEDS)
    run = Run(
        work, name, into, start, seed, drawings, small_steps, see_steps, see_rate, talk_steps,
        talk_rate, bank, heads,
    )  # fmt: skip
    muster(run, processes)


if __name__ == "__main__":
    typer.run(train)
