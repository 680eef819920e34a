"""Who may talk to the assistant, as the operator set it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class AccessMode(StrEnum):
    """How strangers are met."""

    INVITE = "invite"  # by a link, or when the owner approves
    ALLOWLIST = "allowlist"  # only the people of ALLOWED_IDS
    OPEN = "open"


class AccessSettings(Struct, frozen=True):
    """`ACCESS`, `ALLOWED_IDS` and `OWNER_IDS`; the ids are written `channel:id`."""

    access: AccessMode = AccessMode.INVITE
    allowed_ids: tuple[str, ...] = ()
    owner_ids: tuple[str, ...] = ()
