"""Who may talk to the assistant, as the operator set it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from chat.people import Role


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


class AnswerSettings(Struct, frozen=True):
    """What stands around answers: thumbs and a report button under each, and after how many days
    of silence it is said again that a program answers (0: only at the beginning)."""

    feedback_buttons: bool = True
    disclose_after: Annotated[int, Meta(ge=0)] = 30


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


def _is_issuer(address: str) -> bool:
    """OpenID Connect Discovery 1.0, section 3; plain http on this machine alone."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    plain = not parts.query and not parts.fragment and "@" not in parts.netloc
    return plain and bool(parts.hostname) and (parts.scheme == "https" or local)
