"""Whoever asks for whatever, by whatever id: nothing of others is shown, changed or told."""

from __future__ import annotations

import asyncio
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.people import Role
from tests.web.house import open_house
from tests.web.routes import Actor, Knocking, filled, knocking, served, with_belongings
from web.settings import WebSettings

PEOPLE = {"ada": Role.MEMBER, "ben": Role.MEMBER, "cleo": Role.REVIEWER, "dora": Role.OWNER}
NONE_SUCH = 987_654_321
ODD = (
    "0",
    "-1",
    "9" * 18,
    "9" * 19,
    "9" * 80,
    "9" * 5000,
    "1e3",
    "1.0",
    "0x1",
    "%00",
    "%EF%BC%91",
    "%27%20OR%201=1--",
    "..%2F1",
    "NaN",
)
PARAMETER = re.compile(r"\{(conversation|attachment|session|turn|user):id\}")
SHOWN = re.compile(r"/(c|media|account/sessions)/(\d+)")
VERBS = ("stop", "retry", "show", "approve", "decline")
# Whose a row is: by the user or by the conversation that it names.
OWNERS = {
    "users": "id",
    "identities": "user_id",
    "conversations": "user_id",
    "web_sessions": "user_id",
    "passwords": "user_id",
    "second_factors": "user_id",
    "recovery_codes": "user_id",
    "first_steps": "user_id",
    "notes": "author_id",
    "messages": "(SELECT user_id FROM conversations c WHERE c.id = conversation_id)",
    "attachments": "(SELECT user_id FROM conversations c WHERE c.id = conversation_id)",
    "turns": "(SELECT user_id FROM conversations c WHERE c.id = conversation_id)",
    "outbound": "(SELECT user_id FROM conversations c WHERE c.id = conversation_id)",
    "message_attachments": "(SELECT c.user_id FROM messages m JOIN conversations c"
    " ON c.id = m.conversation_id WHERE m.id = message_id)",
}

Rows = dict[str, list[tuple[Any, ...]]]


