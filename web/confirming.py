"""Whoever has a password says it again, with a code where one is asked for, before it changes."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request

from chat.people import User
from handlers.passwords import Passwords, Wrong, folded
from handlers.second_factor import SecondFactors, WrongCode
from storage.budgets import Limit
from web.gate import user_of
from web.sign_in import count_try
from web.site import Site

# Tries at one name, and at all of them together: nobody is locked out for good, since links and
# browsers that are signed in need no password. Who tries codes knows the password already, and a
# code has six digits: fewer of them.
NAME_RATE, NAME_BURST = 1 / 30, 8
CODE_RATE, CODE_BURST = 1 / 300, 8
ALL = Limit("web-passwords", 2.0, 40)


class Confirming:
    """Checks what a person says of themselves, and counts every try."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.passwords = Passwords(site.database)
        self.factors = SecondFactors(site.database)

    async def wrong_password(self, request: Request, form: FormData) -> Wrong | None:
        """What is wrong with `current`, where there is a password; a browser may be left open."""
        user = user_of(request)
        name = await self.passwords.name_of(user)
        if not name:
            return None
        await self.count_password(request, name)
        if await self.passwords.confirms(user, text_of(form, "current")):
            return None
        return Wrong.CURRENT

    async def wrong_code(self, request: Request, form: FormData) -> WrongCode | None:
        """What is wrong with `code`, where one is asked for; a right one is used up."""
        user = user_of(request)
        if not (await self.factors.state(user)).on:
            return None
        await self.count_code(request, user)
        if await self.factors.confirms(user, text_of(form, "code")):
            return None
        return WrongCode.WRONG

    async def wrong(self, request: Request, form: FormData) -> Wrong | WrongCode | None:
        """What is wrong with `current` or `code`, in this order: a right code is used up."""
        return await self.wrong_password(request, form) or await self.wrong_code(request, form)

    async def count_password(self, request: Request, name: str) -> None:
        """Raises TooManyTries."""
        limit = Limit(f"web-name:{folded(name)[:60]}", NAME_RATE, NAME_BURST)
        await count_try(request, self._site, limit, ALL)

    async def count_code(self, request: Request, user: User) -> None:
        """Raises TooManyTries."""
        await count_try(
            request, self._site, Limit(f"web-code:{user.id}", CODE_RATE, CODE_BURST), ALL
        )


def text_of(form: FormData, name: str) -> str:
    """A field of a form; empty where it is missing or a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
