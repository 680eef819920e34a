"""The check that asks Llama Guard."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import Self

from chat.moderation import Finding, Side
from models.engine import Engine, Prompt, SamplingParams, TextChunk
from models.errors import TooManyPictures
from models.guard.breaker import Breaker
from models.guard.errors import Unreadable
from models.guard.frame import framed
from models.guard.hazards import Hazard
from models.guard.turns import Turn, fitting, prompt_picture, turns_of
from models.guard.verdict import read
from moderation.checks import Subject

VERDICT = SamplingParams(max_tokens=64, temperature=0, top_p=1)  # all fourteen codes take 44
FRAME = 400  # tokens that an endpoint's template puts around a conversation
WINDOW = 8192  # tokens: a chunk of Llama 4. More would have to be computed for every message
PICTURES = 5  # at once: what the guard was trained with


class GuardCheck:
    """Llama Guard 4 looks at the last message of a conversation, in the light of what was said
    before it: "guard" for the policy.

    It is best in English, in its own words, and less good in French, German, Hindi, Italian,
    Portuguese, Spanish and Thai; a picture is judged together with the words beside it, not by
    itself, and one that a model has made is not its business. Nobody can forge a control token or
    one of the frame's marks (models/guard/typed.py); to be talked into something by what it reads
    is possible, as for every language model.

    Open it before use: that opens its engine. `excluded` are codes that nothing is said about.
    `in_process`: the engine is a checkpoint here, which gets our frame where it has none of its
    own; an endpoint's template is expected to know the frame. `window` bounds what is read, in
    tokens.
    """

    name = "guard"

    def __init__(
        self,
        engine: Engine,
        *,
        excluded: frozenset[str] = frozenset(),
        in_process: bool = False,
        window: int = WINDOW,
        breaker: Breaker | None = None,
    ) -> None:
        self._engine = engine
        self._excluded = excluded
        self._in_process = in_process
        self._window = window
        self._breaker = breaker or Breaker()

    async def __aenter__(self) -> Self:
        await self._engine.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._engine.__aexit__(*exc)

    @property
    def model(self) -> str:
        """What answers, by its exact name; empty while an endpoint has not told it."""
        return self._engine.info.model

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """A finding for each hazard, none where the guard calls it safe.

        Raises GuardAway, Unreadable, or what an engine raises: then nothing is known."""
        with self._breaker.watching():
            if not self._engine.info.known:
                await self._engine.check()
            try:
                hazards = await self._hazards(subject)
            except TooManyPictures:  # the engine has learnt how many; fewer at once then
                hazards = await self._hazards(subject)
        message_id = subject.new[-1].message_id if subject.new else None
        return [
            Finding(self.name, hazard.category, 1.0, side=subject.side, message_id=message_id)
            for hazard in hazards
            if hazard.code not in self._excluded
        ]

    async def _hazards(self, subject: Subject) -> list[Hazard]:
        try:
            async with asyncio.TaskGroup() as group:
                asking = [group.create_task(self._ask(prompt)) for prompt in self._prompts(subject)]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return list(dict.fromkeys(hazard for each in asking for hazard in each.result()))

    async def _ask(self, prompt: Prompt) -> tuple[Hazard, ...]:
        said: list[str] = []
        async with aclosing(self._engine.generate(prompt, VERDICT)) as outputs:
            async for output in outputs:
                if isinstance(output, TextChunk):
                    said.append(output.text)
                elif output.finish_reason != "stop":
                    raise Unreadable("the guard's answer has no end")
        return read("".join(said))

    def _prompts(self, subject: Subject) -> list[Prompt]:
        """What to ask: once, but for long messages and many pictures. Nothing where there is
        nothing to look at."""
        at_once = min(PICTURES, self._engine.info.max_pictures)
        pictures = [prompt_picture(shown) for shown in subject.pictures] if at_once else []
        if not subject.text.strip() and not (pictures and subject.side is Side.QUESTION):
            return []
        groups = [pictures[:at_once]] + [
            pictures[start : start + at_once]
            for start in range(at_once, len(pictures), max(1, at_once))
        ]
        asked = fitting(turns_of(subject, groups[0]), self._fits)
        asked += [fitting(turns_of(subject, group), self._fits)[0] for group in groups[1:]]
        return [self._prompt(turns, subject.conversation_id) for turns in asked]

    def _prompt(self, turns: Sequence[Turn], conversation_id: int = 0) -> Prompt:
        if self._in_process and not self._engine.info.guards:
            return Prompt((framed(turns, self._excluded),), conversation_id)
        return Prompt(tuple(turn.message for turn in turns), conversation_id)

    def _fits(self, turns: Sequence[Turn]) -> bool:
        room = min(self._window, self._engine.info.context_window) - VERDICT.max_tokens
        around = 0 if self._in_process else FRAME
        return self._engine.count(self._prompt(turns)) + around <= room
