"""Looking at flags: claimed, decided, undone, left to others. Every call is its own transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from chat.people import Role, User
from handlers.errors import NotFound
from handlers.moderation.deciding import (
    Choice,
    check_subject,
    decide_about,
    write_decision,
)
from handlers.moderation.noting import note_decision, note_flag
from handlers.moderation.rights import (
    LEVELS,
    OTHERS_DATA,
    NotPermitted,
    Taken,
    TooLate,
    check_verdict,
    may_second,
    seat_in,
    seconders,
    sees,
)
from moderation.policy.live import LivePolicy
from storage.database import Database, Transaction
from storage.repositories import Decision, DecisionState, Flag, ReviewVerdict

CLAIM = 5 * 60.0  # seconds that a flag is kept for whoever opened it


class Reviews:
    """What reviewers do with flags."""

    def __init__(
        self, *, database: Database, policy: LivePolicy, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._policy = policy
        self._clock = clock

    async def queue(
        self, user: User, *, most: int = 50, after: tuple[int, int] | None = None
    ) -> list[Flag]:
        """What waits for this person; see Flags.queue. Raises NotPermitted."""
        async with self._database.read() as tx:
            seat = await seat_in(tx, user)
            return await tx.review_queue.page(seat, most=most, after=after)

    async def open(self, user: User, flag_id: int) -> Flag:
        """A flag, claimed by who opens it where nobody else has; as it stands otherwise.

        Raises NotFound where it is not for them, as if there were none."""
        async with self._database.write() as tx:
            return await open_flag(tx, user, flag_id)

    async def see(self, user: User, flag_id: int) -> Flag:
        """A flag as it stands, claimed by nobody through this. Raises NotFound."""
        async with self._database.read() as tx:
            return await _visible(tx, user, flag_id)

    async def next(self, user: User, *, but: Collection[int] = ()) -> Flag | None:
        """The most urgent flag that nobody looks at, claimed; None where there is none."""
        async with self._database.write() as tx:
            seat = await seat_in(tx, user)
            return await tx.review_queue.claim_next(seat, seconds=CLAIM, but=but)

    async def let_go(self, user: User, flag_id: int) -> None:
        """Give a claimed flag back."""
        async with self._database.write() as tx:
            await tx.review_queue.unclaim(flag_id, user.id)

    async def decide(self, user: User, flag_id: int, choice: Choice) -> Decision:
        """Decide a flag; see decide_flag."""
        policy = await self._policy.get()
        async with self._database.write() as tx:
            return await decide_flag(
                tx, user, flag_id, choice, policy=policy.number, now=self._clock()
            )

    async def act(self, user: User, subject_id: int, choice: Choice) -> Decision:
        """Decide about a person without any flag, by an admin command or their page.

        Raises NotPermitted and NotFound."""
        policy = await self._policy.get()
        async with self._database.write() as tx:
            return await decide_about(
                tx, user, subject_id, choice, policy=policy.number, now=self._clock()
            )

    async def undo(self, user: User, decision_id: int) -> Flag | None:
        """Take back one's own decision that does not count yet; the flag, claimed again.

        Raises NotPermitted, and TooLate once it counts."""
        async with self._database.write() as tx:
            return await undo_decision(tx, user, decision_id)

    async def second(self, user: User, decision_id: int, *, agree: bool) -> Decision:
        """Agree to a decision that needs two, or reject it. Raises NotPermitted for who made it."""
        async with self._database.write() as tx:
            decision = await tx.decisions.get(decision_id)
            if decision.decided_by == user.id or user.role not in seconders(decision.verdict):
                raise NotPermitted
            if decision.user_id is not None:
                await check_subject(tx, user, decision.user_id)
            if decision.state is not DecisionState.WAITING:
                raise TooLate
            state = DecisionState.COUNTING if agree else DecisionState.REJECTED
            moved = await tx.decisions.move(
                decision, state, due_at=self._clock(), seconded_by=user.id
            )
            if not moved:
                raise TooLate
            word = "decision.seconded" if agree else "decision.rejected"
            await note_decision(tx, word, decision, by=user)
            if not agree and decision.flag_id is not None:
                await tx.review_queue.reopen(decision.flag_id, user.id, seconds=CLAIM)
            return await tx.decisions.get(decision_id)

    async def to_second(self, user: User) -> list[Decision]:
        """Decisions of others that wait for somebody like this person to agree."""
        if not may_second(user):
            return []
        async with self._database.read() as tx:
            waiting = await tx.decisions.waiting()
        return [
            each
            for each in waiting
            if each.decided_by != user.id and user.role in seconders(each.verdict)
        ]

    async def undoable(self, user: User, decision_id: int) -> Decision | None:
        """One's own decision, where it can still be undone."""
        async with self._database.read() as tx:
            try:
                decision = await tx.decisions.get(decision_id)
            except NotFound:
                return None
        open_states = (DecisionState.COUNTING, DecisionState.WAITING)
        mine = decision.decided_by == user.id and decision.state in open_states
        return decision if mine and decision.due_at > self._clock() else None

    @staticmethod
    def may(user: User, verdict: ReviewVerdict, seconds: float | None) -> bool:
        """Whether the role permits a decision."""
        try:
            check_verdict(user, verdict, seconds)
        except NotPermitted:
            return False
        return True

    async def snooze(self, user: User, flag_id: int, seconds: float) -> None:
        """Have a flag come up again later. Raises NotFound."""
        async with self._database.write() as tx:
            await _visible(tx, user, flag_id)
            if not await tx.review_queue.snooze(flag_id, self._clock() + seconds):
                raise Taken
            await note_flag(tx, "flag.snoozed", flag_id, by=user)

    async def escalate(self, user: User, flag_id: int) -> None:
        """Leave a flag to the next higher role. Raises NotFound; NotPermitted at the top."""
        async with self._database.write() as tx:
            flag = await _visible(tx, user, flag_id)
            level = max(LEVELS.index(Role(flag.level)), LEVELS.index(user.role)) + 1
            if level >= len(LEVELS):
                raise NotPermitted
            if not await tx.review_queue.escalate(flag_id, LEVELS[level].value):
                raise Taken
            await note_flag(tx, "flag.escalated", flag_id, by=user)


