"""Until when a messenger wants no calls."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from storage.repositories.base import Repository, insert
from storage.tables import waits

_W = waits.c
_ADD = insert(waits)
_SET = _ADD.on_conflict_do_update(
    index_elements=[_W.channel, _W.account, _W.chat],
    set_={"until": _ADD.excluded.until},
    where=_W.until < _ADD.excluded.until,
)
_ACCOUNT = (_W.channel == bindparam("of_channel"), _W.account == bindparam("of_account"))
_OVER = delete(waits).where(*_ACCOUNT, _W.until <= bindparam("now"))
_GET = select(_W.chat, _W.until).where(*_ACCOUNT, _W.until > bindparam("now"))


class Waits(Repository):
    """Waits by chat; the chat "" stands for the whole account."""

    async def set(self, channel: str, account: str, chat: str, until: float) -> None:
        """Wait until then (epoch seconds), or longer where a longer wait is known."""
        await self._changed(_OVER, of_channel=channel, of_account=account, now=self._clock())
        await self._changed(_SET, channel=channel, account=account, chat=chat, until=until)

    async def get(self, channel: str, account: str) -> dict[str, float]:
        """The waits that are not over, by chat."""
        keys = {"of_channel": channel, "of_account": account, "now": self._clock()}
        return {row[0]: row[1] for row in await self._rows(_GET, keys)}
