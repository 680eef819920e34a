"""What people may use: budgets of persons, chats and all together, counted in sliding windows."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence

import structlog
from msgspec import Struct

from chat.budgets import Allowance, BudgetSettings, Scope, What
from chat.conversations import ConversationKey
from storage.broker import Broker
from storage.errors import BrokerUnavailable
from storage.windows import Charge, Full, SlidingWindows

log = structlog.get_logger()

PAUSE = 5.0  # seconds for which a broker that did not answer is not asked again
REMEMBERED = 5.0  # seconds for which a full window is known to be full
MOST = 10_000  # windows that are known to be full


class Refusal(Struct, frozen=True):
    """Whose budget is used up, and in how many seconds it is not; None for never: that is more
    than `limit` at once."""

    scope: Scope
    what: What
    limit: int
    wait: float | None


class Allowances:
    """Budgets as the operator set them.

    Nothing raises: while the broker is away people are let through, and what they use meanwhile is
    not counted. `clock` is for the pause after it failed.
    """

    def __init__(
        self,
        broker: Broker,
        settings: BudgetSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = settings.allowances()
        self._windows = SlidingWindows(broker)
        self._clock = clock
        self._away_until = 0.0
        self._full: dict[str, tuple[int, float, float]] = {}

    async def take(
        self,
        *,
        user_id: int,
        key: ConversationKey,
        receipt: str,
        messages: int = 1,
        pictures: int = 0,
        exempt: bool = False,
    ) -> Refusal | None:
        """Count what a person sends, or say what there is no room for. Who is `exempt` is counted
        and never refused; a `receipt` is counted once."""
        amounts = {What.MESSAGES: messages, What.PICTURES: pictures, What.TOKENS: 0}
        asked = {what for what, amount in amounts.items() if amount or what is What.TOKENS}
        charges = self._charges(user_id, key, {what: amounts[what] for what in asked})
        if not charges or self._away:
            return None
        if not exempt and (full := self._known_full([*charges])):
            return _refusal(charges, full)
        try:
            if exempt:
                await self._windows.add([*charges], receipt=receipt)
                return None
            full = await self._windows.take([*charges], receipt=receipt)
        except BrokerUnavailable as error:
            self._pause(error)
            return None
        if full is None:
            return None
        if full.wait is not None:
            self._remember(full.charge, full.wait)
        return _refusal(charges, full)

    def known(self, *, user_id: int, key: ConversationKey, pictures: int = 0) -> Refusal | None:
        """The refusal of one more message, where it is known without asking the broker."""
        amounts = {What.MESSAGES: 1, What.TOKENS: 0, What.PICTURES: pictures}
        if not pictures:
            del amounts[What.PICTURES]
        charges = self._charges(user_id, key, amounts)
        full = self._known_full([*charges])
        return _refusal(charges, full) if full else None

    async def spend(self, *, user_id: int, key: ConversationKey, receipt: str, tokens: int) -> None:
        """Count tokens that were computed for a person; a `receipt` is counted once."""
        charges = self._charges(user_id, key, {What.TOKENS: tokens})
        if not charges or not tokens or self._away:
            return
        try:
            await self._windows.add([*charges], receipt=receipt)
        except BrokerUnavailable as error:
            self._pause(error)

    async def left(self, user_id: int) -> dict[What, int]:
        """How much a person's own budget still allows at this moment, of what it limits."""
        charges = {
            _charge(Scope.PERSON, str(user_id), allowance, 0): allowance
            for allowance in self._limits.get(Scope.PERSON, ())
        }
        if not charges or self._away:
            return {}
        try:
            used = await self._windows.used([*charges])
        except BrokerUnavailable as error:
            self._pause(error)
            return {}
        left: dict[What, int] = {}
        for allowance, amount in zip(charges.values(), used, strict=True):
            room = max(0, allowance.amount - amount)
            left[allowance.what] = min(room, left.get(allowance.what, room))
        return left

    def _charges(
        self, user_id: int, key: ConversationKey, amounts: Mapping[What, int]
    ) -> dict[Charge, tuple[Scope, Allowance]]:
        ids = {Scope.PERSON: str(user_id), Scope.CHAT: _chat(key), Scope.TOTAL: ""}
        return {
            _charge(scope, ids[scope], each, amounts[each.what]): (scope, each)
            for scope, allowances in self._limits.items()
            for each in allowances
            if each.what in amounts
        }

    def _known_full(self, charges: Sequence[Charge]) -> Full | None:
        """What is known to be full still: a flood is refused without a word to the broker."""
        now = self._clock()
        for charge in charges:
            amount, until, ask_at = self._full.get(charge.name, (0, 0.0, 0.0))
            if ask_at > now and charge.amount >= amount:
                return Full(charge, until - now)
        return None

    def _remember(self, charge: Charge, wait: float) -> None:
        now = self._clock()
        if len(self._full) >= MOST:
            self._full = {name: each for name, each in self._full.items() if each[2] > now}
        if len(self._full) < MOST:
            self._full[charge.name] = (charge.amount, now + wait, now + min(wait, REMEMBERED))

    @property
    def _away(self) -> bool:
        return self._clock() < self._away_until

    def _pause(self, error: BrokerUnavailable) -> None:
        log.warning("budgets are not counted", error=str(error), seconds=PAUSE)
        self._away_until = self._clock() + PAUSE


def _refusal(charges: Mapping[Charge, tuple[Scope, Allowance]], full: Full) -> Refusal:
    scope, allowance = charges[full.charge]
    return Refusal(scope, allowance.what, allowance.amount, full.wait)


def _charge(scope: Scope, whose: str, allowance: Allowance, amount: int) -> Charge:
    name = f"{scope}:{whose}:{allowance.what}:{allowance.seconds}"
    return Charge(name, allowance.amount, allowance.seconds, amount)


def _chat(key: ConversationKey) -> str:
    """The messenger's chat, with all its threads, in a form that names nobody."""
    words = "\0".join((key.channel, key.account, key.chat))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:24]
