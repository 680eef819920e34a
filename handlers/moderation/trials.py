"""Trying a version of the policy on what was said lately, before it is in force."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec

from chat.people import User
from handlers.moderation.noting import actor_of
from handlers.moderation.policies import may_edit, shipped
from handlers.moderation.rights import NotPermitted
from moderation.policy.rules import Policy
from moderation.policy.trying import Outcome, Trying
from moderation.policy.written import read_policy
from moderation.text.making import TextChecks
from storage.database import Database
from storage.repositories import Flag, Trial, TrialState, Utterance

DAYS, MOST = 7, 20_000
DAY = 24 * 3600.0
PAGE = 100  # messages between two looks at the database
LOST = 120.0  # seconds without a word of it after which a trial is taken to have died

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Outcome).decode
Progress = Callable[[int, int], Awaitable[None]]


class Trials:
    """What admins and owners try. Looking takes minutes and a process of its own: `start` begins
    one, which calls `run`."""

    def __init__(
        self,
        *,
        database: Database,
        start: Callable[[int], Awaitable[None]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._start = start
        self._clock = clock

    async def ask(self, user: User, number: int) -> Trial:
        """Begin to try a version, unless that is going on already.

        Raises NotPermitted, NotFound."""
        if not may_edit(user):
            raise NotPermitted
        async with self._database.write() as tx:
            if number:
                await tx.policies.get(number)
            known = await tx.trials.latest(number)
            if known is not None and self.runs(known):
                return known
            live = await tx.policies.live() or shipped()
            trial = await tx.trials.add(number, against=live.number, asked_by=user.id)
            await tx.audit.add(
                "policy.tried", actor=actor_of(user), kind="policy", object_id=number
            )
        await self._start(trial.id)
        return trial

    async def latest(self, number: int) -> Trial | None:
        """The last try of a version."""
        async with self._database.read() as tx:
            return await tx.trials.latest(number)

    def runs(self, trial: Trial) -> bool:
        """Whether it has not ended, and somebody still works at it."""
        return trial.runs and self._clock() - trial.seen_at < LOST


def outcome_of(trial: Trial) -> Outcome | None:
    """What came of it, where it is done."""
    return _decode(trial.outcome) if trial.state is TrialState.DONE else None


async def run(database: Database, trial_id: int, *, clock: Callable[[], float] = time.time) -> None:
    """Try what a trial asks for and keep what came of it. Raises NotFound."""

    async def tell(looked: int, expected: int) -> None:
        async with database.write() as tx:
            await tx.trials.advance(trial_id, looked=looked, expected=expected)

    async with database.read() as tx:
        trial = await tx.trials.get(trial_id)
    try:
        now = await _version(database, trial.against)
        then = await _version(database, trial.policy)
        outcome = await try_policy(database, now, then, since=clock() - DAYS * DAY, tell=tell)
    except Exception:
        async with database.write() as tx:
            await tx.trials.end(trial_id, TrialState.FAILED)
        raise
    async with database.write() as tx:
        await tx.trials.end(trial_id, TrialState.DONE, _encode(outcome).decode())


async def try_policy(
    database: Database,
    now: Policy,
    then: Policy,
    *,
    since: float,
    most: int = MOST,
    tell: Progress,
) -> Outcome:
    """What `then` would have made of the newest `most` messages since a time (epoch seconds)
    instead of `now`. `tell` hears how many were looked at, of how many."""
    texts = TextChecks()
    try:
        trying, looked = Trying(now, then, texts=texts), 0
        async with database.read() as tx:
            after, expected = await tx.spoken.begin(since, most=most)
        await tell(0, expected)
        async for page in _pages(database, after, since):
            for utterance, flags in page:
                await trying.look(utterance, flags)
            looked += len(page)
            await tell(looked, max(looked, expected))
        return trying.outcome
    finally:
        texts.close()


async def _pages(
    database: Database, after: int, since: float
) -> AsyncIterator[list[tuple[Utterance, list[Flag]]]]:
    """Messages with the flags about them; no session is open while they are looked at."""
    while True:
        async with database.read() as tx:
            page = await tx.spoken.page(after, since, size=PAGE)
            flags = await tx.flags.of_messages([each.message.id for each in page]) if page else []
        if not page:
            return
        of_message: dict[int | None, list[Flag]] = {}
        for flag in flags:
            of_message.setdefault(flag.message_id, []).append(flag)
        yield [(each, of_message.get(each.message.id, [])) for each in page]
        after = page[-1].message.id


async def _version(database: Database, number: int) -> Policy:
    if number == 0:
        return read_policy(shipped().text)
    async with database.read() as tx:
        return read_policy((await tx.policies.get(number)).text, number=number)
