"""Settings of the dashboard: how one wants to work, who works here, by what people come in."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.people import Role
from handlers.moderation.rights import LEVELS
from handlers.moderation.team import Team, may_leave_out
from storage.repositories import PicturesShown
from web.errors import WebError
from web.gate import user_of
from web.ids import row_id
from web.pages import pages_of
from web.site import Site

ADDRESS = "/dashboard/settings"


class SettingsPages:
    """The pages under /dashboard/settings. `channels` are the messengers that are connected, by
    name and account."""

    def __init__(self, site: Site, *, team: Team, channels: Sequence[tuple[str, str]]) -> None:
        self._site = site
        self._team = team
        self._channels = channels

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        member = f"{ADDRESS}/team/{{user:id}}"
        return [
            Route(ADDRESS, self.page),
            Route(f"{ADDRESS}/habits", self.choose, methods=["POST"]),
            Route(f"{ADDRESS}/team", self.add, methods=["POST"]),
            Route(f"{member}/role", self.set_role, methods=["POST"]),
            Route(f"{member}/unlock", self.unlock, methods=["POST"]),
            Route(f"{member}/sign-out", self.sign_out, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Everything; the team for those who may know who they are."""
        user = user_of(request)
        return pages_of(request).respond(
            request,
            "settings.html",
            me=user,
            habits=await self._team.habits(user),
            shown=list(PicturesShown),
            categories=may_leave_out(user),
            members=await self._team.members(user),
            grants=LEVELS[:-1],
            channels=self._channels,
            access=self._site.access.access.value,
            provider=self._site.oidc.oidc_name or self._site.oidc.oidc_issuer,
        )

    async def choose(self, request: Request) -> Response:
        """Keep how one wants to work."""
        form = await request.form()
        try:
            pictures = PicturesShown(str(form.get("pictures", "")))
        except ValueError:
            raise WebError(key="web-error-bad-request") from None
        left_out = [str(each) for each in form.getlist("left-out")]
        await self._team.choose(user_of(request), pictures=pictures, left_out=left_out)
        return RedirectResponse(ADDRESS, 303)

    async def add(self, request: Request) -> Response:
        """Give a role to somebody by their number."""
        form = await request.form()
        number = row_id(str(form.get("user", "")).strip().removeprefix("#"))
        if number is None:
            raise WebError(key="web-error-bad-request")
        await self._team.set_role(user_of(request), number, _role(str(form.get("role", ""))))
        return RedirectResponse(ADDRESS, 303)

    async def set_role(self, request: Request) -> Response:
        """Give one of staff another role, or none."""
        form = await request.form()
        role = _role(str(form.get("role", "")))
        await self._team.set_role(user_of(request), request.path_params["user"], role)
        return RedirectResponse(ADDRESS, 303)

    async def unlock(self, request: Request) -> Response:
        """Let one of staff see what is locked, or not any more."""
        form = await request.form()
        unlocked = form.get("unlocked") == "yes"
        await self._team.unlock(user_of(request), request.path_params["user"], unlocked=unlocked)
        return RedirectResponse(ADDRESS, 303)

    async def sign_out(self, request: Request) -> Response:
        """Sign one of staff out of all browsers."""
        await self._team.sign_out(user_of(request), request.path_params["user"])
        return RedirectResponse(ADDRESS, 303)


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise WebError(key="web-error-bad-request") from None
