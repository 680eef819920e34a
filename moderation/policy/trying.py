"""Trying a policy: what it would have made of what was said lately, beside the one in force.

Words, links, attacks and repetition are looked for anew under each of the two. What checks of
pictures and Llama Guard found is known only of messages that were flagged, and taken from there:
a policy that asks for less than was flagged then shows less than it would find.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Sequence

from msgspec import Struct, structs

from chat.messages import Speaker
from chat.moderation import Deed, Finding, Side, Verdict
from moderation.checks import Said, Subject, place_of
from moderation.pipeline import Pipeline
from moderation.policy.deciding import decide
from moderation.policy.rules import Policy
from moderation.text.making import TextChecks
from storage.repositories import Flag, Utterance

BEFORE = 20  # messages of a conversation that are remembered for the next one
CONVERSATIONS = 10_000  # whose last messages are remembered
EXAMPLES = 20  # of each change
ANEW = ("words", "links", "attacks", "repetition")  # what is looked for again
LIMIT = 10.0  # seconds for a check: nobody waits
_ORDER = tuple(Deed)
_SIDES = {Speaker.PERSON: Side.QUESTION, Speaker.ASSISTANT: Side.ANSWER}

Deeds = tuple[str, ...]


class Example(Struct, frozen=True):
    """A message of which a policy makes something else; words stay where they were said."""

    message_id: int
    conversation_id: int
    category: str
    check: str
    score: float
    flag_id: int | None = None


class Change(Struct, frozen=True):
    """What so many messages of so many people would have met, instead of what they would meet now.

    Deeds from the mildest to the gravest; `proposed` ones wait for somebody to confirm them. None
    at all stands for being let through."""

    before: Deeds
    after: Deeds
    messages: int
    people: int
    examples: tuple[Example, ...]


class Outcome(Struct, frozen=True):
    """What came of a try. `now` and `then` count messages by deed under each of the two."""

    looked: int
    now: dict[str, int]
    then: dict[str, int]
    changes: tuple[Change, ...]


class _Met(Struct):
    """Those of whom one change is true, while they are counted."""

    messages: int
    people: set[int]
    examples: list[Example]


class Trying:
    """One try of a policy beside the one in force. Takes messages in the order they were said."""

    def __init__(self, now: Policy, then: Policy, *, texts: TextChecks) -> None:
        self._policies = (_unhurried(now), _unhurried(then))
        self._pipelines = [Pipeline((), metrics=_Uncounted(), made=texts.made) for _ in range(2)]
        self._said: OrderedDict[int, deque[Said]] = OrderedDict()
        self._looked = 0
        self._deeds: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._met: dict[tuple[Deeds, Deeds], _Met] = {}

    async def look(self, utterance: Utterance, flags: Sequence[Flag] = ()) -> None:
        """Look at one message; `flags` are those that were raised about it."""
        subject = self._subject(utterance)
        known = [each for flag in flags for each in flag.findings if each.check not in ANEW]
        before, after = [
            await self._verdict(number, subject, known) for number in range(len(self._policies))
        ]
        self._looked += 1
        for counted, verdict in zip(self._deeds, (before, after), strict=True):
            counted.update(deeds_of(verdict))
        if deeds_of(before) != deeds_of(after):
            self._note(utterance, before, after, flags)
        self._said[utterance.message.conversation_id].extend(subject.new)

    @property
    def outcome(self) -> Outcome:
        """What came of it so far, the change that meets the most messages first."""
        changes = [
            Change(before, after, met.messages, len(met.people), tuple(met.examples))
            for (before, after), met in self._met.items()
        ]
        changes.sort(key=lambda change: -change.messages)
        now, then = (dict(counted) for counted in self._deeds)
        return Outcome(self._looked, now, then, tuple(changes))

    def _subject(self, utterance: Utterance) -> Subject:
        message = utterance.message
        side = _SIDES[message.speaker]
        return Subject(
            side=side,
            new=(Said(side, message.text, message.id),),
            before=tuple(self._before(message.conversation_id)),
            place=place_of(utterance.channel, utterance.region, restricted=utterance.restricted),
            language=utterance.language,
            user_id=utterance.user_id,
            conversation_id=message.conversation_id,
        )

    def _before(self, conversation_id: int) -> deque[Said]:
        """What was said before, of as many conversations as we remember."""
        said = self._said.setdefault(conversation_id, deque(maxlen=BEFORE))
        self._said.move_to_end(conversation_id)
        if len(self._said) > CONVERSATIONS:
            self._said.popitem(last=False)
        return said

    async def _verdict(self, number: int, subject: Subject, known: Sequence[Finding]) -> Verdict:
        policy = self._policies[number]
        found = (await self._pipelines[number].look(subject, policy)).findings
        still = [each for each in known if not policy.check(each.check).off]
        return decide(policy, [*found, *still], subject.place)

    def _note(
        self, utterance: Utterance, before: Verdict, after: Verdict, flags: Sequence[Flag]
    ) -> None:
        met = self._met.setdefault((deeds_of(before), deeds_of(after)), _Met(0, set(), []))
        met.messages += 1
        met.people.add(utterance.user_id)
        if len(met.examples) < EXAMPLES:
            met.examples.append(_example(utterance, before, after, flags))


def deeds_of(verdict: Verdict) -> Deeds:
    """What a verdict does, from the mildest to the gravest; a penalty that somebody has to confirm
    with a question mark."""
    immediate = {measure.deed.value for measure in verdict.measures}
    proposed = {f"{measure.deed.value}?" for measure in verdict.proposed}
    return tuple(
        sorted(immediate | proposed, key=lambda deed: _ORDER.index(Deed(deed.rstrip("?"))))
    )


def _example(
    utterance: Utterance, before: Verdict, after: Verdict, flags: Sequence[Flag]
) -> Example:
    leading = after if after.category else before
    of_it = [each for each in leading.findings if each.category == leading.category]
    surest = max(of_it, key=lambda each: each.score)
    return Example(
        utterance.message.id,
        utterance.message.conversation_id,
        surest.category,
        surest.check,
        round(surest.score, 2),
        flags[0].id if flags else None,
    )


def _unhurried(policy: Policy) -> Policy:
    """The same where checks have time: late ones would make two tries differ."""
    rules = {
        name: structs.replace(policy.check(name), limit=LIMIT, closed=False)
        for name in {*ANEW, *policy.checks}
    }
    return structs.replace(policy, checks=rules)


class _Uncounted:
    """A try is nothing that was looked at."""

    def looked(self, check: str, *, seconds: float, found: int) -> None:
        """Not counted."""

    def failed(self, check: str, reason: str) -> None:
        """Not counted."""
