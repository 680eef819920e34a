"""Budgets that people have of their own, given by those who look after the assistant."""

from __future__ import annotations

from collections.abc import Sequence

from chat.budgets import DAY, Allowance, What, with_own
from chat.people import Role, User
from handlers.errors import HandlerError
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import NotPermitted, may_second, outranks
from storage.database import Database, Transaction


class NotAnAmount(HandlerError):
    """It is too little or too much."""

    key = "quota-no-amount"


def may_set(user: User, subject: User) -> bool:
    """Whether somebody may give a person a budget: as with decisions, nobody does for themselves,
    their equals or their betters."""
    return may_second(user) and user.id != subject.id and outranks(user, subject)


async def set_quota(
    tx: Transaction,
    user: User,
    subject: User,
    what: What,
    amount: int | None,
    *,
    usual: Sequence[Allowance],
) -> User:
    """Let a person use so much of something a day, from their next message on; None gives the
    usual limits back. `usual` are these. A moderator gives no more than is usual.

    Raises NotPermitted and NotAnAmount."""
    if not may_set(user, subject):
        raise NotPermitted
    if user.role is Role.MODERATOR and amount is not None and _is_more(what, amount, usual):
        raise NotPermitted
    try:
        budget = with_own(subject.budget, what, amount)
    except ValueError:
        raise NotAnAmount from None
    return await _keep(tx, user, subject, budget, {"what": what.value, "amount": amount})


async def reset_quota(tx: Transaction, user: User, subject: User) -> User:
    """Give a person the usual budget back. Raises NotPermitted."""
    if not may_set(user, subject):
        raise NotPermitted
    return await _keep(tx, user, subject, "", {"what": "all", "amount": None})


async def _keep(
    tx: Transaction,
    user: User,
    subject: User,
    budget: str,
    details: dict[str, str | int | None],
) -> User:
    await tx.users.set_budget(subject.id, budget)
    await tx.audit.add(
        "budget.set", actor=actor_of(user), kind="user", object_id=subject.id, details=details
    )
    return await tx.users.get(subject.id)


def _is_more(what: What, amount: int, usual: Sequence[Allowance]) -> bool:
    """Whether that is more a day than everybody may use."""
    return any(
        each.what is what and each.seconds >= DAY and amount * each.seconds > each.amount * DAY
        for each in usual
    )


class Quotas:
    """The same from the dashboard; every call is its own transaction."""

    def __init__(self, *, database: Database, usual: Sequence[Allowance]) -> None:
        self._database = database
        self._usual = usual

    async def set(self, user: User, user_id: int, what: What, amount: int | None) -> None:
        """See set_quota. Raises NotFound too."""
        async with self._database.write() as tx:
            subject = await tx.users.get(user_id)
            await set_quota(tx, user, subject, what, amount, usual=self._usual)

    async def reset(self, user: User, user_id: int) -> None:
        """See reset_quota. Raises NotFound too."""
        async with self._database.write() as tx:
            await reset_quota(tx, user, await tx.users.get(user_id))
