"""Who may talk to the assistant, as the operator set it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from chat.people import Role
from moderation.durations import seconds_of

LEAST_KEPT = 24 * 3600.0

DESK = re.compile(r"telegram:-\d{1,20}")


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


class OidcSettings(Struct, frozen=True):
    """A provider of OpenID Connect by which people sign in to the web pages; without an issuer
    there is none.

    `oidc_allow` are domains of mail addresses (`@example.org`) and groups; `oidc_roles` are
    `group=role`; `oidc_hosts` further hosts that the provider's own description may name.
    """

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    oidc_allow: tuple[str, ...] = ()
    oidc_roles: tuple[str, ...] = ()
    oidc_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.oidc_issuer and not _is_issuer(self.oidc_issuer):
            raise ValueError("OIDC_ISSUER wants an https address without ? and #")
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("OIDC_CLIENT_ID wants the id that the provider gave this assistant")
        for each in self.oidc_roles:
            group, _, role = each.rpartition("=")
            if not group or role not in set(Role) - {Role.OWNER}:
                raise ValueError(
                    "OIDC_ROLES wants pairs such as helpers=moderator, with the roles admin, "
                    f"moderator, reviewer or member, not {each!r}"
                )

    @property
    def label(self) -> str:
        """What the button calls the provider; empty where there is none."""
        return self.oidc_name or urlsplit(self.oidc_issuer).netloc

    @property
    def roles(self) -> dict[str, Role]:
        """Which group has which role."""
        pairs = (each.rpartition("=") for each in self.oidc_roles)
        return {group: Role(role) for group, _, role in pairs}


class KeepSettings(Struct, frozen=True):
    """For how long each kind of data is kept, such as `90 d`; unset, for good."""

    keep_messages: str = ""
    keep_pictures: str = ""
    keep_flags: str = ""
    keep_reports: str = ""
    keep_feedback: str = ""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            text = getattr(self, name)
            try:
                enough = not text or seconds_of(text) >= LEAST_KEPT
            except ValueError:
                enough = False
            if not enough:
                raise ValueError(
                    f"{name.upper()} wants a time from 1 d to ten years such as 90 d, not {text!r}"
                )

    def seconds(self, kind: str) -> float | None:
        """For how long a kind is kept, a DataKind; None for good. Pictures go with their messages
        at the latest."""
        own = getattr(self, f"keep_{kind}")
        times = [own, self.keep_messages] if kind == "pictures" else [own]
        return min((seconds_of(each) for each in times if each), default=None)


KEEP_ALL = KeepSettings()


class AnswerSettings(Struct, frozen=True):
    """What stands under answers: thumbs and a report button."""

    feedback_buttons: bool = True


class Prices(Struct, frozen=True):
    """What a million tokens of prompts and of answers cost the operator; unset, none is shown."""

    input_price: Annotated[float, Meta(ge=0)] | None = None
    output_price: Annotated[float, Meta(ge=0)] | None = None
    currency: str = "EUR"

    def cost(self, prompt_tokens: int, generated_tokens: int) -> float | None:
        """Of so many tokens, those that an engine remembered at the full price."""
        if self.input_price is None or self.output_price is None:
            return None
        return (prompt_tokens * self.input_price + generated_tokens * self.output_price) / 1e6


class FlagsFrom(StrEnum):
    """The least priority of flags that a chat for moderators gets."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class StaffSettings(Struct, frozen=True):
    """What staff say to everybody, and where moderators hear what waits for them.

    `broadcast_rate` is people per second, which leaves the rest of what a messenger takes to
    answers. `moderators_chat` is a group as `telegram:-1001234`, without which there is none; it
    gets flags from the priority `moderators_from` on, with the first `moderators_excerpt`
    characters of what was said, a reminder of each that waits longer than `moderators_remind`
    minutes, and at the hour `moderators_digest` a summary of the day; 0 minutes and -1 for none.
    """

    broadcast_rate: Annotated[float, Meta(gt=0)] = 20.0
    moderators_chat: str = ""
    moderators_from: FlagsFrom = FlagsFrom.HIGH
    moderators_excerpt: Annotated[int, Meta(ge=0, le=300)] = 0
    moderators_remind: Annotated[float, Meta(ge=0)] = 60.0
    moderators_digest: Annotated[int, Meta(ge=-1, le=23)] = 8

    def __post_init__(self) -> None:
        if self.moderators_chat and not DESK.fullmatch(self.moderators_chat):
            raise ValueError(
                "MODERATORS_CHAT wants a group such as telegram:-1001234567890, "
                f"not {self.moderators_chat!r}"
            )

    @property
    def desk(self) -> tuple[str, str] | None:
        """Channel and id of the chat for moderators."""
        channel, _, chat = self.moderators_chat.partition(":")
        return (channel, chat) if chat else None


def _is_issuer(address: str) -> bool:
    """OpenID Connect Discovery 1.0, section 3; plain http on this machine alone."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    plain = not parts.query and not parts.fragment and "@" not in parts.netloc
    return plain and bool(parts.hostname) and (parts.scheme == "https" or local)
