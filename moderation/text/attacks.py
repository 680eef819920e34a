"""A signal that somebody tries to steer the model past its instructions. For reviewers: talk about
prompts, code and role-play are everyday things, and stay low."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from chat.moderation import Category, Finding, Side
from moderation.checks import Said, Subject
from moderation.text.attack_signals import Concepts, Signal
from moderation.text.normalising import Normalised, bounded, readings
from moderation.text.patterns import Patterns
from moderation.text.payloads import decoded, smuggles
from moderation.text.word_lists import shipped_lists

LOWEST = 0.3  # below, it is no finding
MOST_EVIDENCE, LONGEST_EVIDENCE = 5, 120
# Things that look like the borders of a prompt, and what each is worth.
TEMPLATES: tuple[tuple[str, float], ...] = (
    (r"<\|\s?(?:im_start|header_start|start_header_id)\s?\|?>\s{0,3}(?:system|developer)", 0.65),
    (r"<\|[a-z_ ]{2,24}\|>", 0.4),
    (r"\[/?inst\]|<</?sys>>", 0.4),
    (
        r"(?m)^\W{0,6}(?:system|developer|admin|root)(?: (?:message|prompt|note|override|"
        r"instructions?|alert|update|notice|directive))?\W{0,3}:\s*\S",
        0.35,
    ),
    (r"\[(?:system|admin|developer)[^\]\n]{0,30}\]", 0.35),
    (r"</?(?:system|system_prompt|sysprompt|admin|sudo)>", 0.4),
    (
        r"(?:[-=#*<\[]{2,}|\n)\s?(?:end|begin|start|new)(?: of)?(?: the)? (?:system |user |your )?"
        r"(?:prompt|input|document|instructions?|context|message|admin session|query)",
        0.35,
    ),
    (
        r"<(?:interaction-config|blocked-(?:string|responses|modes)|allowed-(?:responses|modes))>",
        0.5,
    ),
    (r"🔓|🔒", 0.35),
    (r"(?:console\.log|print|echo|return)\s?\(?\s?[\"'$]?system_?-?(?:prompt|message)", 0.5),
    (r"godmode|l1b3rt|liberated (?:ai|answer)|jailbr[o0]ken", 0.45),
)
_QUOTED = re.compile(
    r"\"[^\"\n]{5,400}\"|“[^”\n]{5,400}”|«[^»\n]{5,400}»|„[^“”\n]{5,400}[“”]"
    r"|`[^`]{5,400}`|「[^」\n]{3,400}」|(?<!\w)'[^'\n]{8,400}'(?!\w)"
)
QUOTED, ABOUT = 0.5, 0.55  # what a signal is still worth in quotation marks, or when talked about
DISGUISED = 0.25  # what it adds that words were written so that machines overlook them
# Kinds that stay what they are when the text also talks about such things.
_DEEDS = frozenset({"smuggling", "payload", "disguise"})


class AttacksCheck:
    """One finding for each message of a person that scores 0.3 or more."""

    name = "attacks"

    def __init__(self) -> None:
        self._concepts = Concepts(shipped_lists("attack_words"))
        self._templates = Patterns([pattern for pattern, _ in TEMPLATES])

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """What is found in the new words of a question; answers are not looked at."""
        if subject.side is not Side.QUESTION:
            return ()
        findings = (self._finding(said, subject) for said in subject.new)
        return [finding for finding in findings if finding]

    def _finding(self, said: Said, subject: Subject) -> Finding | None:
        text = bounded(said.text)
        signals = weighed(text, [*self._visible(text), *self._hidden(text)])
        score = combined(signals)
        if score < LOWEST:
            return None
        strongest = sorted((one for one in signals if one.weight), key=lambda one: -one.weight)
        evidence = dict.fromkeys(one.written[:LONGEST_EVIDENCE] for one in strongest)
        return Finding(
            check=self.name,
            category=Category.PROMPT_ATTACK,
            score=score,
            side=subject.side,
            evidence=tuple(evidence)[:MOST_EVIDENCE],
            message_id=said.message_id,
        )

    def _visible(self, text: str) -> Iterator[Signal]:
        """What the words say, also where they are disguised."""
        all_readings = readings(text)
        plain = all_readings[0].view
        yield from self._templates_in(plain)
        seen: set[tuple[str, float]] = set()
        for reading in all_readings:
            for signal in self._concepts.signals(reading.words):
                known = (signal.kind, signal.weight) in seen
                if reading.view is not plain and signal.weight >= QUOTED and not known:
                    yield _disguise(signal)
                seen.add((signal.kind, signal.weight))
                yield signal

    def _templates_in(self, plain: Normalised) -> Iterator[Signal]:
        for number in self._templates.matching(plain.text):
            start, end = next(self._templates.found(plain.text, number=number))
            yield Signal(
                kind="template",
                weight=TEMPLATES[number][1],
                start=plain.origins[start],
                end=plain.origins[end],
                written=plain.written(start, end),
            )

    def _hidden(self, text: str) -> Iterator[Signal]:
        """What nobody sees, and what it says when it is decoded."""
        if weight := smuggles(text):
            yield Signal("smuggling", weight, 0, len(text), "invisible characters")
        for inside in decoded(text):
            score = combined(list(self._visible(bounded(inside))))
            if score >= QUOTED:
                yield Signal("payload", min(score + DISGUISED, 1), 0, len(text), inside)


def weighed(text: str, signals: Sequence[Signal]) -> list[Signal]:
    """The signals with what they are worth in this text: less in quotation marks, and where such
    things are talked about."""
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    if sum(end - start for start, end in quoted) > 0.8 * len(text):
        quoted = []  # all of it: somebody pasted, and says nothing about it
    about = any(signal.kind == "about" for signal in signals)
    return [_weighed(signal, quoted=quoted, about=about) for signal in signals]


def _weighed(signal: Signal, *, quoted: Sequence[tuple[int, int]], about: bool) -> Signal:
    if signal.kind in _DEEDS:
        return signal
    weight = signal.weight
    if any(start <= signal.start and signal.end <= end for start, end in quoted):
        weight *= QUOTED
    if about and signal.kind != "reveal":
        weight *= ABOUT
    return Signal(signal.kind, weight, signal.start, signal.end, signal.written)


def combined(signals: Sequence[Signal]) -> float:
    """The score of all kinds together, each as strong as its strongest signal (noisy or)."""
    strongest: dict[str, float] = {}
    for signal in signals:
        strongest[signal.kind] = max(strongest.get(signal.kind, 0), signal.weight)
    return round(1 - math.prod(1 - weight for weight in strongest.values()), 3)


def _disguise(signal: Signal) -> Signal:
    return Signal("disguise", DISGUISED, signal.start, signal.end, signal.written)
