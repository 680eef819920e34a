"""Whether somebody may talk to the assistant, from the settings and what SQL says of them."""

from __future__ import annotations

from chat.people import Access, Role, Sender, User
from handlers.cleaning import clean_name
from handlers.settings import AccessMode, AccessSettings
from storage.database import Transaction

STAFF = (Role.OWNER, Role.ADMIN)
# Who can use the terminal can read the whole data folder.
TERMINAL_USER = "terminal:local"
WEB = "web"


def is_owner(settings: AccessSettings, channel: str, external_id: str) -> bool:
    """Whether the operator named this identity as an owner, or it is the operator's terminal."""
    name = f"{channel}:{external_id}"
    return name == TERMINAL_USER or name in settings.owner_ids


async def known_user(
    tx: Transaction, settings: AccessSettings, channel: str, sender: Sender
) -> User:
    """The user behind a sender, with the role and access that the settings give them."""
    owner = is_owner(settings, channel, sender.external_id)
    welcome = owner or _listed(settings, channel, sender.external_id)
    welcome = welcome or settings.access is AccessMode.OPEN
    user = await tx.users.ensure(
        channel,
        Sender(sender.external_id, clean_name(sender.name), sender.language[:35]),
        default_role=Role.OWNER if owner else Role.MEMBER,
        default_access=Access.ALLOWED if welcome else Access.STRANGER,
    )
    if owner and (user.role is not Role.OWNER or user.access is not Access.ALLOWED):
        await tx.users.set_role(user.id, Role.OWNER)
    elif not welcome or user.access not in (Access.STRANGER, Access.WAITING):
        return user
    await tx.users.set_access(user.id, Access.ALLOWED)
    return await tx.users.get(user.id)


async def standing(
    tx: Transaction, settings: AccessSettings, user: User, channel: str, external_id: str
) -> Access:
    """What a user may do here and now: an allowlist counts more than an earlier invitation."""
    if user.access is not Access.ALLOWED or user.role in STAFF:
        return user.access
    if settings.access is not AccessMode.ALLOWLIST or _listed(settings, channel, external_id):
        return user.access
    others = await tx.users.identities(user.id)
    listed = any(_listed(settings, *identity) for identity in others)
    return Access.ALLOWED if listed else Access.STRANGER


def _listed(settings: AccessSettings, channel: str, external_id: str) -> bool:
    return f"{channel}:{external_id}" in settings.allowed_ids
