"""Records of pictures; the bytes are in the attachment store."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select, text, update

from chat.conversations import ConversationKey
from chat.messages import Attachment, AttachmentState, StoredPicture
from storage.repositories.base import AnyRow, Repository, clean, insert
from storage.repositories.conversations import KEY_COLUMNS
from storage.tables import attachments, conversations, message_attachments, messages

_A = attachments.c
COLUMNS = (
    _A.id,
    _A.conversation_id,
    _A.state,
    _A.source,
    _A.name,
    _A.problem,
    _A.sha256,
    _A.media_type,
    _A.width,
    _A.height,
    _A.size,
)

_IT = _A.id == bindparam("attachment")
_PENDING = text("attachments.state = 'pending'")  # word for word as in the index
_HELD = _A.lease_owner == bindparam("owner")
_ADD = insert(attachments).returning(_A.id)
_GET = select(*COLUMNS).where(_IT)
_OWNER = select(_A.user_id).where(_IT)
_GET_MANY = select(*COLUMNS).where(_A.id.in_(bindparam("attachments", expanding=True)))
_FREE = (
    select(_A.id)
    .where(_PENDING, _A.lease_until <= bindparam("now"))
    .order_by(_A.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TAKE = (
    update(attachments)
    .where(_A.id.in_(_FREE))
    .values(tries=_A.tries + 1, lease_owner=bindparam("owner"), lease_until=bindparam("until"))
    .returning(_A.id)
)
_TAKEN = (
    select(*COLUMNS, *KEY_COLUMNS, _A.tries, _A.user_id)
    .join(conversations, conversations.c.id == _A.conversation_id)
    .where(_A.id.in_(bindparam("attachments", expanding=True)))
    .order_by(_A.id)
)
_END = update(attachments).where(_IT, _PENDING)
_READY = _END.values(
    state=AttachmentState.READY.value,
    sha256=bindparam("new_sha256"),
    media_type=bindparam("new_media_type"),
    width=bindparam("new_width"),
    height=bindparam("new_height"),
    size=bindparam("new_size"),
)
_REFUSE = _END.values(state=AttachmentState.REFUSED.value, problem=bindparam("new_problem"))
_RELEASE = _END.values(lease_owner=None, lease_until=bindparam("until"))
_RENEW = (
    update(attachments)
    .where(_A.id.in_(bindparam("attachments", expanding=True)), _PENDING, _HELD)
    .values(lease_until=bindparam("until"))
)
_RELEASE_ALL = update(attachments).where(_PENDING, _HELD).values(lease_until=0.0)
_TURNS_OF = (
    select(messages.c.turn_id)
    .join(message_attachments, message_attachments.c.message_id == messages.c.id)
    .where(
        message_attachments.c.attachment_id == bindparam("attachment"),
        messages.c.turn_id.is_not(None),
    )
    .distinct()
    .order_by(messages.c.turn_id)
)
_REFERENCED = select(_A.id).where(_A.sha256 == bindparam("sha256")).limit(1)


class PendingAttachment(Struct, frozen=True):
    """An attachment to be fetched, where it came from, and how often that was tried (from 1)."""

    attachment: Attachment
    key: ConversationKey
    tries: int
    user_id: int


def to_attachment(row: AnyRow) -> Attachment:
    """A row that begins with COLUMNS as a value."""
    id_, conversation_id, state, source, name, problem, sha256 = row[:7]
    picture = StoredPicture(*row[6:11]) if sha256 is not None else None
    return Attachment(id_, conversation_id, AttachmentState(state), source, name, picture, problem)


class Attachments(Repository):
    """Attachments from the platform's reference to the stored picture."""

    async def add(
        self,
        conversation_id: int,
        user_id: int,
        *,
        source: str = "",
        name: str = "",
        picture: StoredPicture | None = None,
    ) -> Attachment:
        """Ready when the picture is given, otherwise pending."""
        state = AttachmentState.READY if picture else AttachmentState.PENDING
        described = dict.fromkeys(StoredPicture.__struct_fields__)
        row = await self._one(
            _ADD,
            conversation_id=conversation_id,
            user_id=user_id,
            state=state.value,
            source=source,
            name=clean(name),
            problem="",
            tries=0,
            lease_until=0.0,
            created_at=self._clock(),
            **(msgspec.structs.asdict(picture) if picture else described),
        )
        return Attachment(row[0], conversation_id, state, source, clean(name), picture)

    async def get(self, attachment_id: int) -> Attachment:
        """Raises NotFound."""
        return to_attachment(await self._one(_GET, attachment=attachment_id))

    async def owner(self, attachment_id: int) -> int:
        """The id of the user whose it is. Raises NotFound."""
        return int((await self._one(_OWNER, attachment=attachment_id))[0])

    async def get_many(self, attachment_ids: Collection[int]) -> dict[int, Attachment]:
        """Those of them that there are, by id."""
        if not attachment_ids:
            return {}
        rows = await self._rows(_GET_MANY, {"attachments": list(attachment_ids)})
        return {row[0]: to_attachment(row) for row in rows}

    async def pending(
        self, limit: int, *, lease_owner: str, lease_seconds: float
    ) -> list[PendingAttachment]:
        """Take the oldest that nobody is fetching; the lease keeps others away from them."""
        now = self._clock()
        lease = {"owner": lease_owner, "until": now + lease_seconds}
        taken = [row[0] for row in await self._rows(_TAKE, {"now": now, "most": limit, **lease})]
        if not taken:
            return []
        return [
            PendingAttachment(to_attachment(row), ConversationKey(*row[11:15]), row[15], row[16])
            for row in await self._rows(_TAKEN, {"attachments": taken})
        ]

    async def ready(self, attachment_id: int, picture: StoredPicture) -> bool:
        """The picture is in the store; False when the attachment was not pending any more."""
        fields = {f"new_{name}": value for name, value in msgspec.structs.asdict(picture).items()}
        return await self._changed(_READY, attachment=attachment_id, **fields) == 1

    async def refuse(self, attachment_id: int, problem_key: str) -> bool:
        """It cannot be used, and why; False when it was not pending any more."""
        changed = await self._changed(_REFUSE, attachment=attachment_id, new_problem=problem_key)
        return changed == 1

    async def release(self, attachment_id: int, *, after: float = 0.0) -> None:
        """Let it be tried again, `after` seconds from now at the earliest."""
        await self._changed(_RELEASE, attachment=attachment_id, until=self._clock() + after)

    async def renew(
        self, attachment_ids: Collection[int], *, lease_owner: str, lease_seconds: float
    ) -> None:
        """Keep those of them that the owner is fetching."""
        values = {"owner": lease_owner, "until": self._clock() + lease_seconds}
        await self._execute(_RENEW, {"attachments": list(attachment_ids), **values})

    async def release_all(self, lease_owner: str) -> None:
        """Let what this owner was fetching be taken at once: it has died over it."""
        await self._execute(_RELEASE_ALL, {"owner": lease_owner})

    async def turns_of(self, attachment_id: int) -> list[int]:
        """Ids of the turns whose messages show the attachment."""
        return [row[0] for row in await self._rows(_TURNS_OF, {"attachment": attachment_id})]

    async def referenced(self, sha256: str) -> bool:
        """Whether any attachment refers to these bytes."""
        return (await self._execute(_REFERENCED, {"sha256": sha256})).first() is not None
