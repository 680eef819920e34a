"""Sliding windows that every process of an installation shares, kept in Redis by its own clock."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from storage.broker import Broker
from storage.broker.connection import PREFIX, broker_errors
from storage.broker.scripts import Script

SLOTS = 100  # of a window: what is kept of it, whatever happens in it
RECEIPT = 600  # seconds for which a charge is remembered by its receipt
PATIENCE = 0.5  # seconds

# A window's hash holds how much was used in each slot, a hundredth of the window, by the slot's
# first microsecond. A slot counts until its last moment is a whole window old: never too short, and
# too long by a hundredth of the window at most. What a clock that went wrong has written into the
# far future counts for nothing.
_LIVE = f"""
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local function counts(start, span, slot)
    return start + slot + span > now and start <= now + span
end
local function live(key, span, slot) -- how much is used; all slots, and those that count no more
    local fields = redis.call('HGETALL', key)
    local used, gone = 0, {{}}
    for i = 1, #fields, 2 do
        if counts(tonumber(fields[i]), span, slot) then
            used = used + tonumber(fields[i + 1])
        else
            gone[#gone + 1] = fields[i]
        end
    end
    return used, fields, gone
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
TAKE = Script(
    _LIVE
    + """
local function wait_for(missing, fields, span, slot) -- until so much counts no more
    local slots = {}
    for i = 1, #fields, 2 do
        local start = tonumber(fields[i])
        if counts(start, span, slot) then slots[#slots + 1] = {start, tonumber(fields[i + 1])} end
    end
    table.sort(slots, function(one, other) return one[1] < other[1] end)
    for _, each in ipairs(slots) do
        missing = missing - each[2]
        if missing <= 0 then return each[1] + slot + span - now end
    end
    return math.huge
end
if redis.call('EXISTS', KEYS[1]) == 1 then return {0, 0} end
local last, longest = 0, 0
for i = 1, #KEYS - 1 do
    local limit, amount, span, slot = size(i)
    local used, fields, gone = live(KEYS[i + 1], span, slot)
    if #gone > 0 then redis.call('HDEL', KEYS[i + 1], unpack(gone)) end
    local missing = used + math.max(amount, 1) - limit
    if missing > 0 and ARGV[2] ~= '1' then
        local wait = wait_for(missing, fields, span, slot)
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
USED = Script(
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


class Order(NamedTuple):
    """Charges of which all are made or none, once within ten minutes by the receipt; with `force`
    all, whatever their limits say."""

    charges: Sequence[Charge]
    receipt: str
    force: bool = False


class Full(NamedTuple):
    """A charge that there is no room for, and in how many seconds there is: None for never."""

    charge: Charge
    wait: float | None


class SlidingWindows:
    """Windows by name. No window of any place in time lets more through than its limit.

    Every method raises BrokerUnavailable, soon: people wait meanwhile.
    """

    def __init__(self, broker: Broker, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._scripts = broker.connection.scripts

    async def take(self, orders: Sequence[Order]) -> list[Full | None]:
        """Charge each order, or say what is full. An amount of 0 only asks for room."""
        async with broker_errors(self._patience):
            # gather, since where one fails the errors of the others count as seen
            answers = await asyncio.gather(*map(self._start, orders))
        return [_full(order, *answer) for order, answer in zip(orders, answers, strict=True)]

    async def used(self, charges: Sequence[Charge]) -> list[int]:
        """How much of each window is used; amounts do not matter."""
        async with broker_errors(self._patience):
            numbers = _numbers(charges, force=False)
            return list(await self._scripts.run(USED, _keys(charges, ""), numbers))

    def _start(self, order: Order) -> asyncio.Future[Any]:
        numbers = _numbers(order.charges, force=order.force)
        return self._scripts.start(TAKE, _keys(order.charges, order.receipt), numbers)


def _full(order: Order, number: int, microseconds: int) -> Full | None:
    if not number:
        return None
    return Full(order.charges[number - 1], None if microseconds < 0 else microseconds / 1e6)


def _keys(charges: Sequence[Charge], receipt: str) -> list[str]:
    return [f"{PREFIX}receipt:{receipt}", *(f"{PREFIX}window:{each.name}" for each in charges)]


def _numbers(charges: Sequence[Charge], *, force: bool) -> list[int]:
    assert all(each.limit >= 1 and each.seconds >= 1 and each.amount >= 0 for each in charges)
    numbers = [RECEIPT * 1000, int(force)]
    for each in charges:
        numbers += [each.limit, each.seconds, each.amount]
    return numbers
