"""What a batch of messages uses of budgets, counted in one call before the batch is recorded."""

from __future__ import annotations

from storage.allowances import Allowances, Refusal, Usage


class Ledger:
    """Kept over the tries of one batch.

    Asking the broker for each message, with the database's lock held, took a quarter of the time
    of a batch. So whatever a person sends is taken for granted while the batch is handled, then all
    of it is counted at once; where something is refused, the batch is handled anew in that
    knowledge. Refusals are rare: what is known to be full is refused without asking.
    """

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances
        self._asked: dict[str, Usage] = {}
        self._counted: set[str] = set()
        self._refused: dict[str, Refusal] = {}

    def take(self, usage: Usage) -> Refusal | None:
        """The refusal of this usage, or None where there is room, as far as is known so far."""
        if usage.receipt not in self._refused and usage.receipt not in self._counted:
            self._asked[usage.receipt] = usage
        return self._refused.get(usage.receipt)

    def known(self, usage: Usage) -> Refusal | None:
        """The refusal of this usage where it is known before anything is looked at. What has been
        counted is not refused because of what came after it."""
        if usage.receipt in self._counted:
            return None
        return self._refused.get(usage.receipt) or self._allowances.known(usage)

    async def settle(self) -> bool:
        """Count what was asked for; whether there was room for all of it."""
        asked, self._asked = self._asked, {}
        refused = await self._allowances.take([*asked.values()])
        self._counted |= asked.keys() - refused.keys()
        self._refused |= refused
        return not refused
