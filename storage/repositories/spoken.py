"""What was said lately, with where it was said, for whoever looks at all of it again."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from chat.messages import Message
from storage.repositories.base import Repository
from storage.repositories.messages import COLUMNS, to_message
from storage.tables import conversations, messages, users

_M, _C, _U = messages.c, conversations.c, users.c
# Ids follow the time well enough to begin at, and are read from the end without an index on times.
_FROM = select(_M.id).where(~_M.erased).order_by(_M.id.desc()).offset(bindparam("most")).limit(1)
_SINCE = (~_M.erased, _M.id > bindparam("after"), _M.created_at >= bindparam("since"))
_COUNT = select(func.count()).select_from(messages).where(*_SINCE)
_PAGE = (
    select(*COLUMNS, _C.user_id, _C.channel, _U.region, _U.restricted, _U.language)
    .select_from(
        messages.join(conversations, _C.id == _M.conversation_id).join(users, _U.id == _C.user_id)
    )
    .where(*_SINCE)
    .order_by(_M.id)
    .limit(bindparam("page"))
)


class Utterance(Struct, frozen=True):
    """A message as checks need it; `user_id` is whose chat it was said in."""

    message: Message
    user_id: int
    channel: str
    region: str
    restricted: bool
    language: str


class Spoken(Repository):
    """Messages of everybody, in the order they were said: also edited and taken back ones, since
    they were looked at, but none that was erased."""

    async def begin(self, since: float, *, most: int) -> tuple[int, int]:
        """The id after which the newest `most` since a time begin, and how many they are."""
        row = (await self._execute(_FROM, {"most": most})).first()
        after = int(row[0]) if row else 0
        return after, int((await self._one(_COUNT, after=after, since=since))[0])

    async def page(self, after: int, since: float, *, size: int) -> list[Utterance]:
        """The next ones after an id."""
        keys = {"after": after, "since": since, "page": size}
        rows = await self._rows(_PAGE, keys)
        return [Utterance(to_message(row), *row[len(COLUMNS) :]) for row in rows]
