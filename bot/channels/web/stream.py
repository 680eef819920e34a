"""Server-sent events of one conversation: the transcript's changes, and answers as they grow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import structlog
from sse_starlette import ServerSentEvent

from bot.channels.web.blocks import GrowingMarkdown
from bot.channels.web.entries import Piece
from bot.channels.web.nudges import Nudges
from chat.turns import Turn, TurnDelta, TurnResult, TurnStarted, TurnWaiting
from handlers.errors import NotFound
from handlers.following import TurnFeed
from storage.errors import NotFound as RowNotFound
from storage.errors import StorageError
from web.errors import NotSignedIn

log = structlog.get_logger()

# How often a page looks for what nobody told it of, and the shortest time between two pieces of a
# growing answer; in seconds.
LOOK_AGAIN = 3.0
PACE = 0.06
# Events that may wait for a slow connection before the answer is read more slowly.
BACKLOG = 64


class Closing(Exception):
    """The server is ending; the browser comes back to the next one."""


class View(msgspec.Struct, frozen=True):
    """What a page should show now: the pieces, the turns under way, the title, and whether the
    demonstration model answers."""

    pieces: list[Piece]
    unfinished: list[Turn]
    title: str
    demonstration: bool


class ConversationStream:
    """One open page. `look` reads what it should show; NotFound or NotSignedIn end it.

    `resume` is the id of the last event that the browser got: `turn.attempt.blocks` says how many
    finished blocks of a growing answer it has.
    """

    def __init__(
        self,
        *,
        look: Callable[[], Awaitable[View]],
        feed: TurnFeed,
        nudges: Nudges,
        conversation_id: int,
        say_waiting: Callable[[TurnWaiting], str],
        resume: str = "",
    ) -> None:
        self._look = look
        self._feed = feed
        self._nudges = nudges
        self._conversation_id = conversation_id
        self._say_waiting = say_waiting
        self._resume = resume
        self._queue: asyncio.Queue[ServerSentEvent | None] = asyncio.Queue(BACKLOG)
        self._sent: dict[str, str] = {}
        self._order: list[str] | None = None
        self._frame: tuple[str, bool] | None = None
        self._following: set[int] = set()

    async def events(self) -> AsyncIterator[ServerSentEvent]:
        """What `run` has to say, until it has ended."""
        while (event := await self._queue.get()) is not None:
            yield event

    async def run(self) -> None:
        """Follow the conversation until it is gone or the person is signed out."""
        try:
            with self._nudges.listen(self._conversation_id) as nudge:
                async with asyncio.TaskGroup() as tasks:
                    await self._watch(tasks, nudge)
        except* (NotFound, RowNotFound, NotSignedIn):
            await self._put("gone", {})
        except* Closing:
            log.debug("a page is let go")
        except* StorageError as problem:
            log.warning("a page lost its conversation for now", error=str(problem.exceptions[0]))
        finally:
            await self._queue.put(None)

    async def _watch(self, tasks: asyncio.TaskGroup, nudge: asyncio.Event) -> None:
        while not self._nudges.closed:
            nudge.clear()
            view = await self._look()
            await self._show(view)
            for turn in view.unfinished:
                if turn.id not in self._following:
                    self._following.add(turn.id)
                    tasks.create_task(self._follow(turn.id))
            try:
                async with asyncio.timeout(LOOK_AGAIN):
                    await nudge.wait()
            except TimeoutError:
                continue
        raise Closing

    async def _show(self, view: View) -> None:
        """Send what differs from what was sent."""
        changed = [each for each in view.pieces if self._sent.get(each.key) != each.digest]
        order = [each.key for each in view.pieces]
        frame = (view.title, view.demonstration)
        if not changed and order == self._order and frame == self._frame:
            return
        self._sent = {each.key: each.digest for each in view.pieces}
        self._order, self._frame = order, frame
        data = {"order": order, "changed": changed}
        data |= {"title": view.title, "demonstration": view.demonstration}
        await self._put("entries", data)

    async def _follow(self, turn_id: int) -> None:
        growing = GrowingAnswer(turn_id, self._resume)
        try:
            async with asyncio.TaskGroup() as tasks:
                flushing = tasks.create_task(self._flush(growing))
                async for progress in self._feed.follow(turn_id):
                    match progress:
                        case TurnWaiting():
                            text = self._say_waiting(progress)
                            await self._put("waiting", {"turn": turn_id, "text": text})
                        case TurnStarted(attempt=attempt):
                            growing.start(attempt)
                            await self._put("started", {"turn": turn_id, "attempt": attempt})
                        case TurnDelta(text=text):
                            growing.append(text)
                        case TurnResult():
                            log.debug("shown to its end", turn=turn_id)
                flushing.cancel()
            await self._put("ended", {"turn": turn_id})
        finally:
            self._following.discard(turn_id)
            self._nudges.nudge(self._conversation_id)

    async def _flush(self, growing: GrowingAnswer) -> None:
        while True:
            await growing.grown.wait()
            growing.grown.clear()
            if news := growing.news():
                event_id, data = news
                await self._put("blocks", data, event_id)
            await asyncio.sleep(PACE)

    async def _put(self, name: str, data: object, event_id: str | None = None) -> None:
        body = msgspec.json.encode(data).decode()
        await self._queue.put(ServerSentEvent(body, event=name, id=event_id, sep="\n"))


class GrowingAnswer:
    """An answer on its way to one page: which blocks the page has, and which are new."""

    def __init__(self, turn_id: int, resume: str) -> None:
        self.grown = asyncio.Event()
        self._turn_id = turn_id
        self._resume = resume
        self._attempt = 0
        self._known = 0
        self._text = GrowingMarkdown()

    def start(self, attempt: int) -> None:
        """A new attempt begins, from an empty text."""
        self._attempt, self._text = attempt, GrowingMarkdown()
        head, _, blocks = self._resume.rpartition(".")
        resumes = head == f"{self._turn_id}.{attempt}" and blocks.isdecimal()
        self._known = int(blocks) if resumes else 0

    def append(self, text: str) -> None:
        self._text.append(text)
        self.grown.set()

    def news(self) -> tuple[str, dict[str, object]] | None:
        """The event's id, and the blocks from the first that the page does not have.

        None while the text is being read again up to where the page left off."""
        tail, finished = self._text.tail(), self._text.finished
        if len(finished) < self._known:
            return None
        first, self._known = self._known, len(finished)
        event_id = f"{self._turn_id}.{self._attempt}.{self._known}"
        return event_id, {
            "turn": self._turn_id,
            "attempt": self._attempt,
            "first": first,
            "blocks": finished[first:] + tail,
        }
