"""Chats and their memories."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, case, false, func, literal, select, tuple_, update

from chat.conversations import Conversation, ConversationKey
from storage.repositories.base import AnyRow, Repository, clean, insert, lockable
from storage.repositories.erasure import end_conversation, erase
from storage.tables import attachments, conversations, messages, turns

_C = conversations.c
KEY_COLUMNS = (_C.channel, _C.account, _C.chat, _C.thread)
COLUMNS = (
    _C.id,
    *KEY_COLUMNS,
    _C.user_id,
    _C.title,
    _C.revision,
    _C.created_at,
    _C.updated_at,
    _C.reachable,
)

# Where what waits is looked up by its conversation's channel and account: as sums, so that SQLite
# begins with the few that wait and not with all conversations of the channel.
IN_CHANNELS = tuple_(_C.channel.concat(""), _C.account.concat("")).in_(
    bindparam("channels", expanding=True)
)

_NOW: BindParameter[Any] = bindparam("now")
_IT = _C.id == bindparam("conversation")
_ADD = insert(conversations)
_ENSURE = _ADD.on_conflict_do_update(
    index_elements=KEY_COLUMNS,
    set_={
        "updated_at": _ADD.excluded.updated_at,
        "user_id": case((_C.deleted, _ADD.excluded.user_id), else_=_C.user_id),
        "deleted": false(),
    },
).returning(*COLUMNS)
_GET = lockable(select(*COLUMNS).where(_IT, ~_C.deleted), conversations)
_BY_KEY = lockable(
    select(*COLUMNS).where(
        _C.channel == bindparam("channel"),
        _C.account == bindparam("account"),
        _C.chat == bindparam("chat"),
        _C.thread == bindparam("thread"),
        ~_C.deleted,
    ),
    conversations,
)
_OF_USER = (
    select(*COLUMNS)
    .where(_C.user_id == bindparam("user"), ~_C.deleted)
    .order_by(_C.updated_at.desc(), _C.id.desc())
    .limit(bindparam("most"))
)
_OF_USER_IN_CHANNEL = _OF_USER.where(_C.channel == bindparam("channel"))
_RENAME = update(conversations).where(_IT, ~_C.deleted).values(title=bindparam("new_title"))
TOUCH = (
    update(conversations)
    .where(_IT)
    .values(revision=_C.revision + 1, updated_at=_NOW)
    .returning(_C.revision)
)
_BEGIN_ANEW = (
    update(conversations)
    .where(_IT)
    .values(
        begun_turn=select(func.coalesce(func.max(turns.c.id), literal(0)))
        .where(turns.c.conversation_id == bindparam("conversation"))
        .scalar_subquery(),
        revision=_C.revision + 1,
        updated_at=_NOW,
    )
)
_SET_REACHABLE = update(conversations).where(_IT).values(reachable=bindparam("new_reachable"))
_MOVE = (
    update(conversations)
    .where(
        _C.channel == bindparam("of_channel"),
        _C.account == bindparam("of_account"),
        _C.chat == bindparam("old_chat"),
    )
    .values(chat=bindparam("new_chat"))
)


def to_conversation(row: AnyRow) -> Conversation:
    """A row of COLUMNS as a value."""
    id_, channel, account, chat, thread, user_id, title, revision, created, updated, reachable = row
    key = ConversationKey(channel, account, chat, thread)
    return Conversation(id_, key, user_id, title, revision, created, updated, reachable)


class Conversations(Repository):
    """Conversations by id and by key.

    `revision` grows when a turn ends and when the past changes (edit, retry, erasure, begin_anew),
    not when a message joins a turn that is still open: so a hot session stays good for the next.
    """

    async def ensure(self, key: ConversationKey, user_id: int) -> Conversation:
        """The conversation with this key, made for this user when new, and marked as used now.

        On PostgreSQL its row is locked for the rest of the transaction, so that two messages of
        one chat are accepted one after the other."""
        now = self._clock()
        row = await self._one(
            _ENSURE,
            channel=key.channel,
            account=key.account,
            chat=key.chat,
            thread=key.thread,
            user_id=user_id,
            title="",
            revision=0,
            begun_turn=0,
            reachable=True,
            deleted=False,
            created_at=now,
            updated_at=now,
        )
        return to_conversation(row)

    async def get(self, conversation_id: int) -> Conversation:
        """Raises NotFound, also for deleted ones."""
        return to_conversation(await self._one(_GET, conversation=conversation_id))

    async def by_key(self, key: ConversationKey) -> Conversation | None:
        """The conversation, unless there is none or it was deleted."""
        keys = {
            "channel": key.channel,
            "account": key.account,
            "chat": key.chat,
            "thread": key.thread,
        }
        row = (await self._execute(_BY_KEY, keys)).first()
        return None if row is None else to_conversation(row)

    async def of_user(
        self, user_id: int, *, channel: str | None = None, limit: int = 200
    ) -> list[Conversation]:
        """The user's conversations, latest first."""
        keys: dict[str, Any] = {"user": user_id, "most": limit}
        if channel is None:
            rows = await self._rows(_OF_USER, keys)
        else:
            rows = await self._rows(_OF_USER_IN_CHANNEL, {**keys, "channel": channel})
        return [to_conversation(row) for row in rows]

    async def rename(self, conversation_id: int, title: str) -> None:
        """Raises NotFound."""
        await self._change_one(_RENAME, conversation=conversation_id, new_title=clean(title))

    async def touch(self, conversation_id: int) -> int:
        """Say that its past has changed; the new revision. Raises NotFound."""
        row = await self._one(TOUCH, conversation=conversation_id, now=self._clock())
        return int(row[0])

    async def begin_anew(self, conversation_id: int) -> None:
        """Leave everything said before now out of prompts. Raises NotFound."""
        await self._change_one(_BEGIN_ANEW, conversation=conversation_id, now=self._clock())

    async def delete(self, conversation_id: int) -> list[str]:
        """Tombstone the messages, drop attachments and outbound rows, cancel the turns.

        Returns the SHA-256 of the pictures that nothing refers to any more. Raises NotFound."""
        await self.get(conversation_id)
        await end_conversation(self._connection, conversation_id, self._clock())
        return await erase(
            self._connection,
            messages.c.conversation_id == conversation_id,
            attachments.c.conversation_id == conversation_id,
        )

    async def set_reachable(self, conversation_id: int, reachable: bool) -> None:
        """Whether people there can be written to. Raises NotFound."""
        await self._change_one(
            _SET_REACHABLE, conversation=conversation_id, new_reachable=reachable
        )

    async def move(self, channel: str, account: str, old_chat: str, new_chat: str) -> int:
        """Give the conversations of a chat the chat's new id; how many have moved.

        Raises WriteConflict when the new chat has conversations already."""
        return await self._changed(
            _MOVE, of_channel=channel, of_account=account, old_chat=old_chat, new_chat=new_chat
        )
