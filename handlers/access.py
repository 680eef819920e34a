"""Who may talk to the assistant: codes, invitations, and requests that the owner answers."""

from __future__ import annotations

from collections.abc import Callable

from chat.people import User
from handlers.settings import AccessSettings
from storage.broker import Broker
from storage.database import Database


class Admission:
    """Lets people in, for the web page and the command line; every call is its own transaction."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        settings: AccessSettings,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._broker = broker
        self._settings = settings
        self._clock = clock

    async def redeem(
        self, code: str, *, identity: tuple[str, str] | None, name: str = "", language: str = ""
    ) -> User | None:
        """Let the bearer of a code in; None where the code is no good, which counts as a try.

        `identity` is (channel, external id); None makes a user of the web page, whose identity is
        ("web", str(user.id)). An owner's code and a code for another browser lead to the user that
        they were made for."""
        raise NotImplementedError

    async def enter(self, *, name: str = "", language: str = "") -> User | None:
        """A new web user who needs no code, where ACCESS is open; otherwise None."""
        raise NotImplementedError

    async def ask(self, *, name: str, language: str = "") -> User:
        """A stranger on the web page asks to be let in; the owner is told and answers."""
        raise NotImplementedError

    async def waiting(self) -> list[User]:
        """The strangers whose requests the owner has not answered."""
        raise NotImplementedError

    async def approve(self, owner: User, user_id: int) -> bool:
        """Let a waiting stranger in and tell them; False where they do not wait any more."""
        raise NotImplementedError

    async def decline(self, owner: User, user_id: int) -> bool:
        """Keep a waiting stranger out and tell them; False where they do not wait any more."""
        raise NotImplementedError

    async def owner_code(self) -> str:
        """A new code that makes its bearer the owner; earlier ones are void."""
        raise NotImplementedError

    async def link_code(self, user: User) -> str:
        """A code for one use within 15 minutes that adds a browser or messenger to this user."""
        raise NotImplementedError