class Town:
    """A running house with people who each own something, asked from a thread without a loop."""

    def __init__(self, folder: Path, valkey_url: str, png: bytes) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._folder = folder
        self._valkey_url = valkey_url
        self._png = png
        self.people: dict[str, Actor] = {}

    def open(self) -> None:
        self._runner.run(self._open())

    async def _open(self) -> None:
        web = WebSettings(trusted_proxies=("127.0.0.1/32",))
        house = await self._stack.enter_async_context(
            open_house(self._folder, self._valkey_url, web=web)
        )
        self.door: Knocking = await self._stack.enter_async_context(knocking(house))
        self.routes = sorted(set(served(house.app)))
        for name, role in PEOPLE.items():
            user = await house.add_user(f"name-{name}", role)
            self.people[name] = await with_belongings(self.door, name, user, self._png)
        self.people["stranger"] = Actor("stranger", None)

    def close(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def check(self, request: tuple[str, str, int, str, str]) -> None:
        self._runner.run(self._check(*request))

    async def _check(self, asking: str, victim: str, route: int, odd: str, verb: str) -> None:
        """Ask by the id of one's own, another's, one that nobody has, and an odd one."""
        method, path = self.routes[route % len(self.routes)]
        actor, other = self.people[asking], self.people[victim]
        ids = await self.ids_of(other, path)
        theirs = await self.ask(actor, method, path, ids, verb=verb)
        none = dict.fromkeys(ids, NONE_SUCH)
        nobodys = await self.ask(actor, method, path, none, verb=verb)
        await self.ask(actor, method, path, dict.fromkeys(ids, odd), verb=verb)
        if asking != victim and not may_look(asking, path):
            assert theirs == nobodys, (method, path, asking, victim)

    async def ids_of(self, person: Actor, path: str) -> dict[str, Any]:
        """What a path, or the fields that are sent to it, can name of a person's."""
        user = person.user
        assert user is not None
        async with self.door.house.database.write() as tx:
            await tx.web_sessions.add(user.id, lifetime=1000)
            sessions = await tx.web_sessions.of_user(user.id, "")
            messages = [each for each in await tx.messages.of_user(user.id) if each.parts]
        if not messages:  # they have deleted it themselves
            again = await with_belongings(self.door, person.name, user, self._png)
            self.people[person.name] = again
            return await self.ids_of(again, path)
        found = {
            "conversation": messages[0].conversation_id,
            "attachment": person.picture,
            "session": sessions[0].id,
            "turn": person.turn,
            "user": user.id,
        }
        wanted = {name: found[name] for name in PARAMETER.findall(path)}
        if path.endswith("/earlier"):
            wanted = {"before": messages[-1].id}
        if path.endswith("/press"):
            wanted = {"pressed": person.turn}
        return wanted

    async def ask(
        self, actor: Actor, method: str, path: str, ids: dict[str, Any], *, verb: str
    ) -> tuple[Any, ...]:
        """What the actor is told, after a look that nothing of others was shown or changed."""
        address = path
        for name, value in ids.items():
            address = address.replace(f"{{{name}:id}}", str(value))
        address = await filled(self.door, address, actor, {"member": self.people["ada"]})
        keys = await self.door.keys(actor)
        params = {"before": str(ids["before"])} if "before" in ids else {}
        data = {"title": "renamed", "action": f"{verb}:{ids.get('pressed', 1)}", "text": "/help"}
        before = self.rows_but_of(actor)
        response = await self.door.ask(
            method, address, keys, params=params, data=data if method == "POST" else None
        )
        assert response.status_code < 500 or path == "/readyz", (method, address[:80])
        assert self.rows_but_of(actor) == before, (method, address[:80], actor.name)
        content = shown(response)
        if not may_look(actor.name, path):
            self.check_shown(actor, content)
        said = self.last_notice(actor) if path.endswith("/press") else ""
        if not ids:
            return (response.status_code,)
        return response.status_code, content if response.status_code >= 400 else "", said

    def check_shown(self, actor: Actor, content: str) -> None:
        for other in PEOPLE:
            if other != actor.name:
                assert f"mark-{other}" not in content
                assert f"name-{other}" not in content
        for kind, number in SHOWN.findall(content):
            table = {"c": "conversations", "media": "attachments"}.get(kind, "web_sessions")
            owner = f"SELECT {OWNERS[table]} FROM {table} WHERE id = ?"
            [(found,)] = self.query(owner, int(number)) or [(None,)]
            assert actor.user is not None
            assert found == actor.user.id, (kind, number)

    def rows_but_of(self, actor: Actor) -> Rows:
        """Everybody else's rows; the clockwork of turns may move by itself."""
        mine = actor.user.id if actor.user else 0
        known = "', '".join(str(each.user.id) for each in self.people.values() if each.user)
        rows: Rows = {}
        for table, owner in OWNERS.items():
            query = f"SELECT * FROM {table} WHERE {owner} != ? AND {owner} IN ('{known}')"
            if table == "turns":
                query = query.replace("*", "id, conversation_id, cancel_requested, asked_at, shown")
            rows[table] = self.query(f"{query} ORDER BY 1, 2", mine)
        return rows

    def last_notice(self, actor: Actor) -> str:
        mine = actor.user.id if actor.user else 0
        query = f"SELECT notice FROM outbound WHERE {OWNERS['outbound']} = ? ORDER BY id DESC"
        found = self.query(query, mine)
        return str(found[0]) if found else ""

    def query(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self._folder / "whimbrel.db")
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()


def may_look(asking: str, path: str) -> bool:
    """Whether a page is for them to see others on: what is flagged, and members, are for reviewers
    to see."""
    if asking == "dora":
        return path.startswith("/dashboard/")
    pages = ("/dashboard/queue", "/dashboard/decisions", "/dashboard/people")
    return asking == "cleo" and path.startswith(pages)


def shown(response: httpx2.Response) -> str:
    """Everything that an answer lets somebody read."""
    if not response.is_stream_consumed:
        return ""
    if response.headers.get("content-type") == "application/zip" and response.content:
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            return archive.read("messages.json").decode() + archive.read("messages.txt").decode()
    return response.content.decode("utf-8", "replace") + str(response.headers.get("location"))


@pytest.fixture
def town(tmp_path: Path, valkey_url: str, png: bytes) -> Iterator[Town]:
    town = Town(tmp_path, valkey_url, png)
    town.open()
    yield town
    town.close()


request = st.tuples(
    st.sampled_from([*PEOPLE, "stranger"]),
    st.sampled_from(list(PEOPLE)),
    st.integers(0, 1000),
    st.sampled_from(ODD) | st.integers(-(1 << 80), 1 << 80).map(str),
    st.sampled_from(VERBS),
)


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=request)
def test_nobody_sees_or_changes_what_is_anothers(
    town: Town, asked: tuple[str, str, int, str, str]
) -> None:
    town.check(asked)


@pytest.mark.parametrize("asking", [*PEOPLE, "stranger"])
def test_every_route_with_an_id_keeps_what_is_anothers(town: Town, asking: str) -> None:
    """The same for all of them, in case that chance leaves one out."""
    for number, (_method, path) in enumerate(town.routes):
        if PARAMETER.search(path):
            for odd in ("9" * 19, "9" * 5000):
                town.check((asking, "ben" if asking == "ada" else "ada", number, odd, "stop"))
