"""Switching to another of the models that the settings allow."""

from __future__ import annotations

from collections.abc import Sequence

from chat.people import User
from handlers.errors import HandlerError
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import NotPermitted
from handlers.standing import STAFF
from storage.database import Database, Transaction
from storage.repositories import ModelChoice, SwitchState

DEFAULT = "default"  # how the settings' own model is called


class NotAllowed(HandlerError):
    """The settings do not name this model."""

    key = "model-not-allowed"


class WantedAlready(HandlerError):
    """It is the one that answers, or is on its way to."""

    key = "model-wanted-already"


def may_switch(user: User) -> bool:
    """Whether somebody may choose what answers."""
    return user.role in STAFF


async def check_wish(tx: Transaction, user: User, name: str, allowed: Sequence[str]) -> None:
    """Raises NotPermitted, NotAllowed, and WantedAlready where nothing would change."""
    if not may_switch(user):
        raise NotPermitted
    if name != DEFAULT and name not in allowed:
        raise NotAllowed
    if called((await tx.operations.model()).wanted) == name:
        raise WantedAlready


async def want(
    tx: Transaction,
    user: User,
    name: str,
    allowed: Sequence[str],
    *,
    conversation_id: int | None = None,
) -> None:
    """Have workers switch to a model by its name in MODELS, each when its answers have ended; how
    that went is told in the conversation. Raises as check_wish does."""
    await check_wish(tx, user, name, allowed)
    wanted = "" if name == DEFAULT else name
    await tx.operations.want_model(wanted, by=user.id, conversation_id=conversation_id)
    await tx.audit.add(
        "model.wanted",
        actor=actor_of(user),
        kind="operation",
        object_id="model",
        details={"model": name},
    )


def called(wanted: str) -> str:
    """What a model is called where one chooses."""
    return wanted or DEFAULT


def switching(choice: ModelChoice) -> bool:
    """Whether workers are on their way to another model."""
    return choice.state is SwitchState.WANTED


class ModelDesk:
    """The same from the dashboard; every call is its own transaction. `allowed` are the names that
    may be chosen beside the settings' own model."""

    def __init__(self, *, database: Database, allowed: Sequence[str]) -> None:
        self._database = database
        self.names = [DEFAULT, *allowed] if allowed else []
        self._allowed = allowed

    async def state(self) -> ModelChoice:
        """Which model is wanted, and what came of it."""
        async with self._database.read() as tx:
            return await tx.operations.model()

    async def want(self, user: User, name: str) -> None:
        """See want."""
        async with self._database.write() as tx:
            await want(tx, user, name, self._allowed)
