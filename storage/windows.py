"""Sliding windows that every process of an installation shares, kept in Redis by its own clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from storage.broker import Broker
from storage.broker.connection import PREFIX, broker_errors

SLOTS = 100  # of a window: what is kept of it, whatever happens in it
RECEIPT = 3600  # seconds for which a charge is remembered by its receipt
PATIENCE = 0.5  # seconds

# A window's hash holds how much was used in each slot, a hundredth of the window, by the slot's
# first microsecond. A slot counts until its last moment is a whole window old: never too short, and
# too long by a hundredth of the window at most. What a clock that went wrong has written into the
# far future counts for nothing.
_LIVE = f"""
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local function live(key, span, slot)
    local fields = redis.call('HGETALL', key)
    local used, slots, gone = 0, {{}}, {{}}
    for i = 1, #fields, 2 do
        local start, amount = tonumber(fields[i]), tonumber(fields[i + 1])
        if start + slot + span <= now or start > now + span then
            gone[#gone + 1] = fields[i]
        else
            used = used + amount
            slots[#slots + 1] = {{start, amount}}
        end
    end
    return used, slots, gone
end
local function size(i) -- of the window of KEYS[i + 1]: limit, amount, span and slot
    local seconds = tonumber(ARGV[3 * i + 1])
    local limit, amount = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 2])
    return limit, amount, seconds * 1000000, seconds * {1000000 // SLOTS}
end
"""

# KEYS: the receipt, then the windows. ARGV: how long the receipt is kept (ms), 1 to charge whatever
# the limits say, then limit, seconds and amount of each window. Answers 0 when all was charged, or
# else, with nothing charged, the number of the window that has to be waited for the longest, and
# the microseconds until it has room; -1 where it never has. An amount of 0 asks for room for one.
TAKE = (
    _LIVE
    + """
if redis.call('EXISTS', KEYS[1]) == 1 then return {0, 0} end
local last, longest = 0, 0
for i = 1, #KEYS - 1 do
    local limit, amount, span, slot = size(i)
    local used, slots, gone = live(KEYS[i + 1], span, slot)
    if #gone > 0 then redis.call('HDEL', KEYS[i + 1], unpack(gone)) end
    local missing = used + math.max(amount, 1) - limit
    if missing > 0 and ARGV[2] ~= '1' then
        local wait = math.huge
        table.sort(slots, function(one, other) return one[1] < other[1] end)
        for _, each in ipairs(slots) do
            missing = missing - each[2]
            if missing <= 0 then
                wait = each[1] + slot + span - now
                break
            end
        end
        if wait > longest then last, longest = i, wait end
    end
end
if last > 0 then return {last, longest == math.huge and -1 or longest} end
redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
for i = 1, #KEYS - 1 do
    local _, amount, span, slot = size(i)
    if amount > 0 then
        local start = string.format('%.0f', now - math.fmod(now, slot))
        redis.call('HINCRBY', KEYS[i + 1], start, string.format('%.0f', amount))
        redis.call('PEXPIRE', KEYS[i + 1], math.ceil((span + 2 * slot) / 1000))
    end
end
return {0, 0}
"""
)

# KEYS[2] and on, and ARGV[3] and on, as above. Answers what is used of each window.
USED = (
    _LIVE
    + """
local found = {}
for i = 1, #KEYS - 1 do
    local _, _, span, slot = size(i)
    found[i] = live(KEYS[i + 1], span, slot)
end
return found
"""
)


class Charge(Struct, frozen=True):
    """`amount` on a window that lets `limit` through in any `seconds`."""

    name: str
    limit: int
    seconds: int
    amount: int = 0


class Full(NamedTuple):
    """A charge that there is no room for, and in how many seconds there is: None for never."""

    charge: Charge
    wait: float | None


class SlidingWindows:
    """Windows by name. No window of any place in time lets more through than its limit.

    Every method raises BrokerUnavailable, soon: people wait meanwhile. What has a receipt is
    charged once within an hour, however often it is repeated.
    """

    def __init__(self, broker: Broker, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        redis = broker.connection.commands
        self._take = redis.register_script(TAKE)
        self._used = redis.register_script(USED)

    async def take(self, charges: Sequence[Charge], *, receipt: str) -> Full | None:
        """Charge all of them, or none and say what is full. An amount of 0 only asks for room."""
        number, microseconds = await self._call(charges, receipt, force=False)
        if not number:
            return None
        return Full(charges[number - 1], None if microseconds < 0 else microseconds / 1e6)

    async def add(self, charges: Sequence[Charge], *, receipt: str) -> None:
        """Charge all of them, whatever their limits say."""
        await self._call(charges, receipt, force=True)

    async def used(self, charges: Sequence[Charge]) -> list[int]:
        """How much of each window is used; amounts do not matter."""
        async with broker_errors(self._patience):
            return list(await self._used(keys=_keys(charges, ""), args=_numbers(charges, False)))

    async def _call(
        self, charges: Sequence[Charge], receipt: str, *, force: bool
    ) -> tuple[int, int]:
        async with broker_errors(self._patience):
            number, wait = await self._take(
                keys=_keys(charges, receipt), args=_numbers(charges, force)
            )
        return number, wait


def _keys(charges: Sequence[Charge], receipt: str) -> list[str]:
    return [f"{PREFIX}receipt:{receipt}", *(f"{PREFIX}window:{each.name}" for each in charges)]


def _numbers(charges: Sequence[Charge], force: bool) -> list[int]:
    assert all(each.limit >= 1 and each.seconds >= 1 and each.amount >= 0 for each in charges)
    numbers = [RECEIPT * 1000, int(force)]
    for each in charges:
        numbers += [each.limit, each.seconds, each.amount]
    return numbers
