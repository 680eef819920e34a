"""What people may use: budgets of persons, chats and all together, counted in sliding windows."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence

import structlog
from msgspec import Struct

from chat.budgets import Allowance, BudgetSettings, Scope, What, own_limits
from chat.conversations import ConversationKey
from storage.broker import Broker
from storage.errors import BrokerUnavailable
from storage.windows import Charge, Full, Order, SlidingWindows

log = structlog.get_logger()

PAUSE = 5.0  # seconds for which a broker that did not answer is not asked again
REMEMBERED = 5.0  # seconds for which a full window is known to be full
MOST = 10_000  # windows that are known to be full


class Usage(Struct, frozen=True):
    """What somebody wants to use, or has used, in a chat: counted once by its receipt. Who is
    `exempt` is counted and never refused; `budget` is the person's own, see User."""

    user_id: int
    key: ConversationKey
    receipt: str = ""
    messages: int = 0
    pictures: int = 0
    tokens: int = 0
    exempt: bool = False
    budget: str = ""


class Refusal(Struct, frozen=True):
    """Whose budget is used up, and in how many seconds it is not; None for never: that is more
    than `limit` at once."""

    scope: Scope
    what: What
    limit: int
    wait: float | None


class Used(Struct, frozen=True):
    """How much of an allowance somebody has used within its time."""

    allowance: Allowance
    amount: int

    @property
    def left(self) -> int:
        """What there still is of it; whoever is exempt may have used more."""
        return max(0, self.allowance.amount - self.amount)


_Charges = dict[Charge, tuple[Scope, Allowance]]


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
        self._full: dict[tuple[str, int], tuple[int, float, float]] = {}

    @property
    def usual(self) -> tuple[Allowance, ...]:
        """The limits of whoever has no budget of their own."""
        return self._limits.get(Scope.PERSON, ())

    async def take(self, usages: Sequence[Usage]) -> dict[str, Refusal]:
        """Count what people send, or say by its receipt what there is no room for."""
        refused: dict[str, Refusal] = {}
        asked: list[tuple[Order, _Charges]] = []
        for usage in usages:
            charges = self._charges(usage, _wanted(usage))
            full = None if usage.exempt else self._known_full([*charges])
            if full is not None:
                refused[usage.receipt] = _refusal(charges, full)
            elif charges:
                asked.append((Order([*charges], usage.receipt, force=usage.exempt), charges))
        answers = await self._charge([order for order, _ in asked])
        for (order, charges), full in zip(asked, answers, strict=True):
            if full is not None:
                refused[order.receipt] = _refusal(charges, full)
                if full.wait is not None:
                    self._remember(full.charge, full.wait)
        return refused

    def known(self, usage: Usage) -> Refusal | None:
        """The refusal of what a person sends, where it is known without asking the broker."""
        if usage.exempt:
            return None
        charges = self._charges(usage, _wanted(usage))
        full = self._known_full([*charges])
        return _refusal(charges, full) if full else None

    async def spend(self, usages: Sequence[Usage]) -> None:
        """Count tokens that were computed for people."""
        charged = [
            (usage, self._charges(usage, {What.TOKENS: usage.tokens}))
            for usage in usages
            if usage.tokens
        ]
        await self._charge(
            [Order([*charges], usage.receipt, force=True) for usage, charges in charged if charges]
        )

    async def left(self, user_id: int, budget: str = "") -> dict[What, int]:
        """How much a person may still use at this moment, of what is limited for them."""
        left: dict[What, int] = {}
        for used in await self.used(user_id, budget):
            what = used.allowance.what
            left[what] = min(used.left, left.get(what, used.left))
        return left

    async def used(self, user_id: int, budget: str = "") -> list[Used]:
        """What a person has used of each of their limits; nothing while the broker is away.
        `budget` is their own, see User."""
        charges = {
            _charge(Scope.PERSON, str(user_id), allowance, 0): allowance
            for allowance in self._of_person(budget)
        }
        if not charges or self._away:
            return []
        try:
            used = await self._windows.used([*charges])
        except BrokerUnavailable as error:
            self._pause(error)
            return []
        return [Used(*each) for each in zip(charges.values(), used, strict=True)]

    async def _charge(self, orders: Sequence[Order]) -> Sequence[Full | None]:
        """What is full, for each; nothing while the broker is away."""
        nothing = [None] * len(orders)
        if not orders or self._away:
            return nothing
        try:
            return await self._windows.take(orders)
        except BrokerUnavailable as error:
            self._pause(error)
            return nothing

    def _charges(self, usage: Usage, amounts: Mapping[What, int]) -> _Charges:
        ids = {Scope.PERSON: str(usage.user_id), Scope.CHAT: _chat(usage.key), Scope.TOTAL: ""}
        return {
            _charge(scope, ids[scope], each, amounts[each.what]): (scope, each)
            for scope, allowances in self._limits_for(usage.budget).items()
            for each in allowances
            if each.what in amounts
        }

    def _limits_for(self, budget: str) -> Mapping[Scope, tuple[Allowance, ...]]:
        return self._limits | {Scope.PERSON: self._of_person(budget)} if budget else self._limits

    def _of_person(self, budget: str) -> tuple[Allowance, ...]:
        return own_limits(budget, self.usual) if budget else self.usual

    def _known_full(self, charges: Sequence[Charge]) -> Full | None:
        """What is known to be full still: a flood is refused without a word to the broker."""
        now = self._clock()
        for charge in charges:
            amount, until, ask_at = self._full.get((charge.name, charge.limit), (0, 0.0, 0.0))
            if ask_at > now and charge.amount >= amount:
                return Full(charge, until - now)
        return None

    def _remember(self, charge: Charge, wait: float) -> None:
        now = self._clock()
        if len(self._full) >= MOST:
            self._full = {name: each for name, each in self._full.items() if each[2] > now}
        if len(self._full) < MOST:
            until = min(wait, REMEMBERED)
            self._full[charge.name, charge.limit] = (charge.amount, now + wait, now + until)

    @property
    def _away(self) -> bool:
        return self._clock() < self._away_until

    def _pause(self, error: BrokerUnavailable) -> None:
        log.warning("budgets are not counted", error=str(error), seconds=PAUSE)
        self._away_until = self._clock() + PAUSE


def _wanted(usage: Usage) -> dict[What, int]:
    """What is counted of something that a person sends; of tokens there has to be one left."""
    amounts = {What.MESSAGES: usage.messages, What.PICTURES: usage.pictures}
    return {what: amount for what, amount in amounts.items() if amount} | {What.TOKENS: 0}


def _refusal(charges: _Charges, full: Full) -> Refusal:
    scope, allowance = charges[full.charge]
    return Refusal(scope, allowance.what, allowance.amount, full.wait)


def _charge(scope: Scope, whose: str, allowance: Allowance, amount: int) -> Charge:
    name = f"{scope}:{whose}:{allowance.what}:{allowance.seconds}"
    return Charge(name, allowance.amount, allowance.seconds, amount)


def _chat(key: ConversationKey) -> str:
    """The messenger's chat, with all its threads, in a form that names nobody."""
    words = "\0".join((key.channel, key.account, key.chat))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:24]
