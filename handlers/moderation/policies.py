"""Versions of the policy: drafted, compared, and brought into force by those who may."""

from __future__ import annotations

import difflib
from builtins import list as List  # a method below is called list, too
from collections.abc import Sequence

from msgspec import Struct

from chat.people import Role, User
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import NotPermitted
from moderation.policy.rules import Policy
from moderation.policy.written import SHIPPED, read_policy
from moderation.text.making import lists_of
from moderation.text.words import WordsCheck
from storage.database import Database, Transaction
from storage.repositories import PolicyVersion

EDITORS = (Role.ADMIN, Role.OWNER)
AROUND = 3  # lines around each change


class Change(Struct, frozen=True):
    """One line of a comparison: `sign` is +, -, a space, or @ between places far apart."""

    sign: str
    text: str


class Policies:
    """What admins and owners do with the policy; all staff may read it. Every call is its own
    transaction."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def list(self) -> List[PolicyVersion]:
        """The newest versions first."""
        async with self._database.read() as tx:
            return await tx.policies.list()

    async def live(self) -> PolicyVersion:
        """The version in force; number 0 is the one that ships."""
        async with self._database.read() as tx:
            return await live_version(tx)

    async def get(self, number: int) -> PolicyVersion:
        """A version. Raises NotFound."""
        async with self._database.read() as tx:
            return await version(tx, number)

    async def draft(self, user: User, text: str, note: str = "") -> PolicyVersion:
        """Keep a new version that is not in force yet.

        Raises NotPermitted, and PolicyError or BadWordList for one that cannot be used."""
        check_editor(user)
        checked(text)
        async with self._database.write() as tx:
            version = await tx.policies.add(text, note=note[:500], author_id=user.id)
            await tx.audit.add(
                "policy.drafted", actor=actor_of(user), kind="policy", object_id=version.number
            )
        return version

    async def publish(self, user: User, number: int) -> None:
        """Bring a version into force, everywhere within seconds. Raises NotPermitted, NotFound."""
        async with self._database.write() as tx:
            await publish_version(tx, user, number)


async def live_version(tx: Transaction) -> PolicyVersion:
    """The version in force; number 0 is the one that ships."""
    return await tx.policies.live() or shipped()


async def version(tx: Transaction, number: int) -> PolicyVersion:
    """A version. Raises NotFound."""
    return await tx.policies.get(number) if number else shipped()


async def publish_version(tx: Transaction, user: User, number: int) -> None:
    """Bring a version into force, everywhere within seconds. Raises NotPermitted, NotFound."""
    check_editor(user)
    checked((await tx.policies.get(number)).text)
    await tx.policies.publish(number)
    await tx.audit.add("policy.published", actor=actor_of(user), kind="policy", object_id=number)


def shipped() -> PolicyVersion:
    """The policy that ships, as a version."""
    return PolicyVersion(0, SHIPPED.read_text("utf-8"), "", None, 0.0, 0.0)


def checked(text: str) -> Policy:
    """The policy, where all of it can be used. Raises PolicyError and BadWordList."""
    policy = read_policy(text)
    WordsCheck(lists_of(policy))
    return policy


def may_edit(user: User) -> bool:
    """Whether somebody may write and publish policies."""
    return user.role in EDITORS


def changes(before: str, after: str) -> Sequence[Change]:
    """What is different between two texts, line by line."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=AROUND)
    return [Change(line[:1], line[1:]) for line in list(lines)[2:]]


def check_editor(user: User) -> None:
    """Raises NotPermitted where somebody may not write and publish policies."""
    if not may_edit(user):
        raise NotPermitted
