"""The routes of the real application, and people of every standing to ask for them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from chat.messages import AttachmentPart, Speaker, TextPart
from chat.moderation import Deed, Finding, Measure, Side, Verdict
from chat.people import Access, Role, User
from handlers.settings import OidcSettings
from storage.repositories import DecisionState, HoldKind, NewPicture, RestrictionKind, ReviewVerdict
from tests.web.house import House
from web.cookies import SESSION, VISIT, named
from web.forgery import csrf_token
from web.visits import Visit

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS")
# Who asks: role and access; None has no session.
STANDINGS: dict[str, tuple[Role, Access] | None] = {
    "stranger": None,
    "waiting": (Role.MEMBER, Access.WAITING),
    "declined": (Role.MEMBER, Access.BLOCKED),
    "member": (Role.MEMBER, Access.ALLOWED),
    "reviewer": (Role.REVIEWER, Access.ALLOWED),
    "moderator": (Role.MODERATOR, Access.ALLOWED),
    "admin": (Role.ADMIN, Access.ALLOWED),
    "owner": (Role.OWNER, Access.ALLOWED),
}
# An OpenID provider that is away, so that its routes are there and nobody has to be asked.
AWAY = OidcSettings(oidc_issuer="http://localhost:9", oidc_client_id="us")
_addresses = count(1)


def served(app: Starlette) -> Iterator[tuple[str, str]]:
    """Method and path of everything in the application's own table; folders of files have the
    version in their path written as VERSION."""
    for route in _flat(app.routes):
        if isinstance(route, Route):
            yield from ((method, route.path) for method in sorted(route.methods or ()))
        else:
            assert isinstance(route, Mount)
            _, folder, _, section = route.path.split("/")
            path = f"/{folder}/VERSION/{section}/{{file}}"
            yield from ((method, path) for method in ("GET", "HEAD"))


def version_of(app: Starlette) -> str:
    """The digest in the paths of static files."""
    folders = [route.path for route in _flat(app.routes) if isinstance(route, Mount)]
    return folders[0].split("/")[2]


def _flat(routes: Sequence[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        if isinstance(route, Mount) and isinstance(route.app, Starlette):
            yield from _flat(route.app.routes)
        else:
            yield route


@dataclass(frozen=True)
class Actor:
    """Somebody, with what is theirs: a picture, and a question that ended."""

    name: str
    user: User | None
    picture: int = 1
    turn: int = 1


class Knocking:
    """Sends requests, each from an address of its own, so that no limit stands in the way.

    The house has to trust forwarded headers; `secure` has people come by https."""

    def __init__(self, house: House, client: httpx2.AsyncClient, *, secure: bool = False) -> None:
        self.house = house
        self.secure = secure
        self._client = client

    async def keys(self, actor: Actor) -> dict[str, str]:
        """Headers of a fresh session of theirs, with its CSRF token."""
        if actor.user is None:
            return self._headers(VISIT, "a-strangers-cookie")
        async with self.house.database.write() as tx:
            token = await tx.web_sessions.add(actor.user.id, lifetime=1000)
        return self._headers(SESSION, token)

    def _headers(self, name: str, secret: str) -> dict[str, str]:
        token = csrf_token(Visit(None, "", secret, "", secure=self.secure))
        sent = f"{named(name, secure=self.secure)}={secret}"
        return {"cookie": sent, "x-csrf-token": token, "accept": "application/json"}

    async def ask(
        self, method: str, path: str, headers: dict[str, str], **options: Any
    ) -> httpx2.Response:
        """One request; of a stream only its head is read."""
        if path != "/metrics":  # which answers nobody who comes by way of a proxy
            headers = headers | {"x-forwarded-for": f"2001:db8:{next(_addresses):x}::1"}
            headers["x-forwarded-proto"] = "https" if self.secure else "http"
        self._client.cookies.clear()
        options = {"headers": headers} | options
        async with self._client.stream(method, path, **options) as response:
            if not response.headers.get("content-type", "").startswith("text/event-stream"):
                await response.aread()
        return response


@asynccontextmanager
async def knocking(house: House, *, secure: bool = False) -> AsyncIterator[Knocking]:
    """A client that keeps no connection: streams are left in the middle."""
    limits = httpx2.Limits(max_keepalive_connections=0)
    async with httpx2.AsyncClient(base_url=house.url, timeout=20, limits=limits) as client:
        yield Knocking(house, client, secure=secure)


async def with_belongings(knocking: Knocking, name: str, user: User, png: bytes) -> Actor:
    """Somebody who has sent a picture, named in words of their own, and stopped the answer."""
    keys = await knocking.keys(Actor(name, user))
    made = await knocking.ask("POST", "/conversations", keys)
    number = made.json()["conversation"]
    files = [("pictures", ("a.png", png, "image/png"))]
    path = f"/c/{number}"
    said = {"text": f"mark-{name} says"}
    sent = await knocking.ask("POST", f"{path}/messages", keys, data=said, files=files)
    assert sent.status_code == 202
    turns = await knocking.house.book.turns(user, number)
    await knocking.ask("POST", f"{path}/rename", keys, data={"title": f"mark-{name} title"})
    await knocking.ask("POST", f"{path}/stop", keys)
    async with knocking.house.database.read() as tx:
        [message] = [each for each in await tx.messages.of_user(user.id) if each.turn_id]
        [part] = [each for each in message.parts if hasattr(each, "attachment_id")]
    return Actor(name, user, picture=part.attachment_id, turn=turns[0].id)


async def everybody(knocking: Knocking, png: bytes) -> dict[str, Actor]:
    """One person of each standing."""
    house, found = knocking.house, {}
    for name, standing in STANDINGS.items():
        if standing is None:
            found[name] = Actor(name, None)
            continue
        role, access = standing
        user = await house.add_user(name, role, access)
        found[name] = (
            await with_belongings(knocking, name, user, png)
            if access is Access.ALLOWED
            else Actor(name, user)
        )
    return found


FILES = {"web": "base.css", "chat": "chat.css", "dashboard": "dashboard.css"}


async def _flag(house: House, people: dict[str, Actor]) -> int:
    """The member has said something, with their picture, and it is flagged."""
    member = people["member"]
    assert member.user is not None
    conversation = await house.book.new(member.user)
    verdict = Verdict(
        findings=(Finding("words", "hate", 1.0),),
        measures=(Measure(Deed.FLAG),),
        category="hate",
    )
    async with house.database.write() as tx:
        message = await tx.messages.add(
            conversation.id,
            speaker=Speaker.PERSON,
            parts=(TextPart("flagged"), AttachmentPart(member.picture)),
            turn_id=None,
            user_id=member.user.id,
        )
        raised = await tx.flags.add(
            conversation.id, message.id, verdict, side=Side.QUESTION, user_id=member.user.id
        )
    assert raised is not None
    return raised[0].id


async def _decision(house: House, decided_by: int | None) -> int:
    """A decision that can be undone by who made it; of nobody's, one that needs a second person."""
    alone = decided_by is not None
    async with house.database.write() as tx:
        decision = await tx.decisions.add(
            ReviewVerdict.DISMISS if alone else ReviewVerdict.BAN,
            decided_by=decided_by,
            category="hate",
            policy=0,
            state=DecisionState.COUNTING if alone else DecisionState.WAITING,
            due_at=1e12,
        )
    return decision.id


