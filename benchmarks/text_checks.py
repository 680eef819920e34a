"""How fast and how right the checks of words are: `python -m benchmarks.text_checks`.

`--failures FILE` writes down every harmless message with a finding, and every attack without one.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.text_corpora import attacks, harmless, look_alikes, talk
from chat.moderation import Finding, Side
from moderation.checks import Check, Said, Subject
from moderation.text.attacks import AttacksCheck
from moderation.text.links import LinksCheck
from moderation.text.repetition import RepetitionCheck
from moderation.text.word_lists import shipped_lists
from moderation.text.words import WordsCheck

COUNTS = 0.5  # the score from which a finding counts
LENGTH = 500  # characters of the messages that are timed
ROUNDS = 400


class Failure(Struct, frozen=True):
    """A harmless message with a finding, or an attack without one."""

    corpus: str
    text: str
    findings: tuple[Finding, ...] = ()


def checks() -> list[Check]:
    """All four, as they are set up by default."""
    return [WordsCheck(shipped_lists()), LinksCheck(), AttacksCheck(), RepetitionCheck()]


def subject(text: str, *, language: str = "", before: Sequence[str] = ()) -> Subject:
    """A question, and what the same person asked before."""
    earlier = tuple(Said(Side.QUESTION, each) for each in before)
    new = (Said(Side.QUESTION, text),)
    return Subject(side=Side.QUESTION, new=new, before=earlier, language=language)


async def found(each: Iterable[Check], asked: Subject) -> tuple[Finding, ...]:
    """What all checks find that counts."""
    findings = [finding for check in each for finding in await check.look(asked)]
    return tuple(finding for finding in findings if finding.score >= COUNTS)


async def speed(each: Sequence[Check]) -> None:
    """Messages a second on one core, for every check and all together."""
    texts = list(_messages())
    print(f"\nMessages of {LENGTH} characters, ten earlier ones each, one core:")
    for check in each:
        print(f"  {check.name:12} {await _milliseconds([check], texts):6.2f} ms")
    together = await _milliseconds(each, texts)
    print(f"  {'together':12} {together:6.2f} ms, {1000 / together:.0f} messages a second")


def _messages() -> Iterable[str]:
    """Harmless sentences of one language put together to the length; each message different."""
    by: dict[str, str] = {}
    for language, text in harmless():
        by[language] = f"{by.get(language, '')} {text}"
    long = [text for text in by.values() if len(text) > 2 * LENGTH]
    for number in range(ROUNDS):
        text = long[number % len(long)]
        start = number // len(long) * 37 % (len(text) - LENGTH)
        yield text[start : start + LENGTH]


async def _milliseconds(each: Sequence[Check], texts: Sequence[str]) -> float:
    asked = [subject(text, before=texts[n : n + 10]) for n, text in enumerate(texts)]
    start = time.process_time()
    for one in asked:
        for check in each:
            await check.look(one)
    return (time.process_time() - start) / len(asked) * 1000


async def wrongly_found(each: Sequence[Check]) -> list[Failure]:
    """Harmless messages with a finding; a table by language."""
    pairs = [*harmless(), *(("talk", text) for text in talk())]
    failures = []
    for language, text in pairs:
        known = language if language != "talk" else ""
        if findings := await found(each, subject(text, language=known)):
            failures.append(Failure(corpus=language, text=text, findings=findings))
    asked, wrong = Counter(name for name, _ in pairs), Counter(one.corpus for one in failures)
    print("\nHarmless messages with a finding that counts (talk: our own, near to attacks):")
    for name, total in asked.items():
        if wrong[name] or total >= 100:
            print(f"  {name:6} {wrong[name]:3} of {total}")
    spoken = sum(count for name, count in wrong.items() if name != "talk")
    total = len(pairs) - asked["talk"]
    languages = len(asked) - 1
    print(f"  all    {spoken:3} of {total} in {languages} languages ({spoken / total:.2%})")
    return failures


async def attacks_found(check: AttacksCheck) -> list[Failure]:
    """Recall on each public list of attacks, and precision over all of them and all that is
    harmless, look-alikes included."""
    missed, hits, total = [], 0, 0
    print("\nAttacks found (score 0.5 or more):")
    for name, texts in attacks().items():
        marked = [await found([check], subject(text)) for text in texts]
        missed += [Failure(name, t) for t, one in zip(texts, marked, strict=True) if not one]
        right = sum(bool(one) for one in marked)
        hits, total = hits + right, total + len(texts)
        print(f"  {name:26} {right:4} of {len(texts):4} ({right / len(texts):.0%})")
    wrong = [await _wrong(check, text) for text in (*look_alikes(), *talk())]
    wrong += [await _wrong(check, text) for _, text in harmless()]
    errors = [one for one in wrong if one]
    print(f"  recall {hits / total:.1%}; precision {hits / (hits + len(errors)):.1%}", end="")
    print(
        f" ({len(errors)} of {len(wrong)} harmless ones, {len(look_alikes())} of them look-alikes)"
    )
    return [*missed, *errors]


async def _wrong(check: AttacksCheck, text: str) -> Failure | None:
    findings = await found([check], subject(text))
    return Failure("no attack", text, findings) if findings else None


def _write(path: Path, failures: Iterable[Failure]) -> None:
    lines = [
        f"[{one.corpus}] {one.text!r}"
        + "".join(f"\n    {f.category} {f.score} {f.evidence}" for f in one.findings)
        for one in failures
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


async def measure(failures: Path | None) -> None:
    """Everything, and the failures into a file if one is named."""
    each = checks()
    await speed(each)
    wrong = await wrongly_found(each)
    missed = await attacks_found(AttacksCheck())
    if failures:
        _write(failures, [*wrong, *missed])


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", type=Path, help="a file for what was judged wrongly")
    asyncio.run(measure(parser.parse_args().failures))


if __name__ == "__main__":
    main()
