"""Several endpoints that serve the same model as one engine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from hashlib import blake2b
from typing import Self

from msgspec.structs import replace

from models.endpoint.engine import HttpEngine
from models.engine import EngineInfo, EngineOutput, Prompt, SamplingParams
from models.errors import EngineMisconfigured, EngineUnavailable

REST = 10.0  # seconds that an endpoint is left alone after it failed, unless it named a time
MORE = 4  # answers under way that the endpoint of a conversation may have over the idlest one


class _Member:
    """One endpoint, what it is doing, and until when it is left alone."""

    def __init__(self, engine: HttpEngine) -> None:
        self.engine = engine
        self.busy = 0
        self.resting_until = 0.0
        self.failure: EngineUnavailable | None = None


class EndpointPool:
    """Sends a conversation to the endpoint that has its beginning in memory, while that one is not
    much busier than the others, and to another one where it does not answer.

    An answer moves only before its first token: afterwards the person has read half of it.
    """

    def __init__(
        self, engines: Sequence[HttpEngine], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._members = [_Member(engine) for engine in engines]
        self._clock = clock

    async def __aenter__(self) -> Self:
        self._open = AsyncExitStack()
        for member in self._members:
            await self._open.enter_async_context(member.engine)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    @property
    def info(self) -> EngineInfo:
        """What all of them can do: the smallest window, the fewest pictures."""
        infos = [member.engine.info for member in self._awake() or self._members]
        return replace(
            next((info for info in infos if info.model), infos[0]),
            context_window=min(info.context_window for info in infos),
            max_pictures=min(info.max_pictures for info in infos),
            local=all(info.local for info in infos),
            concurrency=sum(info.concurrency for info in infos),
            known=all(info.known for info in infos),
        )

    @property
    def last_step_at(self) -> float:
        return self._clock()  # the steps are the endpoints'; each one's patience watches over them

    async def check(self) -> None:
        """Ask all of them; it is enough that one would answer."""
        await asyncio.gather(*(self._ask(member) for member in self._members))
        if not self._awake():
            raise self._away()

    def count(self, prompt: Prompt) -> int:
        return max(member.engine.count(prompt) for member in self._members)

    async def generate(
        self, prompt: Prompt, params: SamplingParams
    ) -> AsyncGenerator[EngineOutput, None]:
        tried: set[_Member] = set()
        while member := self._choose(prompt.conversation_id, tried):
            tried.add(member)
            said = False
            member.busy += 1
            try:
                async with aclosing(member.engine.generate(prompt, params)) as outputs:
                    async for output in outputs:
                        said = True
                        yield output
                return
            except EngineUnavailable as error:
                self._rest(member, error)
                if said:
                    raise
            finally:
                member.busy -= 1
        raise self._away()

    async def _ask(self, member: _Member) -> None:
        try:
            await member.engine.check()
        except EngineUnavailable as error:
            self._rest(member, error)
        else:
            member.resting_until, member.failure = 0.0, None

    def _choose(self, conversation_id: int, tried: set[_Member]) -> _Member | None:
        """The conversation's own endpoint, the idlest one where that is too busy; None: all failed.

        Rendezvous hashing (Thaler and Ravishankar, 1998): an endpoint that comes or goes moves no
        conversation but its own.
        """
        awake = [member for member in self._awake() or self._members if member not in tried]
        if not awake:
            return None
        own = max(awake, key=lambda member: _weight(conversation_id, self._members.index(member)))
        idlest = min(awake, key=lambda member: member.busy)
        return own if own.busy < idlest.busy + MORE else idlest

    def _awake(self) -> list[_Member]:
        now = self._clock()
        return [member for member in self._members if member.resting_until <= now]

    def _rest(self, member: _Member, error: EngineUnavailable) -> None:
        wait = REST if error.retry_after is None else error.retry_after
        member.resting_until, member.failure = self._clock() + wait, error

    def _away(self) -> EngineUnavailable:
        """Nobody answers; turns wait in the queue, as long as all of them asked for."""
        failures = [member.failure for member in self._members if member.failure is not None]
        said = "; ".join(str(error) for error in failures)
        if failures and all(isinstance(error, EngineMisconfigured) for error in failures):
            return EngineMisconfigured(said)
        waits = [error.retry_after for error in failures if error.retry_after is not None]
        wait = min(waits) if waits and len(waits) == len(failures) else None
        return EngineUnavailable(said or "no endpoint answers", retry_after=wait)


def _weight(conversation_id: int, place: int) -> bytes:
    return blake2b(f"{conversation_id}/{place}".encode(), digest_size=8).digest()
