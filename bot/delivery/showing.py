"""Showing one turn in a chat that can edit: a placeholder, its edits, the final parts."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from math import inf

import structlog

from bot.delivery.ending import ending
from bot.delivery.pacing import PacedChannel
from bot.delivery.parts import PLACEHOLDER, Parts
from bot.delivery.speaking import spoken
from chat.errors import ChannelError, MaybeSent, Unreachable
from chat.failpoints import Failpoint, reached
from chat.outbound import Button, Notice, OutboundMessage, SpokenButton, notice_of
from chat.turns import (
    IN_MAINTENANCE,
    ShownTurn,
    TurnDelta,
    TurnProgress,
    TurnResult,
    TurnStarted,
    TurnWaiting,
)
from handlers.following import TurnFeed
from handlers.texts import Texts
from storage.database import Database, Transaction

log = structlog.get_logger()

LOOK_UP = 0.5  # seconds after which a shower sees at the latest that its bot stops
SHED = 0.2  # seconds until an edit is tried again for which there was no budget


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds until typing is shown, until a placeholder is sent, between signs of typing, and
    until a person in the line is told their place."""

    typing_after: float = 0.15
    placeholder_after: float = 0.7
    typing_every: float = 4.5
    place_after: float = 1.2


class Stopped(Exception):
    """This bot is stopping: somebody else will show the rest of the turn."""


