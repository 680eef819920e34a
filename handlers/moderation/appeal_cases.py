"""Everything that is needed to hear an appeal, in one look."""

from __future__ import annotations

from msgspec import Struct

from chat.outbound import Notice
from chat.people import User
from handlers.errors import NotFound
from handlers.moderation.appeals import Heard, hear
from handlers.moderation.cases import Case, Cases
from handlers.moderation.rights import sees_staff
from moderation.policy.rules import Policy
from moderation.policy.written import PolicyError, read_policy, shipped_policy
from moderation.recording import statement
from storage.database import Database, Transaction
from storage.repositories import Colleague


class AppealCase(Struct, frozen=True):
    """An appeal with what led to it. `told` is the statement of reasons as the person got it, here
    in the reader's language; `case` the flag with the conversation around, None where the decision
    rests on none, or it is gone. `colleagues` are nameless where the reader may not know them."""

    heard: Heard
    policy: Policy
    told: Notice
    case: Case | None
    colleagues: dict[int, Colleague]


class AppealCases:
    """Reads appeals. What is not for somebody to see is not there for them."""

    def __init__(self, *, database: Database, cases: Cases) -> None:
        self._database = database
        self._cases = cases

    async def get(self, user: User, appeal_id: int, *, language: str) -> AppealCase:
        """One. Raises NotPermitted and NotFound."""
        async with self._database.read() as tx:
            heard = await hear(tx, user, appeal_id)
            restriction = heard.matter.restriction
            policy = await _policy(tx, restriction.policy)
            colleagues = await _colleagues(tx, user, heard)
        flag = heard.matter.flag
        return AppealCase(
            heard=heard,
            policy=policy,
            told=statement(restriction, policy, language),
            case=await self._cases.get(user, flag.id) if flag else None,
            colleagues=colleagues,
        )


async def _policy(tx: Transaction, number: int) -> Policy:
    """The version that was applied; the one that ships where it is 0, or cannot be read now."""
    if number == 0:
        return shipped_policy()
    try:
        return read_policy((await tx.policies.get(number)).text, number=number)
    except (NotFound, PolicyError):
        return shipped_policy()


async def _colleagues(tx: Transaction, user: User, heard: Heard) -> dict[int, Colleague]:
    matter = heard.matter
    seconded_by = matter.decision.seconded_by if matter.decision else None
    wanted = (matter.restriction.decided_by, seconded_by, matter.appeal.decided_by)
    found = await tx.people.colleagues({each for each in wanted if each is not None})
    if sees_staff(user):
        return found
    return {id_: Colleague(id_, "", each.code) for id_, each in found.items()}