async def _muted(house: House, user: User) -> int:
    """A restriction of theirs that is in force."""
    async with house.database.write() as tx:
        mute = await tx.restrictions.add(user.id, RestrictionKind.MUTE, category="hate", until=None)
    return mute.id


async def _appeal(house: House, user: User) -> int:
    """Somebody disagrees with what a program did."""
    mute = await _muted(house, user)
    async with house.database.write() as tx:
        made = await tx.appeals.add(user.id, mute, conversation_id=None, words="No!")
    return made.id


async def filled(door: Knocking, path: str, actor: Actor, people: dict[str, Actor]) -> str:
    """A path to what is the actor's own, or the member's where they have nothing."""
    has_some = actor.user is not None and actor.user.access is Access.ALLOWED
    owner = actor if has_some else people.get("member", actor)
    if path.startswith(("/dashboard/people", "/dashboard/conversations")):
        owner = people["member"]
    if "{restriction:id}" in path:
        assert owner.user is not None
        mute = await _muted(door.house, owner.user)
        path = path.replace("{restriction:id}", str(mute))
    if "{appeal:id}" in path:
        member = people["member"].user
        assert member is not None
        path = path.replace("{appeal:id}", str(await _appeal(door.house, member)))
    if "{conversation:id}" in path:
        assert owner.user is not None
        conversation = await door.house.book.new(owner.user)
        path = path.replace("{conversation:id}", str(conversation.id))
    if "{flag:id}" in path:
        path = path.replace("{flag:id}", str(await _flag(door.house, people)))
        path = path.replace("{attachment:id}", str(people["member"].picture))
    if "{hold:id}" in path:
        async with door.house.database.write() as tx:
            member = people["member"].user
            assert member is not None
            hold = await tx.holds.add(
                HoldKind.USER, member.id, reason="court", until=4e9, created_by=None
            )
        path = path.replace("{hold:id}", str(hold.id))
    if "{entry:id}" in path:
        async with door.house.database.write() as tx:
            pdq = f"{next(_addresses):032x}" + "5" * 32
            await tx.known_pictures.add(
                [NewPicture(pdq, "known-picture")], source="file", note="", added_by=None
            )
            [entry] = await tx.known_pictures.newest(most=1)
        path = path.replace("{entry:id}", str(entry.id))
    if "{policy:id}" in path:
        async with door.house.database.write() as tx:
            version = await tx.policies.add("name: Ours", note="", author_id=None)
        path = path.replace("{policy:id}", str(version.number))
    if "{decision:id}" in path:
        own = actor.user.id if actor.user and path.endswith("undo") else None
        path = path.replace("{decision:id}", str(await _decision(door.house, own)))
    if "VERSION" in path:
        section = path.split("/")[3]
        path = path.replace("VERSION", version_of(door.house.app))
        path = path.replace("{file}", FILES[section])
    user_id = owner.user.id if owner.user else 1
    values = {
        "{session:id}": 999_999,
        "{attachment:id}": owner.picture,
        "{turn:id}": owner.turn,
        "{user:id}": user_id,
        "{code}": "no-code",
        "{verdict}": "approve",
    }
    for name, value in values.items():
        path = path.replace(name, str(value))
    return path
