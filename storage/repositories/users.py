"""People and the names that messengers have for them."""

from __future__ import annotations

from chat.people import Access, Role, Sender, User
from storage.repositories.base import Repository


class Users(Repository):
    """People; several identities may be one user."""

    async def ensure(
        self,
        channel: str,
        sender: Sender,
        *,
        default_role: Role = Role.MEMBER,
        default_access: Access = Access.STRANGER,
    ) -> User:
        """The user behind a sender, made with the defaults when new, name and language kept up."""
        raise NotImplementedError

    async def add(self, name: str, language: str, role: Role, access: Access) -> User:
        """A new user without any identity."""
        raise NotImplementedError

    async def get(self, user_id: int) -> User:
        """Raises NotFound."""
        raise NotImplementedError

    async def get_or_none(self, user_id: int) -> User | None:
        """The user, if there is one."""
        raise NotImplementedError

    async def by_identity(self, channel: str, external_id: str) -> User | None:
        """The user whom a channel knows by this id."""
        raise NotImplementedError

    async def identities(self, user_id: int) -> list[tuple[str, str]]:
        """Channel and external id of each identity, oldest first."""
        raise NotImplementedError

    async def link(self, user_id: int, channel: str, external_id: str) -> None:
        """Make this identity the user's, and the conversations held under it with it."""
        raise NotImplementedError

    async def set_access(self, user_id: int, access: Access) -> None:
        """Raises NotFound."""
        raise NotImplementedError

    async def set_role(self, user_id: int, role: Role) -> None:
        """Raises NotFound."""
        raise NotImplementedError

    async def owners(self) -> list[User]:
        """Everybody with the role of owner, oldest first."""
        raise NotImplementedError

    async def with_access(self, access: Access) -> list[User]:
        """Everybody of this access who still has an identity, oldest first."""
        raise NotImplementedError

    async def erase(self, user_id: int) -> None:
        """Take a person's name, identities, sign-ins and conversations away; a nameless row stays.

        Call Messages.erase_of_user first: it says which files nobody refers to any more."""
        raise NotImplementedError
