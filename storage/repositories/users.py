"""People and the names that messengers have for them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from typing import Any

from msgspec import structs
from sqlalchemy import bindparam, case, delete, func, select, true, update

from chat.people import Access, Role, Sender, User
from storage.folding import folded
from storage.repositories.base import Repository, clean, insert, lockable
from storage.repositories.erasure import end_conversation
from storage.tables import (
    attachments,
    codes,
    conversations,
    feedback,
    first_steps,
    identities,
    messages,
    notes,
    passwords,
    recovery_codes,
    second_factors,
    turns,
    users,
    web_sessions,
)

COLUMNS = (
    users.c.id,
    users.c.name,
    users.c.language,
    users.c.role,
    users.c.access,
    users.c.created_at,
    users.c.budget,
)

_BY_ID = lockable(select(*COLUMNS).where(users.c.id == bindparam("user")), users)
_BY_IDENTITY = (
    select(*COLUMNS)
    .join(identities, identities.c.user_id == users.c.id)
    .where(
        identities.c.channel == bindparam("channel"),
        identities.c.external_id == bindparam("external_id"),
    )
)
_ADD = insert(users).returning(users.c.id)
_ADD_IDENTITY = insert(identities).on_conflict_do_nothing()
_DROP = delete(users).where(users.c.id == bindparam("user"))
_SET_NAME = (
    update(users)
    .where(users.c.id == bindparam("user"))
    .values(
        name=bindparam("new_name"),
        folded=bindparam("new_folded"),
        language=bindparam("new_language"),
    )
)
_SET_ACCESS = (
    update(users)
    .where(users.c.id == bindparam("user"), users.c.access != bindparam("new_access"))
    .values(access=bindparam("new_access"))
)
_SET_ROLE = (
    update(users)
    .where(users.c.id == bindparam("user"), users.c.role != bindparam("new_role"))
    .values(
        role=bindparam("new_role"),
        # who was staff before is called as they were then
        pseudonym=case((users.c.pseudonym == "", bindparam("code")), else_=users.c.pseudonym),
    )
)
_SET_BUDGET = (
    update(users).where(users.c.id == bindparam("user")).values(budget=bindparam("new_budget"))
)
_WAS_ALLOWED = select(users.c.id).where(
    users.c.id == bindparam("user"), users.c.access == Access.ALLOWED.value
)
_SIGN_OUT = [
    delete(table).where(table.c.user_id == bindparam("user"))
    for table in (web_sessions, first_steps)
]
_DECLINE = update(users).where(users.c.id == bindparam("user")).values(password_declined=true())
_DECLINED = select(users.c.password_declined).where(users.c.id == bindparam("user"))
_IDENTITIES = (
    select(identities.c.channel, identities.c.external_id)
    .where(identities.c.user_id == bindparam("user"))
    .order_by(identities.c.id)
)
_HAS_IDENTITY = select(identities.c.id).where(identities.c.user_id == users.c.id).exists()
_OWNERS = select(*COLUMNS).where(users.c.role == Role.OWNER.value).order_by(users.c.id)
_SEARCH = (
    select(*COLUMNS)
    .where(func.lower(users.c.name).like(bindparam("pattern")), _HAS_IDENTITY)
    .order_by(users.c.id.desc())
    .limit(bindparam("most"))
)
_WITH_ROLES = (
    select(*COLUMNS)
    .where(users.c.role.in_(bindparam("roles", expanding=True)), _HAS_IDENTITY)
    .order_by(users.c.id)
)
_WITH_ACCESS = (
    select(*COLUMNS)
    .where(users.c.access == bindparam("access"), _HAS_IDENTITY)
    .order_by(users.c.id)
)
_MOVE_IDENTITY = (
    update(identities)
    .where(
        identities.c.channel == bindparam("of_channel"),
        identities.c.external_id == bindparam("of_id"),
    )
    .values(user_id=bindparam("new_user"))
)
_DROP_IDENTITY = delete(identities).where(
    identities.c.user_id == bindparam("user"),
    identities.c.channel == bindparam("of_channel"),
    identities.c.external_id == bindparam("of_id"),
)
_COUNT_IN_CHANNEL = (
    select(func.count())
    .select_from(identities)
    .where(identities.c.user_id == bindparam("user"), identities.c.channel == bindparam("channel"))
)
_CONVERSATIONS = select(conversations.c.id, conversations.c.channel, conversations.c.chat).where(
    conversations.c.user_id == bindparam("user")
)
_MOVE_CONVERSATION = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation"))
    .values(user_id=bindparam("new_user"))
)
_MOVE_FEEDBACK = (
    update(feedback)
    .where(
        feedback.c.turn_id.in_(
            select(turns.c.id).where(turns.c.conversation_id == bindparam("conversation"))
        ),
        feedback.c.user_id == bindparam("old_user"),
    )
    .values(user_id=bindparam("new_user"))
)
_MOVE_OWNED = [
    update(table)
    .where(
        table.c.conversation_id == bindparam("conversation"),
        table.c.user_id == bindparam("old_user"),
    )
    .values(user_id=bindparam("new_user"))
    for table in (messages, attachments)
] + [_MOVE_FEEDBACK]
_OTHER_PASSWORD = passwords.alias("other_password")
# The second factor goes where its password goes, and therefore before it.
_MOVE_PASSWORD = [
    update(table)
    .where(
        table.c.user_id == bindparam("old_user"),
        ~select(_OTHER_PASSWORD.c.user_id)
        .where(_OTHER_PASSWORD.c.user_id == bindparam("new_user"))
        .exists(),
    )
    .values(user_id=bindparam("new_user"))
    for table in (recovery_codes, second_factors, passwords)
]
_DROP_OWNED = [
    delete(table).where(table.c.user_id == bindparam("user"))
    for table in (
        identities,
        web_sessions,
        codes,
        passwords,
        second_factors,
        recovery_codes,
        first_steps,
        feedback,
        notes,
        feedback,
    )
]


def to_user(row: Sequence[Any]) -> User:
    """A row that begins with COLUMNS as a value."""
    id_, name, language, role, access, created_at, budget = row[:7]
    return User(id_, name, language, Role(role), Access(access), created_at, budget)


def _pseudonym(role: Role) -> str:
    """What staff are to be called by others: by chance, so that nothing leads back to the name."""
    return "" if role is Role.MEMBER else secrets.token_hex(3).upper()


class Users(Repository):
    """People; several identities may be one user."""

    async def ensure(
        self,
        channel: str,
        sender: Sender,
        *,
        default_role: Role = Role.MEMBER,
        default_access: Access = Access.STRANGER,
    ) -> User:
        """The user behind a sender, made with the defaults when new, name and language kept up."""
        name, language = clean(sender.name), clean(sender.language)
        user = await self.by_identity(channel, sender.external_id)
        if user is None:
            user = await self.add(name, language, default_role, default_access)
            if await self._add_identity(user.id, channel, sender.external_id):
                return user
            await self._changed(_DROP, user=user.id)  # somebody else was quicker
            user = await self.by_identity(channel, sender.external_id)
            assert user is not None, "an identity that is in the way exists"
        new = (name or user.name, language or user.language)
        if new != (user.name, user.language):
            await self._rename(user.id, *new)
            user = structs.replace(user, name=new[0], language=new[1])
        return user

    async def add(self, name: str, language: str, role: Role, access: Access) -> User:
        """A new user without any identity."""
        now, name, language = self._clock(), clean(name), clean(language)
        values = {"name": name, "language": language, "role": role.value, "access": access.value}
        values |= {"folded": folded(name), "pseudonym": _pseudonym(role)}
        row = await self._one(_ADD, **values, created_at=now)
        return User(row[0], name, language, role, access, now)

    async def get(self, user_id: int) -> User:
        """Raises NotFound."""
        return to_user(await self._one(_BY_ID, user=user_id))

    async def get_or_none(self, user_id: int) -> User | None:
        """The user, if there is one."""
        row = (await self._execute(_BY_ID, {"user": user_id})).first()
        return None if row is None else to_user(row)

    async def by_identity(self, channel: str, external_id: str) -> User | None:
        """The user whom a channel knows by this id."""
        keys = {"channel": channel, "external_id": external_id}
        row = (await self._execute(_BY_IDENTITY, keys)).first()
        return None if row is None else to_user(row)

    async def identities(self, user_id: int) -> list[tuple[str, str]]:
        """Channel and external id of each identity, oldest first."""
        return [(row[0], row[1]) for row in await self._rows(_IDENTITIES, {"user": user_id})]

    async def link(self, user_id: int, channel: str, external_id: str) -> None:
        """Make this identity the user's, and the conversations held under it with it.

        A user who keeps no identity by that loses access, and a password to the new one who has
        none; their browsers are signed out, since they would be somebody else's all at once."""
        old = await self.by_identity(channel, external_id)
        if old is None:
            await self._add_identity(user_id, channel, external_id)
        elif old.id != user_id:
            await self._move_conversations(old.id, user_id, channel, external_id)
            await self._change_one(
                _MOVE_IDENTITY, of_channel=channel, of_id=external_id, new_user=user_id
            )
            if not await self.identities(old.id):
                for statement in _MOVE_PASSWORD:
                    await self._changed(statement, old_user=old.id, new_user=user_id)
                await self.sign_out(old.id)
                await self.set_access(old.id, Access.STRANGER)
                await self.set_role(old.id, Role.MEMBER)

    async def unlink(self, user_id: int, channel: str, external_id: str) -> None:
        """Take this identity from the user, if it is theirs."""
        await self._changed(_DROP_IDENTITY, user=user_id, of_channel=channel, of_id=external_id)

    async def set_access(self, user_id: int, access: Access) -> None:
        """Whoever is let in no more is signed out. Raises NotFound.

        Who was not let in yet keeps the browser that they asked from: it opens nothing, and they
        have no other way to hear of the answer."""
        inside = (await self._execute(_WAS_ALLOWED, {"user": user_id})).first() is not None
        if await self._changed(_SET_ACCESS, user=user_id, new_access=access.value):
            if inside:
                await self.sign_out(user_id)
        else:
            await self.get(user_id)

    async def set_role(self, user_id: int, role: Role) -> None:
        """With another role all sessions end: none is to be worth more, or other, than it was when
        it began. Raises NotFound."""
        values = {"new_role": role.value, "code": _pseudonym(role)}
        if await self._changed(_SET_ROLE, user=user_id, **values):
            await self.sign_out(user_id)
        else:
            await self.get(user_id)

    async def set_budget(self, user_id: int, budget: str) -> None:
        """Give a person a budget of their own, which counts from their next message on; empty
        stands for the usual one. Raises NotFound."""
        await self._change_one(_SET_BUDGET, user=user_id, new_budget=budget)

    async def sign_out(self, user_id: int) -> None:
        """End all sessions of a user, and sign-ins that are half done."""
        for statement in _SIGN_OUT:
            await self._changed(statement, user=user_id)

    async def decline_password(self, user_id: int) -> None:
        """They do not want to be offered one again."""
        await self._changed(_DECLINE, user=user_id)

    async def declined_password(self, user_id: int) -> bool:
        """Whether they were offered a password and did not want it."""
        row = await self._one(_DECLINED, user=user_id)
        return bool(row[0])

    async def owners(self) -> list[User]:
        """Everybody with the role of owner, oldest first."""
        return [to_user(row) for row in await self._rows(_OWNERS)]

    async def search(self, words: str, *, most: int) -> list[User]:
        """Those whose name has the words in it, the newest first; all where there are none."""
        pattern = f"%{words.replace('%', '').replace('_', ' ')}%"
        values = {"pattern": clean(pattern.lower()), "most": most}
        return [to_user(row) for row in await self._rows(_SEARCH, values)]

    async def with_roles(self, roles: Collection[Role]) -> list[User]:
        """Everybody of these roles who may still come in, oldest first."""
        values = {"roles": [role.value for role in roles]}
        return [to_user(row) for row in await self._rows(_WITH_ROLES, values)]

    async def with_access(self, access: Access) -> list[User]:
        """Everybody of this access who still has an identity, oldest first."""
        return [to_user(row) for row in await self._rows(_WITH_ACCESS, {"access": access.value})]

    async def erase(self, user_id: int) -> None:
        """Take a person's name, identities, sign-ins, conversations and what was noted about them
        away; a nameless row stays.

        Call Messages.erase_of_user first: it says which files nobody refers to any more."""
        user = await self.get(user_id)
        for row in await self._rows(_CONVERSATIONS, {"user": user_id}):
            await end_conversation(self._connection, row[0], self._clock())
        for statement in _DROP_OWNED:
            await self._changed(statement, user=user_id)
        # The language stays, for the sentence that says good-bye.
        await self._rename(user_id, "", user.language)
        await self.set_budget(user_id, "")
        await self.set_access(user_id, Access.STRANGER)
        await self.set_role(user_id, Role.MEMBER)

    async def _rename(self, user_id: int, name: str, language: str) -> None:
        values = {"new_name": name, "new_folded": folded(name), "new_language": language}
        await self._changed(_SET_NAME, user=user_id, **values)

    async def _add_identity(self, user_id: int, channel: str, external_id: str) -> bool:
        row = {"user_id": user_id, "channel": channel, "external_id": external_id}
        return await self._changed(_ADD_IDENTITY, **row, created_at=self._clock()) == 1

    async def _move_conversations(self, old: int, new: int, channel: str, external_id: str) -> None:
        keys = {"user": old, "channel": channel}
        only_one = (await self._execute(_COUNT_IN_CHANNEL, keys)).scalar_one() == 1
        for row in await self._rows(_CONVERSATIONS, {"user": old}):
            if row.channel == channel and (only_one or row.chat == external_id):
                await self._changed(_MOVE_CONVERSATION, conversation=row.id, new_user=new)
                for statement in _MOVE_OWNED:
                    await self._changed(statement, conversation=row.id, old_user=old, new_user=new)
