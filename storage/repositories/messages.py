"""What was said: rows are only added; edits supersede, erasure leaves tombstones."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import and_, bindparam, or_, select, text, tuple_, update

from chat.messages import AttachmentPart, Message, Part, Speaker, TextPart
from storage.repositories.base import AnyRow, Repository, insert
from storage.repositories.erasure import erase, not_postponed, not_shown_by_postponed
from storage.tables import attachments, conversations, message_attachments, messages

_M = messages.c
COLUMNS = (
    _M.id,
    _M.conversation_id,
    _M.turn_id,
    _M.speaker,
    _M.parts,
    _M.created_at,
    _M.platform_id,
)
MOST_MESSAGES = 100_000
CURRENT = and_(~_M.superseded, ~_M.erased)

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(tuple[Part, ...])

_ADD = insert(messages).returning(_M.id)
_SHOWS = message_attachments.c
_ADD_SHOWN = insert(message_attachments).on_conflict_do_nothing()
_GET = select(*COLUMNS).where(_M.id == bindparam("message"), ~_M.erased)
_TO_REPLACE = select(*COLUMNS, _M.user_id, _M.sent_at, _M.group_id).where(
    _M.id == bindparam("message"), CURRENT
)
# "user" sorts after "assistant"
_PROMPT_ORDER = (_M.turn_id, _M.speaker.desc(), _M.created_at, _M.id)
_BEGUN = (
    select(conversations.c.begun_turn)
    .where(conversations.c.id == bindparam("conversation"))
    .scalar_subquery()
)
_HISTORY = (
    select(*COLUMNS)
    .where(_M.conversation_id == bindparam("conversation"), CURRENT, _M.turn_id > _BEGUN)
    .order_by(*_PROMPT_ORDER)
)
_HISTORY_UP_TO = (
    select(*COLUMNS)
    .where(
        _M.conversation_id == bindparam("conversation"),
        CURRENT,
        _M.turn_id <= bindparam("turn"),
        or_(_M.turn_id > _BEGUN, _M.turn_id == bindparam("turn")),
    )
    .order_by(*(_M.turn_id.desc(), _M.speaker, _M.created_at.desc(), _M.id.desc()))
    .limit(bindparam("most"))
)
_OF_TURN = select(*COLUMNS).where(_M.turn_id == bindparam("turn"), CURRENT).order_by(*_PROMPT_ORDER)
_TRANSCRIPT = (
    select(*COLUMNS)
    .where(_M.conversation_id == bindparam("conversation"), CURRENT)
    .order_by(_M.created_at.desc(), _M.id.desc())
    .limit(bindparam("most"))
)
_THAT = messages.alias()
_TRANSCRIPT_BEFORE = _TRANSCRIPT.where(
    tuple_(_M.created_at, _M.id)
    < select(_THAT.c.created_at, _THAT.c.id)
    .where(_THAT.c.id == bindparam("message"))
    .scalar_subquery()
)
_TRANSCRIPT_AFTER = (
    select(*COLUMNS)
    .where(
        _M.conversation_id == bindparam("conversation"),
        CURRENT,
        tuple_(_M.created_at, _M.id)
        > select(_THAT.c.created_at, _THAT.c.id)
        .where(_THAT.c.id == bindparam("message"))
        .scalar_subquery(),
    )
    .order_by(_M.created_at, _M.id)
    .limit(bindparam("most"))
)
_BY_PLATFORM_ID = (
    select(*COLUMNS)
    .where(
        _M.conversation_id == bindparam("conversation"),
        _M.platform_id == bindparam("platform"),
        CURRENT,
    )
    .order_by(_M.id.desc())
    .limit(1)
)
_TURN_OF_GROUP = (
    select(_M.turn_id)
    .where(
        _M.conversation_id == bindparam("conversation"),
        _M.group_id == bindparam("group"),
        text("group_id <> ''"),
        _M.turn_id.is_not(None),
    )
    .order_by(_M.id)
    .limit(1)
)
_SUPERSEDE = update(messages).where(_M.id == bindparam("message"), CURRENT).values(superseded=True)
_ATTACH = (
    update(messages)
    .where(_M.id == bindparam("message"), ~_M.erased)
    .values(turn_id=bindparam("new_turn"))
)
_MANY = select(*COLUMNS).where(_M.id.in_(bindparam("them", expanding=True)), ~_M.erased)
_OWNED = select(conversations.c.id).where(conversations.c.user_id == bindparam("user"))
_OF_USER = (
    select(*COLUMNS)
    .where(or_(_M.user_id == bindparam("user"), _M.conversation_id.in_(_OWNED)), CURRENT)
    .order_by(_M.conversation_id, _M.created_at, _M.id)
)


def encode_parts(parts: Sequence[Part]) -> str:
    """Parts as they stand in the column; a lone surrogate becomes a question mark."""
    try:
        return _ENCODER.encode(parts).decode()
    except UnicodeEncodeError:
        builtins = msgspec.to_builtins(parts)
        for part in builtins:
            if "text" in part:
                part["text"] = part["text"].encode("utf-8", "replace").decode()
        return _ENCODER.encode(builtins).decode()


def decode_parts(column: str) -> tuple[Part, ...]:
    """The other way."""
    return _DECODER.decode(column)


def to_message(row: AnyRow) -> Message:
    """A row that begins with COLUMNS as a value."""
    id_, conversation_id, turn_id, speaker, parts, created_at, platform_id = row[:7]
    return Message(
        id_,
        conversation_id,
        turn_id,
        Speaker(speaker),
        _DECODER.decode(parts),
        created_at,
        platform_id,
    )


class Messages(Repository):
    """Messages of conversations and of people."""

    async def add(
        self,
        conversation_id: int,
        *,
        speaker: Speaker,
        parts: Sequence[Part],
        turn_id: int | None,
        user_id: int | None = None,
        platform_id: str = "",
        group_id: str = "",
        sent_at: float | None = None,
    ) -> Message:
        """Record a message. `sent_at` is the messenger's time for it, epoch seconds; pieces of an
        album have a `group_id`."""
        return await self._add(
            Message(0, conversation_id, turn_id, speaker, tuple(parts), self._clock(), platform_id),
            user_id=user_id,
            group_id=group_id,
            sent_at=sent_at,
        )

    async def transcript_after(
        self, conversation_id: int, message_id: int, *, limit: int = 100
    ) -> list[Message]:
        """What people read after a message, oldest first."""
        keys = {"conversation": conversation_id, "message": message_id, "most": limit}
        return [to_message(row) for row in await self._rows(_TRANSCRIPT_AFTER, keys)]

    async def add_taken_back(self, conversation_id: int, *, turn_id: int, text: str) -> int:
        """Record an answer that was not to be shown, for whoever reviews it: superseded from the
        beginning, so that no prompt and no transcript has it. Its id."""
        parts = (TextPart(text),)
        taken = await self.add(
            conversation_id, speaker=Speaker.ASSISTANT, parts=parts, turn_id=turn_id
        )
        await self._change_one(_SUPERSEDE, message=taken.id)
        return taken.id

    async def get(self, message_id: int) -> Message:
        """Raises NotFound, also when erased."""
        return to_message(await self._one(_GET, message=message_id))

    async def get_many(self, message_ids: Collection[int]) -> dict[int, Message]:
        """Those of them that are there, by id."""
        rows = await self._rows(_MANY, {"them": [*message_ids]}) if message_ids else []
        return {message.id: message for message in map(to_message, rows)}

    async def history(self, conversation_id: int) -> list[Message]:
        """What a prompt may hold: turn after turn, the person before the assistant.

        Since begin_anew, nothing superseded or erased."""
        rows = await self._rows(_HISTORY, {"conversation": conversation_id})
        return [to_message(row) for row in rows]

    async def history_up_to(
        self, conversation_id: int, turn_id: int, *, most: int = MOST_MESSAGES
    ) -> list[Message]:
        """The newest `most` messages of `history`, of turns up to and with this one.

        The turn's own messages are always there, also where it was before begin_anew."""
        keys = {"conversation": conversation_id, "turn": turn_id, "most": most}
        return [to_message(row) for row in reversed(await self._rows(_HISTORY_UP_TO, keys))]

    async def of_turn(self, turn_id: int) -> list[Message]:
        """The turn's own messages that are neither superseded nor erased, in order."""
        return [to_message(row) for row in await self._rows(_OF_TURN, {"turn": turn_id})]

    async def transcript(
        self, conversation_id: int, *, before: int | None = None, limit: int = 100
    ) -> list[Message]:
        """The latest messages for people to read, oldest first; edits in the place of the edited.

        `before` is the id of a message: only what stands before it."""
        keys = {"conversation": conversation_id, "most": limit}
        if before is None:
            rows = await self._rows(_TRANSCRIPT, keys)
        else:
            rows = await self._rows(_TRANSCRIPT_BEFORE, {**keys, "message": before})
        return [to_message(row) for row in reversed(rows)]

    async def by_platform_id(self, conversation_id: int, platform_id: str) -> Message | None:
        """The message that a messenger knows by this id, in its latest version."""
        keys = {"conversation": conversation_id, "platform": platform_id}
        row = (await self._execute(_BY_PLATFORM_ID, keys)).first()
        return None if row is None else to_message(row)

    async def replace(self, old_id: int, parts: Sequence[Part]) -> Message:
        """Say it differently: a new row in the place and turn of the old one. Raises NotFound."""
        row = await self._one(_TO_REPLACE, message=old_id)
        await self._change_one(_SUPERSEDE, message=old_id)
        return await self._add(
            msgspec.structs.replace(to_message(row), parts=tuple(parts)),
            user_id=row.user_id,
            group_id=row.group_id,
            sent_at=row.sent_at,
            replaces_id=old_id,
        )

    async def turn_of_group(self, conversation_id: int, group_id: str) -> int | None:
        """The turn that the first pieces of an album are part of."""
        keys = {"conversation": conversation_id, "group": group_id}
        row = (await self._execute(_TURN_OF_GROUP, keys)).first()
        return None if row is None else int(row[0])

    async def attach_to_turn(self, message_id: int, turn_id: int) -> None:
        """Raises NotFound."""
        await self._change_one(_ATTACH, message=message_id, new_turn=turn_id)

    async def of_user(self, user_id: int) -> list[Message]:
        """All that was said by the user or in the user's conversations, by conversation."""
        return [to_message(row) for row in await self._rows(_OF_USER, {"user": user_id})]

    async def erase_of_user(self, user_id: int) -> list[str]:
        """Make tombstones of all messages of the user and in the user's conversations, but for
        those that were postponed.

        Returns the SHA-256 of the pictures that nothing refers to any more."""
        owned = select(conversations.c.id).where(conversations.c.user_id == user_id)
        return await erase(
            self._connection,
            or_(_M.user_id == user_id, _M.conversation_id.in_(owned)) & not_postponed(),
            or_(attachments.c.user_id == user_id, attachments.c.conversation_id.in_(owned))
            & not_shown_by_postponed(),
        )

    async def erase(self, message_id: int) -> list[str]:
        """Make a tombstone of one message and drop its pictures, unless it was postponed.

        Returns the SHA-256 of those that nothing refers to any more."""
        shown = select(_SHOWS.attachment_id).where(_SHOWS.message_id == message_id)
        elsewhere = select(_SHOWS.attachment_id).where(_SHOWS.message_id != message_id)
        return await erase(
            self._connection,
            (_M.id == message_id) & not_postponed(),
            not_shown_by_postponed()
            & attachments.c.id.in_(shown)
            & attachments.c.id.not_in(elsewhere),
        )

    async def _add(
        self,
        message: Message,
        *,
        user_id: int | None,
        group_id: str,
        sent_at: float | None,
        replaces_id: int | None = None,
    ) -> Message:
        row = await self._one(
            _ADD,
            conversation_id=message.conversation_id,
            turn_id=message.turn_id,
            user_id=user_id,
            speaker=message.speaker.value,
            parts=encode_parts(message.parts),
            platform_id=message.platform_id,
            group_id=group_id,
            sent_at=sent_at,
            created_at=message.created_at,
            recorded_at=self._clock(),
            replaces_id=replaces_id,
            superseded=False,
            erased=False,
        )
        shown = {part.attachment_id for part in message.parts if isinstance(part, AttachmentPart)}
        if shown:
            rows = [{"message_id": row[0], "attachment_id": id_} for id_ in sorted(shown)]
            await self._execute(_ADD_SHOWN, rows)
        return msgspec.structs.replace(message, id=row[0])
