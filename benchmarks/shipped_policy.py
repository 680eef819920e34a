"""What the policy that ships makes of harmless people and of attacks: `make bench-policy`
(`python -m benchmarks.shipped_policy`).

All checks that need no service look, the way a worker has them look. Harmless: the sample of
messages that comes with the tests, requests that resemble attacks, and pictures of Debian packages
(`python -m benchmarks.harmless` fetches them). Attacks: the public lists of text_corpora.txt.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct, structs
from rich.console import Console
from rich.table import Table

from benchmarks.harmless import pictures
from benchmarks.picture_checks import PATIENT, stored
from benchmarks.text_checks import subject
from benchmarks.text_corpora import attacks, harmless, look_alikes, talk
from chat.moderation import Verdict
from moderation.checks import Subject
from moderation.pictures.checker import PictureChecker
from moderation.pictures.nudity import NudityCheck
from moderation.pipeline import Pipeline
from moderation.policy.deciding import decide
from moderation.policy.rules import Policy
from moderation.policy.written import shipped_policy
from moderation.text.making import TextChecks

console = Console(width=110)


class Judged(Struct, frozen=True):
    """A name for people to read, and what followed."""

    name: str
    verdict: Verdict


class Uncounted:
    """Nobody looks at metrics here."""

    def looked(self, check: str, *, seconds: float, found: int) -> None:
        """Not counted."""

    def failed(self, check: str, reason: str) -> None:
        """What a check could not look at would count as harmless."""
        raise RuntimeError(f"{check}: {reason}")


async def judge(
    pipeline: Pipeline, policy: Policy, asked: Iterable[tuple[str, Subject]]
) -> list[Judged]:
    """What the policy makes of each."""
    return [
        Judged(name, decide(policy, (await pipeline.look(each, policy)).findings, each.place))
        for name, each in asked
    ]


def texts(named: Iterable[tuple[str, str]]) -> list[tuple[str, Subject]]:
    """Messages by language or list."""
    return [(f"{name}: {text}", subject(text)) for name, text in named]


async def shown(most: int) -> list[tuple[str, Subject]]:
    """Harmless pictures as they are stored, each with a few words."""
    kept = await stored(pictures()[:most])
    question = subject("What is this?")
    return [
        (f"{path.parent.name}/{path.name}", structs.replace(question, pictures=(picture,)))
        for path, picture in kept.items()
    ]


def row(name: str, judged: Sequence[Judged]) -> list[str]:
    """How many of them met what."""
    met = Counter(measure.deed.value for each in judged for measure in each.verdict.measures)
    stopped = sum(each.verdict.stops for each in judged)
    deeds = ", ".join(f"{deed} {count}" for deed, count in met.items()) or "nothing"
    share = stopped / len(judged) if judged else 0.0
    return [name, str(len(judged)), deeds, f"{stopped} ({share:.2%})"]


def gone_wrong(judged: Iterable[Judged]) -> list[str]:
    """Everything harmless that met something, a line each."""
    return [
        f"{', '.join(m.deed for m in each.verdict.measures)} for {each.verdict.category}: "
        f"{each.name[:160]!r}"
        for each in judged
        if each.verdict.measures
    ]


async def measure(most: int) -> list[str]:
    """Look at everything and print the table; what was harmless and met something."""
    policy, checks = shipped_policy(), TextChecks()
    # Time is measured elsewhere; a machine that does other things must not change what is found.
    patient = {
        name: structs.replace(rule, limit=3600.0, closed=False)
        for name, rule in policy.checks.items()
    }
    policy = structs.replace(policy, checks=patient)
    async with PictureChecker(limits=PATIENT) as checker:
        pipeline = Pipeline([NudityCheck(checker)], metrics=Uncounted(), made=checks.made)
        groups = {
            "harmless messages": texts(harmless()),
            "harmless, about prompts and games": texts(("talk", each) for each in talk()),
            "harmless, resembling attacks": texts(("like", each) for each in look_alikes()),
            "harmless pictures": await shown(most),
        }
        groups |= {
            f"attacks, {name}": texts((name, each) for each in found)
            for name, found in attacks().items()
        }
        table = Table("what", "looked at", "met", "refused or held")
        wrong: list[str] = []
        for name, asked in groups.items():
            judged = await judge(pipeline, policy, asked)
            table.add_row(*row(name, judged))
            if name.startswith("harmless"):
                wrong += gone_wrong(judged)
    checks.close()
    console.print(table)
    return wrong


def main(
    most: Annotated[int, typer.Option(help="So many harmless pictures.")] = 600,
    failures: Annotated[Path | None, typer.Option(help="Write down what met something.")] = None,
) -> None:
    """Judge and print."""
    wrong = asyncio.run(measure(most))
    for line in wrong[:40]:
        console.print(f"  {line}", markup=False)
    if failures:
        failures.write_text("\n".join(wrong) + "\n", "utf-8")


if __name__ == "__main__":
    typer.run(main)