async def open_flag(tx: Transaction, user: User, flag_id: int) -> Flag:
    """A flag, claimed by who opens it where nobody else has; as it stands otherwise.

    Raises NotFound where it is not for them, as if there were none."""
    seat = await seat_in(tx, user)
    await _visible(tx, user, flag_id)
    await tx.review_queue.claim(flag_id, seat, seconds=CLAIM)
    return await tx.flags.get(flag_id)


async def decide_flag(
    tx: Transaction, user: User, flag_id: int, choice: Choice, *, policy: int, now: float
) -> Decision:
    """Decide a flag. What follows waits for ten seconds, in which it can be undone; what needs two
    people waits for the other one. `policy` is the number of the version in force.

    Raises NotPermitted, NotFound, and Taken where somebody else is at it or was quicker."""
    check_verdict(user, choice.verdict, choice.seconds)
    if choice.verdict in OTHERS_DATA:
        raise NotPermitted
    seat = await seat_in(tx, user)
    flag = await _visible(tx, user, flag_id)
    await check_subject(tx, user, flag.user_id)
    if not await tx.review_queue.claim(flag_id, seat, seconds=CLAIM):
        raise Taken
    if not await tx.flags.close(flag_id):
        raise Taken
    return await write_decision(tx, user, choice, policy=policy, now=now, flag=flag)


async def undo_decision(tx: Transaction, user: User, decision_id: int) -> Flag | None:
    """As Reviews.undo, within a transaction."""
    decision = await tx.decisions.get(decision_id)
    if decision.decided_by != user.id:
        raise NotPermitted
    open_states = (DecisionState.COUNTING, DecisionState.WAITING)
    if decision.state not in open_states or not await tx.decisions.move(
        decision, DecisionState.UNDONE
    ):
        raise TooLate
    await note_decision(tx, "decision.undone", decision, by=user)
    if decision.flag_id is None:
        return None
    await tx.review_queue.reopen(decision.flag_id, user.id, seconds=CLAIM)
    return await tx.flags.get(decision.flag_id)


async def _visible(tx: Transaction, user: User, flag_id: int) -> Flag:
    """A flag that is for somebody to see. Raises NotFound, also for those that are not."""
    flag = await tx.flags.get(flag_id)
    if not sees(await seat_in(tx, user), flag):
        raise NotFound
    return flag
