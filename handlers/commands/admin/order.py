"""One admin command on its way: who gives it, its words, and the answers to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat.outbound import Notice
from chat.people import User
from handlers.errors import HandlerError, NotFound
from handlers.exchange import Exchange
from handlers.requests import MARKUP
from handlers.row_ids import row_id

MOST = 30  # lines of an answer
NAME = 40  # characters of a name


class Usage(HandlerError):
    """The words after the command are not what it wants."""

    key = "admin-usage"


@dataclass(slots=True)
class Order:
    """What a command works with. `words` are those after its name; `confirmed` once the person has
    pressed the button that asked whether it is meant; `meant` is how the button gives the command,
    where that is not as it was typed. `written` is all after its name, as it stands there."""

    exchange: Exchange
    words: list[str]
    confirmed: bool = False
    meant: str = ""
    written: str = ""

    @property
    def giver(self) -> User:
        """Who gives it."""
        return self.exchange.user

    def word(self, place: int, default: str = "") -> str:
        """A word, or the default where there are fewer."""
        return self.words[place] if len(self.words) > place else default

    def rest(self, place: int) -> str:
        """All words from there on."""
        return " ".join(self.words[place:])

    def number(self, place: int) -> int:
        """A word that is a number. Raises Usage."""
        word = self.word(place).removeprefix("#")
        number = row_id(word)
        if number is None:
            raise Usage
        return number

    async def person(self, place: int) -> User:
        """Somebody, by number or as `channel:id`. Raises Usage and NotFound."""
        word = self.word(place)
        channel, colon, external_id = word.partition(":")
        users = self.exchange.tx.users
        if not colon:
            return await users.get(self.number(place))
        found = await users.by_identity(channel, external_id)
        if found is None:
            raise NotFound
        return found

    def address(self, page: str) -> str:
        """A page of the dashboard, to be opened."""
        return f"{self.exchange.context.public_url().rstrip('/')}/dashboard/{page}"

    def text(self, key: str, **args: str | int | float) -> str:
        """A text in the language of who gives the command."""
        return self.exchange.context.texts.say(Notice(key, args), self.giver.language)

    async def lines(self, title: str, lines: list[str]) -> None:
        """Answer with a list under a title, which is a text key."""
        shown = lines[:MOST]
        await self.exchange.say(
            "admin-lines",
            title=self.exchange.context.texts.label(title, self.giver.language),
            lines="\n".join(shown) or "—",
            more=len(lines) - len(shown),
        )


def plain(name: str, *, most: int = NAME) -> str:
    """A name that somebody chose, without anything that a messenger would format or link."""
    return " ".join(name.translate(MARKUP).split())[:most] or "?"


def verbatim(name: str) -> str:
    """A name from the settings that is shown as it is, whatever its signs would mean."""
    return f"`{name.replace('`', '')}`"


def fenced(lines: Sequence[str]) -> str:
    """Lines of a text that are shown as they are, without anything that would end that."""
    return "\n".join(("```", *(line.replace("`", "'") for line in lines), "```")) if lines else "—"


def called(user: User) -> str:
    """How a person is called in lists: number, name, and role where it is not the usual one."""
    role = "" if user.role.value == "member" else f" ({user.role.value})"
    return f"#{user.id} {plain(user.name)}{role}"
