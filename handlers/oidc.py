"""People whom a provider of OpenID Connect vouches for: who of them may come in, and as whom."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from chat.errors import AssistantError
from chat.people import Access, Role, Sender, User
from handlers.cleaning import clean_name
from handlers.moderation.noting import note_user
from handlers.settings import OidcSettings
from handlers.standing import WEB
from storage.database import Database, Transaction
from storage.repositories import Actor

OIDC = "oidc"
PROVIDER = Actor(None, "identity provider")
FROM_THE_MOST = list(Role)


class Refusal(StrEnum):
    """Why somebody does not come in, or is not linked; the values are text keys."""

    STRANGER = "web-oidc-stranger"
    NOT_ALLOWED = "web-oidc-not-allowed"
    BLOCKED = "web-oidc-blocked"
    TAKEN = "web-oidc-taken"
    HAS_ANOTHER = "web-oidc-has-another"


class Refused(AssistantError):
    """The provider knows this person, and we do not let them in."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(key=refusal.value)


class Identity(Struct, frozen=True):
    """What a provider has proved to us of somebody; `email` only where the provider has verified
    it."""

    issuer: str
    subject: str
    name: str = ""
    email: str = ""
    groups: tuple[str, ...] = ()

    @property
    def external_id(self) -> str:
        """The id of the identity. An issuer has no `#`, so that no two of them can look alike."""
        return f"{self.issuer}#{self.subject}"


class Federation:
    """Finds the person behind an identity. They are known by issuer and subject, never by a mail
    address, which may be given to somebody else."""

    def __init__(self, database: Database, settings: OidcSettings) -> None:
        self._database = database
        self._settings = settings

    async def enter(self, identity: Identity, language: str) -> User:
        """Who comes in; somebody new where OIDC_ALLOW lists them. Raises Refused."""
        self._check_allowed(identity)
        async with self._database.write() as tx:
            user = await tx.users.by_identity(OIDC, identity.external_id)
            if user is None:
                user = await self._new(tx, identity, language)
            if user.access is Access.BLOCKED:
                raise Refused(Refusal.BLOCKED)
            if user.access is not Access.ALLOWED:
                if not self._settings.oidc_allow:
                    raise Refused(Refusal.STRANGER)
                await tx.users.set_access(user.id, Access.ALLOWED)
            await self._give_role(tx, user, identity)
            return await tx.users.get(user.id)

    async def link(self, user: User, identity: Identity) -> None:
        """Let somebody who is signed in come in by this identity from now on. Raises Refused."""
        self._check_allowed(identity)
        async with self._database.write() as tx:
            holder = await tx.users.by_identity(OIDC, identity.external_id)
            if holder is not None and holder.id != user.id:
                raise Refused(Refusal.TAKEN)
            if holder is not None:
                return
            if await self._of_user(tx, user):
                raise Refused(Refusal.HAS_ANOTHER)
            await tx.users.link(user.id, OIDC, identity.external_id)
            await note_user(tx, "identity.linked", user.id, by=user)

    async def unlink(self, user: User) -> None:
        """Let them come in by it no more; other ways stay."""
        async with self._database.write() as tx:
            for external_id in await self._of_user(tx, user):
                await tx.users.unlink(user.id, OIDC, external_id)
                await note_user(tx, "identity.unlinked", user.id, by=user)

    async def linked(self, user: User) -> bool:
        """Whether they can come in by the provider of the settings."""
        async with self._database.read() as tx:
            return bool(await self._of_user(tx, user))

    def _check_allowed(self, identity: Identity) -> None:
        allow = self._settings.oidc_allow
        domains = {each.casefold() for each in allow if each.startswith("@")}
        name, at, domain = identity.email.rpartition("@")
        listed = bool(name) and at + domain.casefold() in domains
        groups = {each for each in allow if not each.startswith("@")}
        if allow and not listed and not groups & {*identity.groups}:
            raise Refused(Refusal.NOT_ALLOWED)

    async def _new(self, tx: Transaction, identity: Identity, language: str) -> User:
        if not self._settings.oidc_allow:
            raise Refused(Refusal.STRANGER)
        sender = Sender(identity.external_id, clean_name(identity.name), language[:35])
        user = await tx.users.ensure(OIDC, sender, default_access=Access.ALLOWED)
        await tx.users.link(user.id, WEB, str(user.id))
        return user

    async def _of_user(self, tx: Transaction, user: User) -> list[str]:
        of_issuer = f"{self._settings.oidc_issuer}#"
        found = await tx.users.identities(user.id)
        return [name for channel, name in found if channel == OIDC and name.startswith(of_issuer)]

    async def _give_role(self, tx: Transaction, user: User, identity: Identity) -> None:
        """The provider decides on the roles that OIDC_ROLES names, and on nobody who is owner."""
        roles = self._settings.roles
        given = [roles[group] for group in identity.groups if group in roles]
        role = min(given, key=FROM_THE_MOST.index, default=user.role)
        if not given and user.role in roles.values():
            role = Role.MEMBER
        if user.role is Role.OWNER or role is user.role:
            return
        await tx.users.set_role(user.id, role)
        details = {"from": user.role.value, "to": role.value}
        await tx.audit.add(
            "user.role-changed", actor=PROVIDER, kind="user", object_id=user.id, details=details
        )
