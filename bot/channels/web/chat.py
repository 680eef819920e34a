"""The pages and calls of the web chat."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sse_starlette import EventSourceResponse
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web.entries import Piece, pieces_of
from bot.channels.web.inbound import Inbox
from bot.channels.web.nudges import Nudges
from bot.channels.web.stream import ConversationStream, View
from chat.budgets import What
from chat.errors import AssistantError, AttachmentError
from chat.messages import StoredPicture
from chat.people import Access, Role, User
from chat.ports import Intake
from chat.turns import IN_MAINTENANCE, TurnWaiting
from handlers.conversations import ConversationBook
from handlers.erasure import day_of
from handlers.following import TurnFeed
from handlers.pictures.intake import PictureIntake
from storage.allowances import Allowances
from web.errors import NotSignedIn, WebError
from web.gate import user_of
from web.headers import MEDIA_POLICY
from web.ids import row_id
from web.pages import Speaker, pages_of, speaker_of
from web.site import Section, Site
from web.visits import renew, visit_of, wanted_language

FOLDER = Path(__file__).parent
MAX_PICTURES = 10  # of one message
PAGE = 100  # entries that are shown at once
PING = 15  # seconds between signs of life in a stream, which keep proxies from closing it
MAX_FILE_NAME = 40  # characters of the assistant's name in the name of an export
MAX_FIELD = 1024 * 1024  # bytes of one form field; texts have a bound of their own


class TooManyPictures(WebError):
    """More pictures in one message than are taken."""

    key = "web-error-too-many-pictures"


class WebChat:
    """The web chat: `section()` is what web.app.build_app takes.

    `intake` records what people send; everything else is asked of `book`, which knows whose it is.
    """

    def __init__(
        self,
        *,
        site: Site,
        intake: Intake,
        book: ConversationBook,
        pictures: PictureIntake,
        feed: TurnFeed,
        allowances: Allowances,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._site = site
        self._intake = intake
        self._book = book
        self._pictures = pictures
        self._feed = feed
        self._allowances = allowances
        self._clock = clock
        self._nudges = Nudges()
        feed.listen(self._nudges.hear)

    def section(self) -> Section:
        """Everything that signed-in people reach."""
        return Section("chat", FOLDER, self._routes())

    def close_streams(self) -> None:
        """End all event streams, so that the server can stop; browsers come back by themselves."""
        self._nudges.close()

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/", self.empty),
            Route("/connect", self.connect),
            Route("/export", self.export),
            Route("/media/{attachment:id}", self.media),
            Route("/conversations", self.create, methods=["POST"]),
            Route("/c/{conversation:id}", self.page),
            Route("/c/{conversation:id}/events", self.events),
            Route("/c/{conversation:id}/earlier", self.earlier),
            Route("/c/{conversation:id}/messages", self.send, methods=["POST"]),
            Route("/c/{conversation:id}/press", self.press, methods=["POST"]),
            Route("/c/{conversation:id}/stop", self.stop, methods=["POST"]),
            Route("/c/{conversation:id}/retry", self.retry, methods=["POST"]),
            Route("/c/{conversation:id}/rename", self.rename, methods=["POST"]),
            Route("/c/{conversation:id}/delete", self.delete, methods=["POST"]),
        ]

    # Pages

    async def empty(self, request: Request) -> Response:
        """A conversation that has not begun."""
        return await self._chat_page(request, None, [])

    async def page(self, request: Request) -> Response:
        """A conversation."""
        conversation = await self._book.get(user_of(request), _conversation_id(request))
        pieces = await self._pieces(request, conversation.id)
        return await self._chat_page(request, conversation.id, pieces)

    async def _chat_page(
        self, request: Request, conversation_id: int | None, pieces: Sequence[Piece]
    ) -> Response:
        return pages_of(request).respond(
            request,
            "chat.html",
            conversations=await self._book.list(user_of(request)),
            current=conversation_id,
            pieces=pieces,
            full=len(pieces) >= PAGE,
            max_pictures=MAX_PICTURES,
            max_bytes=self._pictures.max_bytes,
            demonstration=await self._is_demonstration(),
        )

    async def _is_demonstration(self) -> bool:
        try:
            workers = await self._site.broker.workers()
        except AssistantError:
            return False  # the page must open without the broker, too
        return any(worker.demonstration for worker in workers)

    async def connect(self, request: Request) -> Response:
        """How to connect a real model."""
        return pages_of(request).respond(request, "connect.html")

    # What scripts call

    async def create(self, request: Request) -> Response:
        """Open a conversation; what is sent then goes into it."""
        conversation = await self._book.new(user_of(request))
        return JSONResponse({"conversation": conversation.id}, 201)

    async def send(self, request: Request) -> Response:
        """A message with its pictures, as a multipart form."""
        inbox = await self._inbox(request)
        async with request.form(
            max_files=2 * MAX_PICTURES, max_fields=10, max_part_size=MAX_FIELD
        ) as form:
            text, send_id = str(form.get("text", "")), str(form.get("id", ""))
            files = [each for each in form.getlist("pictures") if isinstance(each, UploadFile)]
            pictures = await self._pictures_of(user_of(request), files)
        await self._intake.accept([inbox.said(text, pictures, send_id=send_id)])
        response = JSONResponse({}, 202)
        await renew(request, response, self._site.database)  # a code may have been among the words
        self._nudges.nudge(_conversation_id(request))
        return response

    async def _pictures_of(
        self, user: User, files: Sequence[UploadFile]
    ) -> Sequence[StoredPicture | None]:
        """The pictures, stored; None each where the person's budget is used up, so that nobody
        decodes what will be refused."""
        if files and user.role is not Role.OWNER:
            left = await self._allowances.left(user.id, user.budget)
            if left.get(What.PICTURES) == 0:
                return [None] * len(files)
        return await self._store(files)

    async def _store(self, files: Sequence[UploadFile]) -> list[StoredPicture]:
        if len(files) > MAX_PICTURES:
            raise TooManyPictures
        stored = []
        for file in files:
            if (file.size or 0) > self._pictures.max_bytes:
                raise AttachmentError(key="refused-picture-too-large")
            stored.append(await self._pictures.store(await file.read()))
        return stored

    async def press(self, request: Request) -> Response:
        """A button under a notice."""
        inbox = await self._inbox(request)
        await self._intake.accept([inbox.pressed(await _field(request, "action", 64))])
        self._nudges.nudge(_conversation_id(request))
        return JSONResponse({}, 202)

    async def stop(self, request: Request) -> Response:
        """Stop what is being answered."""
        stopped = await self._book.stop(user_of(request), _conversation_id(request))
        self._nudges.nudge(_conversation_id(request))
        return JSONResponse({"stopped": stopped})

    async def retry(self, request: Request) -> Response:
        """Answer the latest question once more, where there is room and budget for it."""
        inbox = await self._inbox(request)
        await self._intake.accept([inbox.said("/retry")])
        self._nudges.nudge(_conversation_id(request))
        turns = await self._book.turns(user_of(request), _conversation_id(request))
        return JSONResponse({"turn": turns[-1].id if turns else None})

    async def rename(self, request: Request) -> Response:
        """Give a conversation a title."""
        title = " ".join((await _field(request, "title", 120)).split())
        if not title:
            raise WebError(key="web-error-bad-request")
        await self._book.rename(user_of(request), _conversation_id(request), title)
        self._nudges.nudge(_conversation_id(request))
        return JSONResponse({"title": title})

    async def delete(self, request: Request) -> Response:
        """Delete a conversation with its pictures; a sentence where a part of it has to stay."""
        kept = await self._book.delete(user_of(request), _conversation_id(request))
        self._nudges.nudge(_conversation_id(request))
        if not kept.count:
            return JSONResponse({})
        until = day_of(kept, self._site.persona.timezone)
        say = speaker_of(request, self._site)
        return JSONResponse({"kept": say("web-deleted-but", count=kept.count, until=until)})

    async def earlier(self, request: Request) -> Response:
        """The entries before a message, as HTML."""
        before = row_id(request.query_params.get("before", ""))
        if before is None:
            raise WebError(key="web-error-bad-request")
        pieces = await self._pieces(request, _conversation_id(request), before=before)
        return JSONResponse({"pieces": [{"key": each.key, "html": each.html} for each in pieces]})

    async def media(self, request: Request) -> Response:
        """A picture of one's own."""
        content, media_type = await self._book.picture(
            user_of(request), request.path_params["attachment"]
        )
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        headers = {
            "Content-Security-Policy": MEDIA_POLICY,
            "Cache-Control": "private, no-cache",  # kept, but asked for again every time
            "ETag": tag,
        }
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=media_type, headers=headers)

    async def export(self, request: Request) -> Response:
        """Everything of one's own, as a zip."""
        content = await self._book.export(user_of(request))
        assistant = self._site.persona.assistant_name.lower()
        name = re.sub(r"[^a-z0-9]+", "-", assistant)[:MAX_FILE_NAME].strip("-")
        headers = {"Content-Disposition": f'attachment; filename="{name or "my"}-export.zip"'}
        return Response(content, media_type="application/zip", headers=headers)

    async def events(self, request: Request) -> Response:
        """The conversation's server-sent events; see stream.py."""
        user, conversation_id = user_of(request), _conversation_id(request)
        await self._book.get(user, conversation_id)
        if request.method == "HEAD":  # which would wait for the end of a body that it never gets
            return Response(media_type="text/event-stream")
        stream = ConversationStream(
            look=lambda: self._look(request, conversation_id),
            feed=self._feed,
            nudges=self._nudges,
            conversation_id=conversation_id,
            say_waiting=lambda item: _waiting(item, speaker_of(request, self._site)),
            resume=request.headers.get("last-event-id") or request.query_params.get("after", ""),
        )
        return EventSourceResponse(
            stream.events(), data_sender_callable=stream.run, sep="\n", ping=PING
        )

    # What they are made of

    async def _look(self, request: Request, conversation_id: int) -> View:
        """What an open page should show now, to somebody who may still see it."""
        async with self._site.database.read() as tx:
            user = await tx.web_sessions.get(visit_of(request).token)
        if user is None or user.access is not Access.ALLOWED:
            raise NotSignedIn
        conversation = await self._book.get(user, conversation_id)
        return View(
            pieces=await self._pieces(request, conversation_id),
            unfinished=await self._book.turns(user, conversation_id),
            title=conversation.title,
            demonstration=await self._is_demonstration(),
        )

    async def _pieces(
        self, request: Request, conversation_id: int, *, before: int | None = None
    ) -> list[Piece]:
        entries = await self._book.transcript(
            user_of(request), conversation_id, before=before, limit=PAGE
        )
        return pieces_of(pages_of(request), visit_of(request), entries)

    async def _inbox(self, request: Request) -> Inbox:
        user = user_of(request)
        return Inbox(
            user=user,
            language=wanted_language(request),
            conversation=await self._book.get(user, _conversation_id(request)),
            now=self._clock(),
        )


def _conversation_id(request: Request) -> int:
    number = request.path_params["conversation"]
    assert isinstance(number, int)
    return number


async def _field(request: Request, name: str, limit: int) -> str:
    """A field of a small form. Raises WebError where it is missing or too long."""
    value = (await request.form(max_files=0, max_fields=10)).get(name, "")
    if not isinstance(value, str) or len(value) > limit:
        raise WebError(key="web-error-bad-request")
    return value


def _waiting(item: TurnWaiting, say: Speaker) -> str:
    """Why a question waits, or how many are before it."""
    if item.reason.startswith(IN_MAINTENANCE):
        return say.because(item.reason)
    return say("web-waiting", place=item.place)
