"""Train the fledgling from nothing: `python -m models.fledgling.train`. Stopped runs go on."""

import json
from pathlib import Path
from typing import Annotated

import torch
import typer

from models.fledgling.checkpoint import FOLDER, create, export
from models.fledgling.pool import pool
from models.fledgling.sight import Sight, learn_to_see
from models.fledgling.talk import learn_to_talk
from models.fledgling.vocabulary import learn_vocabulary

FIRST_DRAWING = 1_000_000  # seeds below are kept for tests


def train(
    work: Annotated[Path, typer.Option(help="what a stopped run goes on from")] = Path(
        "var/fledgling"
    ),
    into: Annotated[Path, typer.Option(help="the checkpoint folder")] = FOLDER,
    seed: int = 7,
    drawings: int = 40_000,
    see_steps: int = 1800,
    talk_steps: int = 700,
) -> None:
    """Draw, learn to see, learn to talk, write the checkpoint."""
    torch.set_num_threads(2)
    tokenizer = learn_vocabulary(seed)
    model = create(tokenizer, seed=seed)
    sight = Sight(model)
    drawn = pool(work, drawings, seed=FIRST_DRAWING)
    minutes = {"see": learn_to_see(sight, drawn, steps=see_steps, folder=work)}
    minutes["talk"] = learn_to_talk(model, tokenizer, drawn, steps=talk_steps, folder=work)
    export(model, tokenizer, into)
    typer.echo(f"{into}: {json.dumps({name: round(took, 1) for name, took in minutes.items()})}")


if __name__ == "__main__":
    typer.run(train)
