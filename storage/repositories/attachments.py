"""Records of pictures; the bytes are in the attachment store."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from chat.conversations import ConversationKey
from chat.messages import Attachment, StoredPicture
from storage.repositories.base import Repository


class PendingAttachment(Struct, frozen=True):
    """An attachment to be fetched, where it came from, and how often that was tried (from 1)."""

    attachment: Attachment
    key: ConversationKey
    tries: int
    user_id: int


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
        raise NotImplementedError

    async def get(self, attachment_id: int) -> Attachment:
        """Raises NotFound."""
        raise NotImplementedError

    async def owner(self, attachment_id: int) -> int:
        """The id of the user whose it is. Raises NotFound."""
        raise NotImplementedError

    async def get_many(self, attachment_ids: Collection[int]) -> dict[int, Attachment]:
        """Those of them that there are, by id."""
        raise NotImplementedError

    async def pending(
        self, limit: int, *, lease_owner: str, lease_seconds: float
    ) -> list[PendingAttachment]:
        """Take the oldest that nobody is fetching; the lease keeps others away from them."""
        raise NotImplementedError

    async def ready(self, attachment_id: int, picture: StoredPicture) -> bool:
        """The picture is in the store; False when the attachment was not pending any more."""
        raise NotImplementedError

    async def refuse(self, attachment_id: int, problem_key: str) -> bool:
        """It cannot be used, and why; False when it was not pending any more."""
        raise NotImplementedError

    async def release(self, attachment_id: int, *, after: float = 0.0) -> None:
        """Let it be tried again, `after` seconds from now at the earliest."""
        raise NotImplementedError

    async def turns_of(self, attachment_id: int) -> list[int]:
        """Ids of the turns whose messages show the attachment."""
        raise NotImplementedError

    async def referenced(self, sha256: str) -> bool:
        """Whether any attachment refers to these bytes."""
        raise NotImplementedError
