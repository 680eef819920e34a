"""Send budgets that every process of an installation shares, kept in Redis by its own clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from storage.broker import Broker
from storage.broker.connection import PREFIX, broker_errors

# The generic cell rate algorithm: what is stored is the time at which everything reserved so far
# will have gone out at the given rate ("theoretical arrival time" in the ATM Forum's words).
# KEYS: that time, end of the hold. ARGV: rate, burst, 1 to reserve even what has to wait.
# After a hold sends go out one by one: whoever was told to wait does not begin with a burst.
TAKE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local interval = 1 / tonumber(ARGV[1])
local tolerance = (tonumber(ARGV[2]) - 1) * interval
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local hold = tonumber(redis.call('GET', KEYS[2]) or 0)
if hold > now then arrival = math.max(arrival, hold + tolerance) end
local wait = math.max(arrival - tolerance - now, 0)
if wait == 0 or ARGV[3] == '1' then
    arrival = arrival + interval
    local kept = math.ceil((arrival - now) * 1000) + 1000
    redis.call('SET', KEYS[1], string.format('%.6f', arrival), 'PX', kept)
end
return string.format('%.6f', wait)
"""

# ARGV: seconds. What is held already is never shortened.
HOLD = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local hold = now + tonumber(ARGV[1])
if hold > tonumber(redis.call('GET', KEYS[1]) or 0) then
    local kept = math.ceil(tonumber(ARGV[1]) * 1000)
    redis.call('SET', KEYS[1], string.format('%.6f', hold), 'PX', kept)
end
"""


class Budgets:
    """Rate limits, one for each `name`; rates per second, `burst` at once.

    Every method raises BrokerUnavailable. A call whose answer was lost is made again and may
    reserve twice: a send then waits longer than it must, never shorter.
    """

    def __init__(self, broker: Broker, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._redis = broker.connection.commands
        self._take = self._redis.register_script(TAKE)
        self._hold = self._redis.register_script(HOLD)

    async def reserve(self, name: str, *, rate: float, burst: int) -> float:
        """Reserve one send, and return how many seconds to wait before it may go out."""
        return await self._wait(name, rate, burst, reserve=True)

    async def try_take(self, name: str, *, rate: float, burst: int) -> bool:
        """Take one send if it may go out at once; else nothing is reserved."""
        return await self._wait(name, rate, burst, reserve=False) == 0

    async def hold(self, name: str, until: float) -> None:
        """Let nothing out before `until` (epoch seconds by `clock`); the later hold counts."""
        seconds = until - self._clock()
        if seconds > 0:
            async with broker_errors():
                await self._hold(keys=[_hold_key(name)], args=[seconds])

    async def clear(self, name: str) -> None:
        """Forget the hold and everything reserved."""
        async with broker_errors():
            await self._redis.delete(_key(name), _hold_key(name))

    async def _wait(self, name: str, rate: float, burst: int, *, reserve: bool) -> float:
        assert rate > 0, rate
        assert burst >= 1, burst
        async with broker_errors():
            wait = await self._take(
                keys=[_key(name), _hold_key(name)], args=[rate, burst, int(reserve)]
            )
        return float(wait)


def _key(name: str) -> str:
    return f"{PREFIX}budget:{name}"


def _hold_key(name: str) -> str:
    return f"{PREFIX}hold:{name}"
