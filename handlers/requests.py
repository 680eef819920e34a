"""Strangers who ask to be let in, and the owner's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chat.conversations import Conversation
from chat.outbound import Button, Notice
from chat.people import Access, User
from chat.persona import Persona
from chat.ports import Capabilities
from handlers.effects import Effects
from handlers.moderation.noting import note_user
from storage.database import Transaction

# So many requests are brought to the owner at a time; further ones wait on the web page only.
MAX_TOLD = 20
# A stranger chooses the name that the owner reads: no links, no formatting, nothing that turns the
# sentence around.
MARKUP = {ord(character): " " for character in "[]()<>{}*_~`|\\#/@:"}
MARKUP |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
LIST_SIGNS = "-+= "  # begin a list or a heading at the start of a line


@dataclass(frozen=True, slots=True)
class Requests:
    """Brings requests to the owners, and their answers to who asked.

    `capabilities` by channel name, of the channels that are open.
    """

    persona: Persona = field(default_factory=Persona)
    capabilities: Mapping[str, Capabilities] = field(default_factory=dict)

    async def ask(self, tx: Transaction, stranger: User, channel: str, effects: Effects) -> None:
        """Make a stranger wait, and tell each owner once, with buttons to answer."""
        waiting = await tx.users.with_access(Access.WAITING)
        await tx.users.set_access(stranger.id, Access.WAITING)
        if len(waiting) >= MAX_TOLD:
            return
        name = " ".join(stranger.name.translate(MARKUP).split()).lstrip(LIST_SIGNS) or "?"
        notice = Notice("stranger-asks", {"name": name, "channel": channel})
        buttons = (
            Button("button-approve", f"approve:{stranger.id}"),
            Button("button-decline", f"decline:{stranger.id}"),
        )
        for owner in await tx.users.owners():
            await self.tell(tx, owner, notice, effects, buttons)

    async def answer(
        self, tx: Transaction, stranger_id: int, effects: Effects, *, approve: bool, by: User
    ) -> User | None:
        """Let a waiting stranger in or keep them out, and tell them; None where nobody waits."""
        stranger = await tx.users.get_or_none(stranger_id)
        if stranger is None or stranger.access is not Access.WAITING:
            return None
        await tx.users.set_access(stranger.id, Access.ALLOWED if approve else Access.BLOCKED)
        await note_user(tx, f"access.{'approved' if approve else 'declined'}", stranger.id, by=by)
        key = "request-approved" if approve else "request-declined"
        notice = Notice(key, {"assistant": self.persona.assistant_name})
        await self.tell(tx, stranger, notice, effects)
        return stranger

    async def tell(
        self,
        tx: Transaction,
        user: User,
        notice: Notice,
        effects: Effects,
        buttons: tuple[Button, ...] = (),
    ) -> None:
        """Write to a person where they were seen last, rather in a messenger that rings."""
        conversation = self._best(await tx.conversations.of_user(user.id))
        if conversation is None:
            return  # the web page shows it when they come
        shown = self._pulls(conversation)
        await tx.outbound.add_notice(conversation.id, notice, buttons=buttons, shown=shown)
        effects.spoken.add(conversation.id)

    async def where(self, tx: Transaction, user: User) -> int | None:
        """The conversation in which somebody is best told something, if there is any."""
        conversation = self._best(await tx.conversations.of_user(user.id))
        return conversation.id if conversation else None

    def _best(self, conversations: list[Conversation]) -> Conversation | None:
        reachable = [conversation for conversation in conversations if conversation.reachable]
        ringing = [conversation for conversation in reachable if not self._pulls(conversation)]
        return next(iter(ringing or reachable), None)

    def _pulls(self, conversation: Conversation) -> bool:
        known = self.capabilities.get(conversation.key.channel)
        return known is not None and known.pulls
