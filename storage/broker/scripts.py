"""Lua scripts: those that are asked for while others are under way are sent together."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

Argument = str | bytes | int | float


class Script:
    """The text of a script and the name that Redis knows it by."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha1 = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class _Call(NamedTuple):
    script: Script
    keys: Sequence[str]
    arguments: Sequence[Argument]
    done: asyncio.Future[Any]


class Scripts:
    """Runs scripts, each of which has to be harmless when it happens twice.

    While one message is being answered that is a call of its own; with a hundred of them at once,
    what came meanwhile shares the next one, which costs a fraction of the work.
    """

    def __init__(self, redis: Redis, *, timeout: float) -> None:
        self._redis = redis
        self._timeout = timeout
        self._waiting: list[_Call] = []
        self._sending: asyncio.Task[None] | None = None

    def start(
        self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]
    ) -> asyncio.Future[Any]:
        """What the script will answer; raises RedisError or OSError when it is awaited."""
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Call(script, keys, arguments, done))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send(), name="scripts")
        return done

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """What the script answers. Raises RedisError or OSError."""
        return await self.start(script, keys, arguments)

    async def aclose(self) -> None:
        """Give up what is under way."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.wait([self._sending])
            self._give_up(())  # it may not even have begun

    async def _send(self) -> None:
        calls: list[_Call] = []
        try:
            while self._waiting:
                calls, self._waiting = self._waiting, []
                _settle(calls, await self._together(calls))
        finally:
            self._sending = None
            self._give_up(calls)

    def _give_up(self, calls: Sequence[_Call]) -> None:
        calls, self._waiting = [*calls, *self._waiting], []
        _settle(calls, [ConnectionError("the connection was closed")] * len(calls))

    async def _together(self, calls: Sequence[_Call]) -> list[Any]:
        """An answer or an error for each."""
        try:
            async with asyncio.timeout(self._timeout):
                answers = await self._pipelined(calls)
                unknown = [n for n, each in enumerate(answers) if isinstance(each, NoScriptError)]
                for text in {calls[number].script.text for number in unknown}:
                    await self._redis.script_load(text)
                again = await self._pipelined([calls[number] for number in unknown])
                for number, answer in zip(unknown, again, strict=True):
                    answers[number] = answer
                return answers
        except (RedisError, OSError) as error:
            return [error] * len(calls)
        except Exception as error:  # of one that cannot be sent: the others lose nothing by it
            if len(calls) == 1:
                return [error]
            return [answer for call in calls for answer in await self._together([call])]

    async def _pipelined(self, calls: Sequence[_Call]) -> list[Any]:
        if not calls:
            return []
        if len(calls) == 1:  # at half the cost of a pipeline
            return [await self._alone(calls[0])]
        async with self._redis.pipeline(transaction=False) as pipe:
            for script, keys, arguments, _ in calls:
                pipe.evalsha(script.sha1, len(keys), *keys, *arguments)
            return list(await pipe.execute(raise_on_error=False))

    async def _alone(self, call: _Call) -> Any:
        script, keys, arguments, _ = call
        try:
            return await self._redis.evalsha(script.sha1, len(keys), *keys, *arguments)
        except NoScriptError as error:
            return error


def _settle(calls: Sequence[_Call], answers: Sequence[Any]) -> None:
    for call, answer in zip(calls, answers, strict=True):
        if call.done.done():
            continue  # whoever asked has stopped waiting
        if isinstance(answer, Exception):
            call.done.set_exception(answer)
        else:
            call.done.set_result(answer)
