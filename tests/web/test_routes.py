"""Every route, asked for by people of every standing: one table says what each of them is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.web.house import open_house
from tests.web.routes import (
    AWAY,
    METHODS,
    SAFE,
    STANDINGS,
    Actor,
    Knocking,
    everybody,
    filled,
    knocking,
    served,
)
from web.settings import WebSettings

# The columns are those of STANDINGS: without a session, waiting to be let in, declined; member,
# reviewer, moderator, admin, owner. Requests are a script's, with the token of the forms.
TABLE = {
    # What machines ask; no worker is there, so that nothing can be answered.
    "GET,HEAD /healthz": "200 200 200 200 200 200 200 200",
    "GET,HEAD /readyz": "503 503 503 503 503 503 503 503",
    "GET,HEAD /metrics": "200 200 200 200 200 200 200 200",
    # The same for everybody.
    "GET,HEAD /static/VERSION/web/{file}": "200 200 200 200 200 200 200 200",
    "GET,HEAD /static/VERSION/chat/{file}": "200 200 200 200 200 200 200 200",
    "GET,HEAD /static/VERSION/dashboard/{file}": "200 200 200 200 200 200 200 200",
    "GET,HEAD /favicon.ico": "200 200 200 200 200 200 200 200",
    "GET,HEAD /manifest.webmanifest": "200 200 200 200 200 200 200 200",
    "GET,HEAD /offline": "200 200 200 200 200 200 200 200",
    "GET,HEAD /service-worker.js": "200 200 200 200 200 200 200 200",
    # Coming in and going out.
    "GET,HEAD /welcome": "200 200 200 303 303 303 303 303",
    "POST /start": "303 303 303 303 303 303 303 303",
    "POST /ask": "303 303 303 303 303 303 303 303",
    "GET,HEAD /pair/{code}": "200 200 200 200 200 200 200 200",
    "POST /pair/{code}": "403 403 403 403 403 403 403 403",
    "GET,HEAD /sign-in": "200 200 200 303 303 303 303 303",
    "POST /sign-in": "403 403 403 403 403 403 403 403",
    "GET,HEAD /sign-in/code": "303 303 303 303 303 303 303 303",
    "POST /sign-in/code": "303 303 303 303 303 303 303 303",
    "POST /sign-in/oidc": "502 502 502 303 303 303 303 303",
    "GET,HEAD /sign-in/oidc/callback": "403 403 403 403 403 403 403 403",
    "POST /sign-out": "303 303 303 303 303 303 303 303",
    "POST /move": "401 401 401 200 200 200 200 200",
    "GET,HEAD /first-password": "401 401 401 303 303 303 303 200",
    "POST /first-password": "401 401 401 303 303 303 303 422",
    "POST /first-password/later": "401 401 401 303 303 303 303 303",
    # One's own account; nobody here has a password.
    "GET,HEAD /account": "401 401 401 200 200 200 200 200",
    "POST /account/password": "401 401 401 422 422 422 422 422",
    "POST /account/password/remove": "401 401 401 303 303 303 303 303",
    "GET,HEAD /account/factor": "401 401 401 200 200 200 200 200",
    "POST /account/factor": "401 401 401 303 303 303 303 303",
    "POST /account/factor/confirm": "401 401 401 422 422 422 422 422",
    "POST /account/factor/remove": "401 401 401 303 303 303 303 303",
    "POST /account/oidc": "401 401 401 502 502 502 502 502",
    "POST /account/oidc/unlink": "401 401 401 303 303 303 303 303",
    "POST /account/sessions/{session:id}/end": "401 401 401 303 303 303 303 303",
    "POST /account/sessions/end": "401 401 401 303 303 303 303 303",
    # The chat: of one's own, or of the member where one has nothing.
    "GET,HEAD /": "401 401 401 200 200 200 200 200",
    "GET,HEAD /connect": "401 401 401 200 200 200 200 200",
    "GET,HEAD /export": "401 401 401 200 200 200 200 200",
    "GET,HEAD /media/{attachment:id}": "401 401 401 200 200 200 200 200",
    "POST /conversations": "401 401 401 201 201 201 201 201",
    "GET,HEAD /c/{conversation:id}": "401 401 401 200 200 200 200 200",
    "GET,HEAD /c/{conversation:id}/events": "401 401 401 200 200 200 200 200",
    "GET,HEAD /c/{conversation:id}/earlier": "401 401 401 400 400 400 400 400",
    "POST /c/{conversation:id}/messages": "401 401 401 202 202 202 202 202",
    "POST /c/{conversation:id}/press": "401 401 401 202 202 202 202 202",
    "POST /c/{conversation:id}/stop": "401 401 401 200 200 200 200 200",
    "POST /c/{conversation:id}/retry": "401 401 401 200 200 200 200 200",
    "POST /c/{conversation:id}/rename": "401 401 401 200 200 200 200 200",
    "POST /c/{conversation:id}/delete": "401 401 401 200 200 200 200 200",
    # The dashboard: other staff look, owner and admins decide.
    "GET,HEAD /dashboard": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/now": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/live": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/live/figures": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/live/events": "401 401 401 403 200 200 200 200",
    "POST /dashboard/maintenance": "401 401 401 403 422 422 303 303",
    "POST /dashboard/model": "401 401 401 403 422 422 422 422",
    "POST /dashboard/strangers/{user:id}/{verdict}": "401 401 401 403 403 403 303 303",
    "POST /dashboard/failures/{turn:id}/retry": "401 401 401 403 403 403 303 303",
    # The queue: all staff look, and decide what their role may; an owner has nobody above.
    "GET,HEAD /dashboard/queue": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/queue/list": "401 401 401 403 200 200 200 200",
    "POST /dashboard/queue/next": "401 401 401 403 303 303 303 303",
    "GET,HEAD /dashboard/queue/{flag:id}": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/queue/{flag:id}/pictures/{attachment:id}": (
        "401 401 401 403 200 200 200 200"
    ),
    "POST /dashboard/queue/{flag:id}/decide": "401 401 401 403 422 303 303 303",
    "POST /dashboard/queue/{flag:id}/let-go": "401 401 401 403 303 303 303 303",
    "POST /dashboard/queue/{flag:id}/snooze": "401 401 401 403 303 303 303 303",
    "POST /dashboard/queue/{flag:id}/escalate": "401 401 401 403 303 303 303 422",
    "GET,HEAD /dashboard/queue/bulk": "401 401 401 403 200 200 200 200",
    "POST /dashboard/queue/bulk/preview": "401 401 401 403 200 200 200 200",
    "POST /dashboard/queue/bulk/decide": "401 401 401 403 422 303 303 303",
    "POST /dashboard/queue/bulk/undo": "401 401 401 403 303 303 303 303",
    # People: members are for all staff to see, colleagues for owner and admins.
    "GET,HEAD /dashboard/people": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/people/{user:id}": "401 401 401 403 200 200 200 200",
    "POST /dashboard/people/{user:id}/notes": "401 401 401 403 303 303 303 303",
    "POST /dashboard/people/{user:id}/budget": "401 401 401 403 422 303 303 303",
    "POST /dashboard/people/{user:id}/act": "401 401 401 403 403 303 303 303",
    "POST /dashboard/people/{user:id}/restrictions/{restriction:id}/lift": (
        "401 401 401 403 422 303 303 303"
    ),
    "POST /dashboard/people/{user:id}/data": "401 401 401 403 422 422 303 303",
    "GET,HEAD /dashboard/people/{user:id}/export": "401 401 401 403 422 422 422 422",
    "GET,HEAD /dashboard/people/{user:id}/deletion": "401 401 401 403 422 422 404 404",
    # Conversations: those of the table's flags are the member's, and closed.
    "GET,HEAD /dashboard/conversations": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/conversations/{conversation:id}": "401 401 401 403 200 200 200 200",
    "POST /dashboard/conversations/{conversation:id}/open": "401 401 401 403 422 422 422 422",
    "POST /dashboard/conversations/{conversation:id}/reveal": "401 401 401 403 422 303 303 303",
    "GET,HEAD /dashboard/conversations/{conversation:id}/pictures/{attachment:id}": (
        "401 401 401 403 422 422 422 422"
    ),
    "POST /dashboard/conversations/{conversation:id}/redact": "401 401 401 403 422 422 422 422",
    # Appeals: from moderators on. What reviewers do is for owner and admins to know.
    "GET,HEAD /dashboard/appeals": "401 401 401 403 403 200 200 200",
    "GET,HEAD /dashboard/appeals/{appeal:id}": "401 401 401 403 403 200 200 200",
    "POST /dashboard/appeals/{appeal:id}/decide": "401 401 401 403 403 303 303 303",
    # Known pictures: moderators add, owner and admins take away again.
    "GET,HEAD /dashboard/bank": "401 401 401 403 403 200 200 200",
    "POST /dashboard/bank": "401 401 401 403 403 200 200 200",
    "GET,HEAD /dashboard/bank/export": "401 401 401 403 403 200 200 200",
    "POST /dashboard/bank/{entry:id}/remove": "401 401 401 403 403 403 303 303",
    "POST /dashboard/queue/{flag:id}/pictures/{attachment:id}/remember": (
        "401 401 401 403 403 303 303 303"
    ),
    "GET,HEAD /dashboard/quality": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/quality/export": "401 401 401 403 200 200 200 200",
    "GET,HEAD /dashboard/audit": "401 401 401 403 403 403 200 200",
    "GET,HEAD /dashboard/audit/export": "401 401 401 403 403 403 200 200",
    "POST /dashboard/audit/verify": "401 401 401 403 403 403 200 200",
    # What is kept, and holds: for owner and admins.
    "GET,HEAD /dashboard/privacy": "401 401 401 403 403 403 200 200",
    "POST /dashboard/privacy/holds": "401 401 401 403 403 403 303 303",
    "POST /dashboard/privacy/holds/{hold:id}/release": "401 401 401 403 403 403 303 303",
    "GET,HEAD /dashboard/policies": "401 401 401 403 200 200 200 200",
    "POST /dashboard/policies": "401 401 401 403 422 422 303 303",
    "GET,HEAD /dashboard/policies/{policy:id}": "401 401 401 403 200 200 200 200",
    "POST /dashboard/policies/{policy:id}/publish": "401 401 401 403 422 422 303 303",
    "GET,HEAD /dashboard/policies/{policy:id}/trial": "401 401 401 403 404 404 404 404",
    "POST /dashboard/policies/{policy:id}/try": "401 401 401 403 422 422 303 303",
    "GET,HEAD /dashboard/settings": "401 401 401 403 200 200 200 200",
    "POST /dashboard/settings/habits": "401 401 401 403 303 303 303 303",
    # Nobody changes their own role; these ask it of the member, by number or path.
    "POST /dashboard/settings/team": "401 401 401 403 422 422 303 303",
    "POST /dashboard/settings/team/{user:id}/role": "401 401 401 403 422 422 422 422",
    "POST /dashboard/settings/team/{user:id}/unlock": "401 401 401 403 422 422 422 303",
    "POST /dashboard/settings/team/{user:id}/sign-out": "401 401 401 403 422 422 422 422",
    "POST /dashboard/decisions/{decision:id}/undo": "401 401 401 403 303 303 303 303",
    "POST /dashboard/decisions/{decision:id}/second": "401 401 401 403 422 303 303 303",
}
# Methods that a path is not made for, by the beginning of the path, the first that fits.
NOT_SERVED = {
    "/healthz": "401 401 401 404 404 404 404 404",
    "/readyz": "401 401 401 404 404 404 404 404",
    "/metrics": "401 401 401 404 404 404 404 404",
    "/dashboard": "401 401 401 403 405 405 405 405",
    "/welcome": "405 405 405 405 405 405 405 405",
    "/start": "405 405 405 405 405 405 405 405",
    "/ask": "405 405 405 405 405 405 405 405",
    "/pair": "405 405 405 405 405 405 405 405",
    "/sign-": "405 405 405 405 405 405 405 405",
    "/offline": "405 405 405 405 405 405 405 405",
    "/favicon.ico": "405 405 405 405 405 405 405 405",
    "/manifest.webmanifest": "405 405 405 405 405 405 405 405",
    "/service-worker.js": "405 405 405 405 405 405 405 405",
    "/": "401 401 401 405 405 405 405 405",
}
FIELDS = {
    "/dashboard/model": {"model": "another", "sure": "yes"},
    "/dashboard/maintenance": {"do": "begin"},
    "/c/{conversation:id}/rename": {"title": "A title"},
    "/dashboard/queue/{flag:id}/decide": {"option": "6"},
    "/dashboard/queue/bulk/preview": {"option": "6", "flag": "1"},
    "/dashboard/queue/bulk/decide": {"option": "6", "flag": "1"},
    "/dashboard/people/{user:id}/notes": {"text": "Was kind"},
    "/dashboard/people/{user:id}/budget": {"what": "messages", "amount": "9"},
    "/dashboard/people/{user:id}/act": {"option": "6", "category": "hate", "reason": "rude"},
    "/dashboard/people/{user:id}/data": {"what": "delete", "reason": "they wrote"},
    "/dashboard/conversations/{conversation:id}/open": {"reason": "look"},
    "/dashboard/conversations/{conversation:id}/reveal": {"reason": "look"},
    "/dashboard/conversations/{conversation:id}/redact": {"reason": "look", "message": "1"},
    "/dashboard/appeals/{appeal:id}/decide": {"outcome": "1"},
    "/dashboard/bank": {"lines": "nonsense"},
    "/dashboard/privacy/holds": {
        "kind": "user",
        "number": "1",
        "reason": "court",
        "until": (date.today() + timedelta(days=9)).isoformat(),
    },
    "/dashboard/policies": {"text": "name: Ours"},
    "/dashboard/settings/habits": {"pictures": "grey"},
    "/dashboard/settings/team": {"user": "3", "role": "member"},
    "/dashboard/settings/team/{user:id}/role": {"role": "reviewer"},
}


def listed() -> dict[tuple[str, str], list[int]]:
    """The rows of the table, each method by itself."""
    rows = {}
    for row, statuses in TABLE.items():
        methods, path = row.split(" ")
        for method in methods.split(","):
            rows[method, path] = [int(each) for each in statuses.split()]
    return rows


@pytest.fixture
async def door(tmp_path: Path, valkey_url: str) -> AsyncIterator[Knocking]:
    """A house whose visitors each have an address of their own."""
    web = WebSettings(trusted_proxies=("127.0.0.1/32",))
    async with (
        open_house(tmp_path, valkey_url, web=web, oidc=AWAY) as house,
        knocking(house) as door,
    ):
        yield door


async def told(door: Knocking, method: str, path: str, people: dict[str, Actor]) -> list[int]:
    """What each of them is answered."""
    statuses = []
    for actor in people.values():
        address = await filled(door, path, actor, people)
        keys = await door.keys(actor)
        data = FIELDS.get(path, {"name": actor.name}) if method == "POST" else None
        statuses.append((await door.ask(method, address, keys, data=data)).status_code)
    return statuses


async def test_the_table_has_every_route_and_no_other(door: Knocking) -> None:
    assert sorted(listed()) == sorted(set(served(door.house.app)))
    assert all(len(row) == len(STANDINGS) for row in listed().values())


async def test_everybody_is_told_what_the_table_says(door: Knocking, png: bytes) -> None:
    people = await everybody(door, png)
    for (method, path), expected in listed().items():
        assert await told(door, method, path, people) == expected, (method, path)


async def test_other_methods_are_refused(door: Knocking, png: bytes) -> None:
    people = await everybody(door, png)
    rows = listed()
    for path in {path for _, path in rows if not path.startswith("/static")}:
        row = next(row for start, row in NOT_SERVED.items() if path.startswith(start))
        for method in METHODS:
            if (method, path) not in rows:
                expected = [int(each) for each in row.split()]
                assert await told(door, method, path, people) == expected, (method, path)


async def test_a_refused_method_is_told_which_are_served(door: Knocking) -> None:
    keys = await door.keys(Actor("stranger", None))
    response = await door.ask("PUT", "/welcome", keys)
    assert {each.strip() for each in response.headers["allow"].split(",")} == {"GET", "HEAD"}


async def test_no_change_comes_from_elsewhere(door: Knocking, png: bytes) -> None:
    """Without the token, with another's, and from a page of another site: whoever asks."""
    people = await everybody(door, png)
    others = await door.keys(people["reviewer"])
    for method, path in listed():
        if method in SAFE:
            continue
        for actor in people.values():
            address = await filled(door, path, actor, people)
            keys = await door.keys(actor)
            forged = [
                {key: value for key, value in keys.items() if key != "x-csrf-token"},
                keys | {"x-csrf-token": others["x-csrf-token"]},
                keys | {"origin": "https://evil.example"},
                keys | {"origin": "null"},
                keys | {"sec-fetch-site": "cross-site"},
            ]
            for headers in forged:
                response = await door.ask(method, address, headers)
                assert response.status_code == 403, (method, path, actor.name)
