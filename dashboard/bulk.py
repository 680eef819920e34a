"""Deciding many flags alike: found, looked through, looked at once more, decided, undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from msgspec import Struct
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.moderation import Priority
from dashboard.options import OPTIONS, Option, choice_of, option_of
from handlers.moderation.bulk import MOST, Alike, Bulk, Listed
from handlers.moderation.reviews import Reviews
from handlers.moderation.rights import needs_two
from web.errors import WebError
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site

PAGE = "/dashboard/queue/bulk"


class Effect(Struct, frozen=True):
    """What would follow: for how many messages, of how many people."""

    option: Option
    messages: int
    people: int


class BulkPages:
    """The pages under /dashboard/queue/bulk."""

    def __init__(self, site: Site, *, bulk: Bulk) -> None:
        self._site = site
        self._bulk = bulk

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        return [
            Route(PAGE, self.page),
            Route(f"{PAGE}/preview", self.preview, methods=["POST"]),
            Route(f"{PAGE}/decide", self.decide, methods=["POST"]),
            Route(f"{PAGE}/undo", self.undo, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """What is alike, to be ticked."""
        user, query = user_of(request), request.query_params
        alike = _alike(query)
        return pages_of(request).respond(
            request,
            "bulk.html",
            alike=alike,
            categories=await self._bulk.categories(user),
            priorities=list(reversed(Priority)),
            listed=await self._bulk.preview(user, alike),
            most=MOST,
            options=[
                option
                for option in OPTIONS
                if not needs_two(option.verdict, option.seconds)
                and Reviews.may(user, option.verdict, option.seconds)
            ],
            ages=self._site.since,
            done=_ids(query.get("done", "")),
            left=_ids(query.get("left", "")),
        )

    async def preview(self, request: Request) -> Response:
        """What would follow from what was ticked and chosen, before it does."""
        user, form = user_of(request), await request.form()
        option, chosen = option_of(str(form.get("option", ""))), set(_ticked(form))
        alike = _alike(form)
        listed = [each for each in await self._bulk.preview(user, alike) if each.flag.id in chosen]
        return pages_of(request).respond(
            request,
            "bulk-preview.html",
            alike=alike,
            listed=listed,
            effect=_effect(option, listed),
            note=str(form.get("note", ""))[:2000],
        )

    async def decide(self, request: Request) -> Response:
        """Do it."""
        user, form = user_of(request), await request.form()
        choice = choice_of(str(form.get("option", "")), str(form.get("note", "")))
        made = await self._bulk.decide(user, _ticked(form), choice)
        told = {
            "done": ".".join(str(decision.id) for decision in made.decisions),
            "left": ".".join(str(flag_id) for flag_id in made.left),
        }
        return self._back(_alike(form), told)

    async def undo(self, request: Request) -> Response:
        """Take all of it back that does not count yet."""
        user, form = user_of(request), await request.form()
        await self._bulk.undo(user, _ids(str(form.get("decisions", ""))))
        return self._back(_alike(form), {})

    def _back(self, alike: Alike, told: dict[str, str]) -> Response:
        asked = {
            "category": alike.category,
            "priority": alike.priority.name.lower() if alike.priority else "",
            "person": str(alike.person or ""),
            **told,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return RedirectResponse(f"{PAGE}?{query}" if query else PAGE, 303)


def _alike(asked: QueryParams | FormData) -> Alike:
    """What the form asks for. Raises WebError for what it does not offer."""
    priority = str(asked.get("priority", "")).upper()
    person = str(asked.get("person", ""))
    if priority and priority not in Priority.__members__:
        raise WebError(key="web-error-bad-request")
    if person and row_id(person) is None:
        raise WebError(key="web-error-bad-request")
    return Alike(
        category=str(asked.get("category", ""))[:100],
        priority=Priority[priority] if priority else None,
        person=row_id(person),
    )


def _ticked(form: FormData) -> list[int]:
    return _numbers(str(value) for value in form.getlist("flag"))


def _ids(text: str) -> list[int]:
    return _numbers(text.split("."))


def _numbers(words: Iterable[str]) -> list[int]:
    numbers = (row_id(word) for word in words)
    return [number for number in numbers if number is not None][:MOST]


def _effect(option: Option, listed: Sequence[Listed]) -> Effect:
    people = {each.flag.user_id for each in listed if each.flag.user_id is not None}
    return Effect(option, len(listed), len(people))
