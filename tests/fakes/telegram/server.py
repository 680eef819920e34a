"""The fake Telegram at the wire: HTTP in front of the world."""

from __future__ import annotations

import asyncio
import json
import re
from functools import partial
from types import TracebackType
from typing import Any, Self

from tests.fakes.telegram import account, messages, schema
from tests.fakes.telegram.body import Call, read_call
from tests.fakes.telegram.errors import ApiError, Hangup, bad_request
from tests.fakes.telegram.faults import Fault, Faults
from tests.fakes.telegram.http import HttpServer, Later, Request, Response
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.world import World

TOKEN = "700001:AAFakeTokenOfTheFakeTelegramServer0"
METHODS = {**messages.METHODS, **account.METHODS}
PATH = re.compile(r"/bot(\d+:[\w-]+)(?:/test)?/(\w+)")
FILE_PATH = re.compile(r"/file/bot(\d+:[\w-]+)/(.+)")


class FakeTelegram:
    """A Bot API server of one bot, on loopback.

    `violations` are calls that the real server would not understand as they were meant: look at it
    at the end of a test. `limits.enabled` switches the flood limits.
    """

    def __init__(
        self, *, token: str = TOKEN, name: str = "whimbrel_bot", limits: bool = True, port: int = 0
    ) -> None:
        self.token = token
        self.world = World(_bot_user(token, name))
        self.world.limits.enabled = limits
        self.violations: list[str] = []
        self.port = port
        self._people = 0
        self._http = HttpServer(self._handle)

    @property
    def url(self) -> str:
        """The root, as TELEGRAM_API_URL wants it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self.world.faults

    async def __aenter__(self) -> Self:
        self.port = await self._http.listen(self.port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.world.inbox.close()
        await self._http.close()

    async def goes_offline(self) -> None:
        """Nobody listens any more, and every connection is cut."""
        await self._http.close()

    async def comes_back(self) -> None:
        """Listen again on the same port."""
        await self._http.listen(self.port)

    def rotates(self, token: str) -> None:
        """BotFather revokes the token and shows another one. The old one is refused at once; what
        waits to be fetched, the webhook and the chats belong to the account and stay."""
        account = self.token.partition(":")[0]
        assert token.startswith(f"{account}:"), "it is the same bot"
        self.token = token

    def person(self, name: str = "Anna", *, language: str = "en") -> Person:
        """Somebody new who may talk to the bot."""
        self._people += 1
        return Person(self.world, number=5_000_000 + self._people, name=name, language=language)

    def _handle(self, request: Request) -> Response | Later:
        if request.path.startswith("/file/"):
            return self._file(request)
        found = PATH.fullmatch(request.path)
        if found is None or not schema.knows(found[2]):
            return _answer(ApiError(404, "Not Found"))
        if found[1] != self.token:
            return _answer(ApiError(401, "Unauthorized"))
        return self._call(schema.proper_name(found[2]), request)

    def _file(self, request: Request) -> Response:
        found = FILE_PATH.fullmatch(request.path)
        if found is None or found[1] != self.token:
            return _answer(ApiError(404, "Not Found"))
        fault = self.world.faults.take("file")
        if fault is not None:
            if fault.error is not None:
                return _answer(fault.error)
            raise Hangup
        for file in self.world.files.values():
            if file.path == found[2]:
                return Response(200, file.content, "application/octet-stream")
        return _answer(ApiError(404, "Not Found"))

    def _call(self, method: str, request: Request) -> Response | Later:
        fault = self.world.faults.take(method)
        if fault is not None and fault.hang_up_before:
            raise Hangup
        try:
            result = self._act(method, request, fault)
        except ApiError as error:
            result = error
        if fault is None and not callable(result):
            return _answer(result)
        return partial(self._answer_later, result, fault)

    async def _answer_later(self, result: Any, fault: Fault | None) -> Response:
        if callable(result):
            try:
                result = await result()
            except ApiError as error:
                result = error
        if fault is not None:
            if fault.hang_up_after:
                raise Hangup
            if fault.garbage:
                return Response(200, b"<html>Bad gateway</html>", "text/html")
            await asyncio.sleep(fault.delay)
        return _answer(result)

    def _act(self, method: str, request: Request, fault: Fault | None) -> Any:
        call = read_call(request.query, request.headers.get("content-type", ""), request.body)
        params = self._checked(method, call)
        self.world.record(method, params)
        chat_id = params.get("chat_id")
        if fault is not None and fault.error is not None:
            seconds = fault.error.parameters.get("retry_after")
            if seconds and isinstance(chat_id, int):
                self.world.limits.demand_wait(chat_id, seconds)
            raise fault.error
        if isinstance(chat_id, int):
            self.world.limits.admit(method, chat_id)
        if method not in METHODS:
            raise ApiError(501, f"the fake Telegram has no {method}")
        return METHODS[method](self.world, params, call.uploads)

    def _checked(self, method: str, call: Call) -> dict[str, Any]:
        uploaded = {name: f"attach://{name}" for name in call.uploads}
        fields = schema.field_names(method)
        named = {name: value for name, value in uploaded.items() if name in fields}
        try:
            return schema.check(method, {**named, **call.parameters})
        except ApiError as error:
            self.violations.append(error.description)
            raise
        except ValueError as error:
            self.violations.append(f"{method}: {error}")
            raise bad_request(f"can't parse parameters: {error}") from None


def _answer(result: Any) -> Response:
    if isinstance(result, ApiError):
        return Response(result.code, json.dumps(result.body()).encode())
    return Response(200, json.dumps({"ok": True, "result": result}).encode())


def _bot_user(token: str, name: str) -> dict[str, Any]:
    return {
        "id": int(token.partition(":")[0]),
        "is_bot": True,
        "first_name": "Whimbrel",
        "username": name,
    }
