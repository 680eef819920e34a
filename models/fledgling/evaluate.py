"""Ask the checkpoint what it never saw: `python -m models.fledgling.evaluate`."""

import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer

from models.fledgling.checkpoint import FOLDER
from models.fledgling.data.artwork import load_artwork
from models.fledgling.data.photographs import load_photographs
from models.fledgling.evaluating import experts as routing
from models.fledgling.evaluating import rows
from models.fledgling.evaluating.fledgling import (
    SYSTEM,
    Chat,
    Fledgling,
    assistant,
    system,
    user,
)
from models.fledgling.evaluating.hall import Hall
from models.fledgling.evaluating.questions import Question, Told, ask_all
from models.fledgling.evaluating.several import two_pictures
from models.fledgling.evaluating.single import drawn, everyday, instead, reading, unknown
from models.fledgling.evaluating.speed import speed as measure_speed
from models.fledgling.evaluating.table import markdown, table_of
from models.fledgling.evaluating.talk import definitions, small_talk

__all__ = ["SYSTEM", "Chat", "Fledgling", "assistant", "system", "user"]

WORK = Path("var/fledgling")
_WORKERS = 2  # threads that answer
_WATCHED = 24  # questions of each kind whose tokens are followed through the experts


def questions_of(hall: Hall, count: int) -> Iterator[Question]:
    """About so many questions, and small talk."""
    counts = rows.counts(count)
    for kind in (everyday, unknown, drawn, reading, two_pictures, instead, definitions):
        yield from kind(hall, counts)
    yield from small_talk()


def evaluate(
    checkpoint: Annotated[Path, typer.Option(help="the checkpoint folder")] = FOLDER,
    work: Annotated[Path, typer.Option(help="where training keeps artwork and photographs")] = WORK,
    seed: Annotated[int | None, typer.Option(help="of the questions; fresh unless given")] = None,
    questions: Annotated[int, typer.Option(help="about how many are asked")] = 2400,
    into: Annotated[Path | None, typer.Option(help="a file for the table, too")] = None,
    answers: Annotated[Path | None, typer.Option(help="a file (TSV) for all answers")] = None,
    experts: Annotated[Path | None, typer.Option(help="a picture (PNG) of the experts")] = None,
    speed: Annotated[bool, typer.Option("--speed", help="measure how fast it answers")] = False,
) -> None:
    """Print how many questions about unseen pictures are answered rightly, beside the aims."""
    torch.set_num_threads(1)
    started = time.monotonic()
    seed = secrets.randbelow(10**9) if seed is None else seed
    fledgling = Fledgling(checkpoint, workers=_WORKERS)
    hall = Hall(load_artwork(work), load_photographs(work), side=fledgling.side, seed=seed)
    asked = list(questions_of(hall, questions))
    told = list(ask_all(fledgling, asked))
    minutes = (time.monotonic() - started) / 60
    report = f"Seed {seed}, {len(told)} questions.\n\n{markdown(table_of(told))}"
    if experts is not None:
        report += f"\n{_experts(fledgling, asked, experts)}\n"
    if speed:
        torch.set_num_threads(_WORKERS)
        found = measure_speed(fledgling)
        report += (
            f"\nFirst token about a new picture after {found.first:.2f} s, "
            f"then {found.rate:.0f} tokens/s.\n"
        )
    typer.echo(report)
    typer.echo(f"It took {minutes:.1f} minutes.", err=True)
    if into is not None:
        into.write_text(report, encoding="utf-8")
    if answers is not None:
        answers.write_text(_listed(told), encoding="utf-8")


def _experts(fledgling: Fledgling, asked: Sequence[Question], file: Path) -> str:
    """Draw which experts serve what; how much the idlest one does."""
    kinds: dict[str, list[Question]] = {}
    for question in asked:
        if question.row not in (rows.BLANK, rows.SWAPPED, rows.TALK):  # without true answers
            kind = question.parts[0] if question.row in (rows.SEEN, rows.DRAWN) else question.row
            kinds.setdefault(kind, []).append(question)
    load = routing.measure(fledgling, {kind: some[:_WATCHED] for kind, some in kinds.items()})
    routing.draw(load, file)
    met = "" if load.least >= routing.LEAST else ", less than aimed at"
    return f"The idlest expert takes {load.least:.1%} of the tokens of its layer{met}."


def _listed(told: Sequence[Told]) -> str:
    """All answers, a line each: row, question, truth, answer, right or wrong."""
    lines = ["row\tasked\ttruth\tanswer\tright"]
    for one in told:
        question = one.question
        row = ", ".join((question.row, *question.parts))
        cells = (row, question.asked, question.truth, one.answer, "yes" if one.right else "no")
        lines.append("\t".join(" ".join(cell.split()) for cell in cells))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    typer.run(evaluate)
