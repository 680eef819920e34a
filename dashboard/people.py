"""People: looked for by name, number or account; one page says all that is known of somebody."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.errors import AssistantError
from chat.people import Access, Role, User
from dashboard.options import OPTIONS, Option
from handlers.moderation.data import DataRequests
from handlers.moderation.deciding import Choice
from handlers.moderation.people import NothingWritten, PeopleBook
from handlers.moderation.quotas import may_set
from handlers.moderation.reviews import Reviews
from handlers.moderation.rights import outranks, sees_accounts, sees_staff
from moderation.durations import spoken
from moderation.policy.live import LivePolicy
from storage.repositories import Event, EventKind, ReviewVerdict, Wanted
from web.errors import Forbidden
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site

LISTED = 50
LONGEST = 200  # characters that are looked for
# What can be decided about somebody without anything that they said.
ABOUT_PEOPLE = frozenset(
    {ReviewVerdict.WARN, ReviewVerdict.STRIKE, ReviewVerdict.MUTE, ReviewVerdict.BAN}
)
Word = TypeVar("Word", bound=StrEnum)


class PeoplePages:
    """The pages under /dashboard/people."""

    def __init__(
        self,
        site: Site,
        *,
        people: PeopleBook,
        reviews: Reviews,
        data: DataRequests,
        policy: LivePolicy,
    ) -> None:
        self._site = site
        self._people = people
        self._reviews = reviews
        self._data = data
        self._policy = policy

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        person = "/dashboard/people/{user:id}"
        return [
            Route("/dashboard/people", self.list),
            Route(person, self.person),
            Route(f"{person}/notes", self.note, methods=["POST"]),
            Route(f"{person}/act", self.act, methods=["POST"]),
            Route(f"{person}/restrictions/{{restriction:id}}/lift", self.lift, methods=["POST"]),
        ]

    async def list(self, request: Request) -> Response:
        """Those who are looked for, or the newest."""
        user, asked = user_of(request), request.query_params
        words = asked.get("q", "").strip()[:LONGEST]
        wanted = Wanted(
            role=_one_of(Role, asked.get("role", "")),
            access=_one_of(Access, asked.get("access", "")),
            restricted=asked.get("restricted") == "yes",
        )
        after = row_id(asked.get("after", ""))
        found = await self._people.find(user, words, wanted, most=LISTED, after=after)
        return pages_of(request).respond(
            request,
            "people.html",
            found=found,
            words=words,
            wanted=wanted,
            accounts=sees_accounts(user),
            roles=tuple(Role) if sees_staff(user) else (),
            accesses=tuple(Access),
            going_on=after is not None,
            following=_following(asked, found.after),
            when=self._site.when,
        )

    async def person(self, request: Request) -> Response:
        """One person."""
        return await self._respond(request)

    async def _respond(
        self, request: Request, *, problem: str = "", form: FormData | None = None
    ) -> Response:
        user, asked = user_of(request), request.query_params
        after = _event(asked.get("before", ""))
        profile = await self._people.get(user, request.path_params["user"], after=after)
        policy = await self._policy.get()
        done = row_id(asked.get("done", ""))
        return pages_of(request).respond(
            request,
            "person.html",
            status=422 if problem else 200,
            profile=profile,
            person=profile.person,
            data=await self._data.state(user, profile.person.user.id),
            me=user,
            options=_options(user, profile.person.user),
            categories=sorted(policy.categories),
            named=policy.name_of,
            sets_budget=may_set(user, profile.person.user),
            problem=problem,
            written=form or FormData(),
            before=_place(profile.after) if profile.after else "",
            going_on=after is not None,
            done=None if done is None else await self._reviews.undoable(user, done),
            now=time.time(),
            when=self._site.when,
            ages=self._site.since,
            spoken=spoken,
        )

    async def note(self, request: Request) -> Response:
        """Write something down about somebody."""
        user, form = user_of(request), await request.form()
        user_id = request.path_params["user"]
        try:
            await self._people.note(user, user_id, _words(form, "text"))
        except NothingWritten as error:
            return await self._respond(request, problem=_key(error), form=form)
        return RedirectResponse(f"/dashboard/people/{user_id}#timeline", 303)

    async def act(self, request: Request) -> Response:
        """Decide about somebody; the rule and the reason have to be said."""
        user, form = user_of(request), await request.form()
        subject = await self._people.check(user, request.path_params["user"])
        option = _option(user, subject, str(form.get("option", "")))
        category, reason = str(form.get("category", "")), _words(form, "reason")
        if category not in (await self._policy.get()).categories or not reason:
            return await self._respond(request, problem="people-reason-wanted", form=form)
        choice = Choice(option.verdict, seconds=option.seconds, category=category, note=reason)
        decision = await self._reviews.act(user, subject.id, choice)
        return RedirectResponse(f"/dashboard/people/{subject.id}?done={decision.id}", 303)

    async def lift(self, request: Request) -> Response:
        """Let somebody write again before the time."""
        user_id = request.path_params["user"]
        await self._people.lift(user_of(request), user_id, request.path_params["restriction"])
        return RedirectResponse(f"/dashboard/people/{user_id}", 303)


def _options(user: User, subject: User) -> list[Option]:
    """What one may decide about the other."""
    if user.id == subject.id or not outranks(user, subject):
        return []
    return [
        option
        for option in OPTIONS
        if option.verdict in ABOUT_PEOPLE and Reviews.may(user, option.verdict, option.seconds)
    ]


def _option(user: User, subject: User, key: str) -> Option:
    for option in _options(user, subject):
        if option.key == key:
            return option
    raise Forbidden


def _words(form: FormData, name: str) -> str:
    return str(form.get(name, "")).replace("\r\n", "\n").strip()[:2000]


def _key(error: AssistantError) -> str:
    return error.key


def _one_of(words: type[Word], text: str) -> Word | None:
    return words(text) if text in [*words] else None


def _following(asked: QueryParams, after: int | None) -> str:
    """The address of the next page of the same search; empty where there is none."""
    if after is None:
        return ""
    kept = {name: asked[name] for name in ("q", "role", "access", "restricted") if name in asked}
    return "/dashboard/people?" + urlencode({**kept, "after": after})


def _place(event: Event) -> str:
    """An event as an address names it."""
    return f"{event.at!r}:{event.kind.value}:{event.id}"


def _event(place: str) -> Event | None:
    """The same event, None for what is no place in a time line."""
    at, _, rest = place.partition(":")
    kind, _, number = rest.partition(":")
    id_, known = row_id(number), _one_of(EventKind, kind)
    try:
        seconds = float(at)
    except ValueError:
        return None
    if id_ is None or known is None or not math.isfinite(seconds):
        return None
    return Event(seconds, known, id_)
