"""Who may talk to the assistant: codes, invitations and requests, for web page and command line."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from chat.people import Access, User
from chat.persona import Persona
from chat.ports import Capabilities
from handlers.codes import CodeKind, add_web_user, redeem
from handlers.effects import Effects
from handlers.errors import NotFound
from handlers.requests import Requests
from handlers.settings import AccessMode, AccessSettings
from handlers.standing import STAFF, WEB
from storage.broker import Broker
from storage.database import Database

LINK_SECONDS = 15 * 60


class Admission:
    """Lets people in; every call is its own transaction.

    `persona` and `capabilities` (by channel name) matter only where people are told something;
    `requests` knows where.
    """

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        settings: AccessSettings,
        persona: Persona | None = None,
        capabilities: Mapping[str, Capabilities] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._broker = broker
        self._settings = settings
        self.requests = Requests(persona or Persona(), capabilities or {})
        self._clock = clock

    async def redeem(
        self, code: str, *, identity: tuple[str, str] | None, name: str = "", language: str = ""
    ) -> User | None:
        """Let the bearer of a code in; None where the code is no good, which counts as a try.

        `identity` is (channel, external id); None makes a user of the web page, whose identity is
        ("web", str(user.id)). An owner's code and a code for another browser lead to the user that
        they were made for."""
        async with self._database.write() as tx:
            return await redeem(tx, code, identity=identity, name=name, language=language)

    async def is_owners(self, code: str) -> bool:
        """Whether this code would make its bearer the owner."""
        async with self._database.read() as tx:
            return await tx.codes.kind_of(code) == CodeKind.OWNER

    async def enter(self, *, name: str = "", language: str = "") -> User | None:
        """A new web user who needs no code, where ACCESS is open; otherwise None."""
        if self._settings.access is not AccessMode.OPEN:
            return None
        async with self._database.write() as tx:
            return await add_web_user(tx, name=name, language=language, access=Access.ALLOWED)

    async def ask(self, *, name: str, language: str = "") -> User:
        """A stranger on the web page asks to be let in; the owner is told and answers."""
        effects = Effects()
        async with self._database.write() as tx:
            user = await add_web_user(tx, name=name, language=language, access=Access.STRANGER)
            await self.requests.ask(tx, user, WEB, effects)
            user = await tx.users.get(user.id)
        await effects.announce(self._broker)
        return user

    async def waiting(self) -> list[User]:
        """The strangers whose requests nobody has answered, the oldest first."""
        async with self._database.read() as tx:
            return await tx.users.with_access(Access.WAITING)

    async def approve(self, owner: User, user_id: int) -> bool:
        """Let a waiting stranger in and tell them; False where they do not wait any more."""
        return await self._answer(owner, user_id, approve=True)

    async def decline(self, owner: User, user_id: int) -> bool:
        """Keep a waiting stranger out and tell them; False where they do not wait any more."""
        return await self._answer(owner, user_id, approve=False)

    async def owner_code(self) -> str:
        """A new code that makes its bearer the owner; earlier ones are void."""
        async with self._database.write() as tx:
            await tx.codes.revoke(CodeKind.OWNER)
            return await tx.codes.add(CodeKind.OWNER)

    async def link_code(self, user: User) -> str:
        """A code for one use within 15 minutes that adds a browser or messenger to this user."""
        async with self._database.write() as tx:
            expires_at = self._clock() + LINK_SECONDS
            return await tx.codes.add(CodeKind.LINK, user_id=user.id, expires_at=expires_at)

    async def _answer(self, owner: User, user_id: int, *, approve: bool) -> bool:
        effects = Effects()
        async with self._database.write() as tx:
            answering = await tx.users.get(owner.id)  # the role may have been taken since
            if answering.role not in STAFF:
                raise NotFound("only owners answer requests", key="not-found")
            user = await self.requests.answer(tx, user_id, effects, approve=approve, by=answering)
        await effects.announce(self._broker)
        return user is not None