class TurnShower:
    """Shows one turn from the moment it waits until its last word stands in the chat."""

    def __init__(
        self,
        shown: ShownTurn,
        *,
        channel: PacedChannel,
        feed: TurnFeed,
        database: Database,
        texts: Texts,
        owner: str,
        pace: Pace,
        stopping: asyncio.Event,
        feedback: bool = False,
    ) -> None:
        self._shown = shown
        self._channel = channel
        self._feed = feed
        self._texts = texts
        self._owner = owner
        self._pace = pace
        self._stopping = stopping
        self._feedback = feedback
        self._database = database
        self._parts = Parts(shown, database=database, channel=channel)
        self._changed = asyncio.Event()
        self._text = ""
        self._place: int | None = None
        self._line = ""  # where the person stands in the line, or why they wait, in words
        self._told = False  # why they wait, by a notice that needs no placeholder below it
        self._result: TurnResult | None = None
        self._began = time.monotonic()
        self._started_at: float | None = None
        self._said = ""  # of what grows, the last that the chat was told

    async def show(self, *, attempt: int = 0) -> None:
        """Show the turn to its end.

        Raises Unreachable where the person cannot be written to, ChatMoved, and Stopped when this
        bot stops, never in the middle of a call.
        """
        await self._parts.recall()
        self._began = time.monotonic()
        watching = asyncio.create_task(self._watch(attempt), name=f"watch-{self._shown.turn.id}")
        try:
            await self._grow(watching)
        finally:
            watching.cancel()
        assert self._result is not None
        await self._finish(self._result)

    async def _watch(self, attempt: int) -> None:
        async with aclosing(self._feed.follow(self._shown.turn.id, attempt=attempt)) as progress:
            async for item in progress:
                self._take(item)

    def _take(self, item: TurnProgress) -> None:
        if isinstance(item, TurnWaiting):
            self._place, self._started_at, self._text = item.place, None, ""
            self._told = bool(item.reason) and not item.reason.startswith(IN_MAINTENANCE)
            line = notice_of(item.reason or "waiting-in-line")
            self._line = self._say(line.key, **{**line.args, "place": item.place})
        elif isinstance(item, TurnStarted):
            self._text, self._place = "", None
            self._started_at = time.monotonic()
        elif isinstance(item, TurnDelta):
            self._text += item.text
        else:
            self._result = item
        self._changed.set()

    async def _grow(self, watching: asyncio.Task[None]) -> None:
        """Keep the chat up to date until the result is there; nothing here may delay it."""
        next_typing, next_edit = self._began + self._pace.typing_after, 0.0
        while self._result is None:
            if watching.done():
                watching.result()
            if self._stopping.is_set():
                raise Stopped
            now = time.monotonic()
            if not self._parts.begun and now >= self._placeholder_due():
                await self._begin()
            elif self._has_news() and now >= next_edit:
                next_edit = await self._show_news()
            elif self._is_silent() and now >= next_typing:
                await self._channel.try_typing(self._shown.key)
                next_typing = time.monotonic() + self._pace.typing_every
            due = [] if self._parts.begun else [self._placeholder_due()]
            due += [next_edit] if self._has_news() else []
            due += [next_typing] if self._is_silent() else []
            await self._wait(min(due, default=inf), watching)

    async def _wait(self, until: float, watching: asyncio.Task[None]) -> None:
        """Until something has changed, or the next thing is due.

        Many turns wait at once: one that has nothing to do must hardly ever wake."""
        self._changed.clear()
        if self._result is not None or watching.done():
            return
        seconds = max(0.0, min(until - time.monotonic(), LOOK_UP))
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _placeholder_due(self) -> float:
        if self._started_at is not None:
            return self._started_at + self._pace.placeholder_after
        if self._place is None or self._told:
            return inf
        return self._began + self._pace.place_after

    async def _begin(self) -> None:
        draft = self._draft()
        await self._parts.begin(draft)
        self._said = draft.text

    async def _show_news(self) -> float:
        """Edit what has grown into the chat, if that may be now; when the next edit is due."""
        text = self._draft_text()
        if await self._parts.grow(text, self._buttons()):
            self._said = text
            return time.monotonic() + self._channel.capabilities.edit_interval
        return time.monotonic() + SHED

    def _has_news(self) -> bool:
        """Whether a message stands in the chat that could say more than it does."""
        return self._parts.begun and self._draft_text() not in ("", self._said)

    def _is_silent(self) -> bool:
        """Whether somebody works on an answer of which there is nothing yet."""
        return self._started_at is not None and not self._text and self._result is None

    def _draft_text(self) -> str:
        return self._text if self._place is None else self._line

    def _draft(self) -> OutboundMessage:
        """What a placeholder says: nothing of the answer, since a lost one stays behind."""
        if self._place is None:
            return OutboundMessage(PLACEHOLDER.text, buttons=self._buttons())
        # Who had to wait may have said more meanwhile: such an answer quotes its question.
        reply_to = self._shown.reply_to
        return OutboundMessage(self._draft_text(), buttons=self._buttons(), reply_to=reply_to)

    def _buttons(self) -> tuple[SpokenButton, ...]:
        return self._speak((Button("button-stop", f"stop:{self._shown.turn.id}"),))

    async def _finish(self, result: TurnResult) -> None:
        """Show the end. A part whose sending is in doubt is not repeated but offered again."""
        end = ending(result, feedback=self._feedback)
        text = "\n\n".join(filter(None, (end.text, end.notice and self._spoken(end.notice))))
        buttons = self._speak(end.buttons)
        try:
            await self._parts.complete(text, buttons)
        except MaybeSent:
            await self._offer_again()
        except Unreachable:
            raise
        except ChannelError as error:
            log.error("turn-not-shown", error=str(error))
            await self._parts.give_up(str(error))

        async def record(tx: Transaction) -> None:
            await self._parts.record(tx)
            await tx.turns.mark_shown(self._shown.turn.id, self._owner, result.attempt)

        await self._database.write_together(record)
        reached(Failpoint.SHOWING_ENDED)

    async def _offer_again(self) -> None:
        """The answer may stand in the chat or not: say so, with a button that shows it again."""
        log.warning("answer-unconfirmed")
        async with self._database.write() as tx:
            await tx.outbound.add_notice(
                self._shown.turn.conversation_id,
                Notice("answer-unconfirmed"),
                buttons=(Button("button-show-again", f"show:{self._parts.first_row}"),),
                reply_to=self._shown.reply_to,  # so that the person knows which answer is meant
            )

    def _speak(self, buttons: tuple[Button, ...]) -> tuple[SpokenButton, ...]:
        can = self._channel.capabilities
        return spoken(buttons, self._shown.language, texts=self._texts, can=can)

    def _spoken(self, reason: str) -> str:
        return self._texts.say(notice_of(reason), self._shown.language)

    def _say(self, key: str, **args: str | int | float) -> str:
        return self._texts.say(Notice(key, dict(args)), self._shown.language)
