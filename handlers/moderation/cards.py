"""What stands in the chat for moderators: nothing of what is locked, nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from chat.moderation import Category
from chat.outbound import Button, Notice
from handlers.requests import MARKUP
from handlers.texts import Texts
from moderation.durations import spoken
from storage.database import Transaction
from storage.errors import NotFound
from storage.repositories import Card, CardKind, Decision, DecisionState, Flag, FlagState
from storage.repositories.desk import ModeratorsChat

LABELS = {
    "claim": "button-desk-claim",
    "dismiss": "button-desk-dismiss",
    "release": "button-desk-release",
    "remove": "button-desk-remove",
    "warn": "button-desk-warn",
    "strike": "button-desk-strike",
}
# Of these not a word is shown to a whole group.
UNQUOTED = frozenset({Category.SELF_HARM, Category.CHILD_EXPLOITATION, Category.SEX_CRIMES})
PENDING = (DecisionState.COUNTING, DecisionState.WAITING)


class Face(Struct, frozen=True):
    """What a card is to show. `said` changes with it; a `settled` one never changes again, and an
    `idle` one need not be shown where it is not there yet."""

    said: str
    text: str
    buttons: tuple[Button, ...] = ()
    settled: bool = False
    idle: bool = False


class CardWriter:
    """Writes cards. `address` turns a flag's number into the page that opens it, or "" where no
    button can lead there; `excerpt` is how many characters of what was said are shown."""

    def __init__(
        self,
        texts: Texts,
        language: str,
        *,
        address: Callable[[int], str],
        excerpt: int,
        clock: Callable[[], float],
    ) -> None:
        self._texts = texts
        self._language = language
        self._address = address
        self._excerpt = excerpt
        self._clock = clock

    async def write(
        self, tx: Transaction, card: Card, flag: Flag | None, chat: ModeratorsChat
    ) -> Face | None:
        """What a card shows now; None where it shows that already."""
        if card.kind is CardKind.DIGEST:
            return await self._digest(tx, card)
        if flag is None:  # gone with its conversation
            said = "gone"
            return None if said == card.said else Face(said, self._say("desk-gone"), settled=True)
        decision = await self._decision(tx, flag)
        said = self._said(flag, decision)
        if said == card.said and card.chat == chat.now_at:
            return None
        if card.kind is CardKind.REMINDER:
            return self._reminder(flag, card, said)
        return await self._flag(tx, flag, decision, said)

    async def _decision(self, tx: Transaction, flag: Flag) -> Decision | None:
        """The decision that stands; looked for only where there can be one."""
        if flag.state is not FlagState.DECIDED:
            return None
        undone = (DecisionState.UNDONE, DecisionState.REJECTED)
        made = [each for each in await tx.decisions.of_flag(flag.id) if each.state not in undone]
        return max(made, key=lambda each: each.id, default=None)

    def _said(self, flag: Flag, decision: Decision | None) -> str:
        """A few words that are others whenever the card has to be."""
        parts: list[Any] = [flag.state.value, flag.locked, self._claimed_by(flag)]
        if not flag.locked:
            parts += [flag.category, flag.priority, flag.held, flag.reports]
        if decision is not None:
            parts += [decision.id, decision.state.value]
        return " ".join(map(str, parts))

    def _claimed_by(self, flag: Flag) -> int | None:
        open_now = flag.state is FlagState.OPEN and flag.claimed_until > self._clock()
        return flag.claimed_by if open_now else None

    async def _flag(
        self, tx: Transaction, flag: Flag, decision: Decision | None, said: str
    ) -> Face:
        closed = flag.state is not FlagState.OPEN
        settled = closed and (decision is None or decision.state not in PENDING)
        if flag.locked:
            text = self._say("desk-locked-done" if closed else "desk-locked", flag=str(flag.id))
            return Face(said, text, self._open(flag), settled=settled, idle=closed)
        lines = [
            self._say(
                "desk-card",
                priority=flag.priority.name.lower(),
                category=flag.category,
                flag=str(flag.id),
            )
        ]
        if flag.user_id is not None:
            lines.append(self._say("desk-card-person", person=str(flag.user_id)))
        if flag.held and not closed:
            lines.append(self._say("desk-card-held"))
        if flag.reports:
            lines.append(self._say("web-queue-reports", count=flag.reports))
        if not closed and (excerpt := await self._excerpt_of(tx, flag)):
            lines.append(f"> {excerpt}")
        lines += await self._standing(tx, flag, decision)
        buttons = self._buttons(flag, decision)
        return Face(said, "\n\n".join(lines), buttons, settled=settled, idle=closed)

    async def _standing(self, tx: Transaction, flag: Flag, decision: Decision | None) -> list[str]:
        """Who is at it, or what became of it; staff by their pseudonyms."""
        claimed_by = self._claimed_by(flag)
        if claimed_by is not None:
            return [self._say("desk-claimed", code=await _code(tx, claimed_by))]
        if flag.state is FlagState.OPEN:
            return []
        if decision is None:
            return [self._say("desk-withdrawn")]
        key = {
            DecisionState.COUNTING: "desk-counting",
            DecisionState.WAITING: "desk-waiting",
        }.get(decision.state, "desk-decided")
        code = await _code(tx, decision.decided_by)
        return [self._say(key, code=code, verdict=decision.verdict.value)]

    def _buttons(self, flag: Flag, decision: Decision | None) -> tuple[Button, ...]:
        if flag.state is not FlagState.OPEN:
            if decision is None or decision.state not in PENDING:
                return self._open(flag)
            return (Button("button-desk-undo", f"desk:undo-{decision.id}"), *self._open(flag))
        verbs = ["dismiss"]
        verbs += ["release"] if flag.held else []
        verbs += ["remove"] if flag.message_id is not None else []
        verbs += ["warn", "strike"] if flag.user_id is not None else []
        if self._claimed_by(flag) is None:
            verbs.insert(0, "claim")
        keys = [Button(LABELS[verb], f"desk:{verb}-{flag.id}") for verb in verbs]
        return (*keys, *self._open(flag))

    def _open(self, flag: Flag) -> tuple[Button, ...]:
        url = self._address(flag.id)
        return (Button("button-desk-open", url=url),) if url else ()

    def _reminder(self, flag: Flag, card: Card, said: str) -> Face:
        number, unit = spoken(max(0.0, self._clock() - flag.created_at))
        text = self._say("desk-reminder", flag=str(flag.id), number=number, unit=unit)
        over = flag.state is not FlagState.OPEN
        return Face(said, text, self._open(flag), settled=True, idle=over)

    async def _digest(self, tx: Transaction, card: Card) -> Face:
        day = await tx.desk.day(card.since)
        text = self._say(
            "desk-digest",
            raised=day.raised,
            decided=day.decided,
            waiting=day.waiting,
            appeals=day.appeals,
        )
        if day.waiting:
            number, unit = spoken(max(0.0, self._clock() - day.oldest))
            text += "\n\n" + self._say("desk-digest-oldest", number=number, unit=unit)
        return Face("digest", text, settled=True)

    async def _excerpt_of(self, tx: Transaction, flag: Flag) -> str:
        private = flag.locked or not UNQUOTED.isdisjoint(flag.categories | {flag.category})
        if private or not self._excerpt or flag.message_id is None:
            return ""
        if flag.user_id is not None and await tx.desk.is_protected(flag.user_id):
            return ""
        try:
            message = await tx.messages.get(flag.message_id)
        except NotFound:
            return ""
        words = " ".join(message.text.translate(MARKUP).split())
        return words if len(words) <= self._excerpt else f"{words[: self._excerpt]}…"

    def _say(self, key: str, **args: str | int | float) -> str:
        return self._texts.say(Notice(key, dict(args)), self._language)


async def _code(tx: Transaction, user_id: int | None) -> str:
    found = await tx.people.colleagues([user_id]) if user_id is not None else {}
    return next((each.code for each in found.values() if each.code), "?")
