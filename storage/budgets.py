"""Send budgets that every process of an installation shares, kept in Redis by its own clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from storage.broker import Broker
from storage.broker.connection import PREFIX, broker_errors
from storage.broker.scripts import Script

# The generic cell rate algorithm: what is stored is the time at which everything reserved so far
# will have gone out at the given rate ("theoretical arrival time" in the ATM Forum's words).
# KEYS: for each limit that time and the end of its hold. ARGV: 1 to reserve even what has to wait,
# then rate and burst of each limit. Without the 1, either all limits are charged or none.
# After a hold sends go out one by one: whoever was told to wait does not begin with a burst.
TAKE = Script(
    """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local longest, arrivals = 0, {}
for i = 1, #KEYS, 2 do
    local interval = 1 / tonumber(ARGV[i + 1])
    local tolerance = (tonumber(ARGV[i + 2]) - 1) * interval
    local arrival = math.max(tonumber(redis.call('GET', KEYS[i]) or 0), now)
    local hold = tonumber(redis.call('GET', KEYS[i + 1]) or 0)
    if hold > now then arrival = math.max(arrival, hold + tolerance) end
    longest = math.max(longest, arrival - tolerance - now)
    arrivals[i] = arrival + interval
end
if longest == 0 or ARGV[1] == '1' then
    for i = 1, #KEYS, 2 do
        local kept = math.ceil((arrivals[i] - now) * 1000) + 1000
        redis.call('SET', KEYS[i], string.format('%.6f', arrivals[i]), 'PX', kept)
    end
end
return string.format('%.6f', longest)
"""
)

# ARGV: seconds. What is held already is never shortened.
HOLD = Script(
    """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local hold = now + tonumber(ARGV[1])
if hold > tonumber(redis.call('GET', KEYS[1]) or 0) then
    local kept = math.ceil(tonumber(ARGV[1]) * 1000)
    redis.call('SET', KEYS[1], string.format('%.6f', hold), 'PX', kept)
end
"""
)


class Limit(Struct, frozen=True):
    """`rate` sends per second under a name, `burst` of them at once."""

    name: str
    rate: float
    burst: int


class Budgets:
    """Rate limits by name.

    Every method raises BrokerUnavailable. A call whose answer was lost is made again and may
    reserve twice: a send then waits longer than it must, never shorter.
    """

    def __init__(self, broker: Broker, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._redis = broker.connection.commands
        self._scripts = broker.connection.scripts

    async def reserve(self, limit: Limit) -> float:
        """Reserve one send, and return how many seconds to wait before it may go out."""
        return await self._wait((limit,), reserve=True)

    async def try_take(self, *limits: Limit) -> bool:
        """Take one send of every limit if all let it out at once; else nothing is reserved."""
        return await self._wait(limits, reserve=False) == 0

    async def hold(self, name: str, until: float) -> None:
        """Let nothing out before `until` (epoch seconds by `clock`); the later hold counts."""
        seconds = until - self._clock()
        if seconds > 0:
            async with broker_errors():
                await self._scripts.run(HOLD, [_hold_key(name)], [seconds])

    async def held(self, name: str) -> bool:
        """Whether nothing may go out now, whatever was reserved."""
        async with broker_errors():
            return bool(await self._redis.exists(_hold_key(name)))

    async def clear(self, name: str) -> None:
        """Forget the hold and everything reserved."""
        async with broker_errors():
            await self._redis.delete(_key(name), _hold_key(name))

    async def _wait(self, limits: tuple[Limit, ...], *, reserve: bool) -> float:
        assert all(limit.rate > 0 and limit.burst >= 1 for limit in limits), limits
        keys = [key(limit.name) for limit in limits for key in (_key, _hold_key)]
        numbers = [number for limit in limits for number in (limit.rate, limit.burst)]
        async with broker_errors():
            return float(await self._scripts.run(TAKE, keys, [int(reserve), *numbers]))


def _key(name: str) -> str:
    return f"{PREFIX}budget:{name}"


def _hold_key(name: str) -> str:
    return f"{PREFIX}hold:{name}"
