"""The web chat as a channel: browsers come and fetch, so that nothing is ever delivered to them."""

from __future__ import annotations

import asyncio

from chat.conversations import ConversationKey
from chat.errors import AttachmentError, Rejected
from chat.outbound import OutboundMessage
from chat.ports import Capabilities, Intake

NAME = "web"
ACCOUNT = "local"
CAPABILITIES = Capabilities(
    pulls=True,
    edit=True,
    typing=False,
    buttons=True,
    documents=True,
    threads=True,
    deletions=True,
    max_text=200_000,
    edit_interval=0.0,
)


class WebChannel:
    """Implements chat.ports.Channel. Messages come in by its routes (see routes.py)."""

    name = NAME
    account = ACCOUNT
    capabilities = CAPABILITIES

    async def run(self, intake: Intake) -> None:
        """Wait: the web server calls the intake."""
        await asyncio.Event().wait()

    def split(self, text: str) -> list[str]:
        """A page is as long as it needs to be."""
        return [text]

    async def send(self, key: ConversationKey, message: OutboundMessage) -> str:
        raise Rejected("browsers fetch their messages themselves")

    async def edit(self, key: ConversationKey, platform_id: str, message: OutboundMessage) -> None:
        raise Rejected("browsers fetch their messages themselves")

    async def delete(self, key: ConversationKey, platform_id: str) -> None:
        """Nothing to take back: the page shows what SQL says."""

    async def typing(self, key: ConversationKey) -> None:
        """The page shows it by itself."""

    async def fetch(self, source: str, *, max_bytes: int) -> bytes:
        raise AttachmentError("pictures of the web chat are stored when they arrive")

    async def leave(self, key: ConversationKey) -> None:
        """There are no groups here."""
