"""The web chat as people reach it: a real server on loopback, over real handlers and stores."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from msgspec import structs
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from bot.channels.web.channel import CAPABILITIES, NAME
from bot.channels.web.chat import WebChat
from bot.server import HttpServer
from chat.budgets import NO_BUDGETS, BudgetSettings
from chat.people import Access, Role, User
from chat.persona import Persona
from dashboard.board import Dashboard
from handlers.access import Admission
from handlers.assistant import Assistant
from handlers.conversations import ConversationBook
from handlers.figures import LiveBoard
from handlers.following import TurnFeed
from handlers.metrics import HandlerMetrics
from handlers.moderation import trials
from handlers.pictures.decoder import PictureDecoder
from handlers.pictures.intake import PictureIntake
from handlers.settings import AccessMode, AccessSettings, OidcSettings, Prices
from handlers.texts import Texts
from models.endpoint.engine import HttpEngine
from models.engine import SamplingParams
from models.metrics import WorkerMetrics
from models.worker import Worker
from moderation.pictures.checker import CheckerLimits, PictureChecker
from storage.attachments import open_store
from storage.broker import Broker
from storage.budgets import Budgets
from storage.database import Database
from storage.migrate import upgrade
from storage.sessions import SessionStore
from web.app import build_app
from web.settings import WebSettings
from web.site import Site

MODERATORS_CHAT = ("telegram", "test_bot", "-1001")
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"|data-csrf="([0-9a-f]+)"')


@dataclass(slots=True)
class House:
    """A running web chat. `url` is its address on loopback."""

    url: str
    folder: Path
    database: Database
    broker: Broker
    admission: Admission
    assistant: Assistant
    book: ConversationBook
    chat: WebChat
    app: Starlette

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx2.AsyncClient]:
        """Somebody who is not signed in."""
        headers = {"accept": "text/html", "accept-language": "en"}
        async with httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=20) as client:
            yield client

    @asynccontextmanager
    async def signed_in(self, user: User) -> AsyncIterator[httpx2.AsyncClient]:
        """A browser of this user, who came by a link."""
        async with self.browser() as client:
            response = await pair(client, await self.admission.link_code(user))
            assert response.headers["location"] == "/"
            client.headers["x-csrf-token"] = await csrf(client, "/")
            client.headers["accept"] = "application/json"
            yield client

    async def add_user(
        self, name: str, role: Role = Role.MEMBER, access: Access = Access.ALLOWED
    ) -> User:
        """A user of the web chat."""
        async with self.database.write() as tx:
            user = await tx.users.add(name, "en", role, access)
            await tx.users.link(user.id, "web", str(user.id))
            return user

    @asynccontextmanager
    async def worker(self, engine_url: str) -> AsyncIterator[None]:
        """A worker that answers from an OpenAI-compatible endpoint."""
        async with HttpEngine(engine_url) as engine:
            worker = Worker(
                database=self.database,
                broker=self.broker,
                sessions=SessionStore(self.broker),
                store=open_store("", self.folder),
                engine=engine,
                persona=Persona(),
                params=SamplingParams(max_tokens=300, temperature=0),
                worker_id="worker-test",
                metrics=WorkerMetrics(CollectorRegistry()),
                grace=1,
            )
            task = asyncio.create_task(worker.run())
            try:
                yield
            finally:
                worker.drain()
                await task


@asynccontextmanager
async def open_house(
    folder: Path,
    valkey_url: str,
    *,
    access: AccessMode = AccessMode.INVITE,
    web: WebSettings | None = None,
    budgets: BudgetSettings = NO_BUDGETS,
    persona: Persona | None = None,
    oidc: OidcSettings | None = None,
    url: str = "",
) -> AsyncIterator[House]:
    """Everything of the bot process that the web chat needs, listening on a free port; `url` of a
    database that is there already."""
    url = url or f"sqlite:///{folder / 'whimbrel.db'}"
    await asyncio.to_thread(upgrade, url)
    web = web or WebSettings()
    settings = structs.replace(web, http_port=web.http_port or free_port())
    address = f"http://127.0.0.1:{settings.http_port}"
    metrics, persona = HandlerMetrics(CollectorRegistry()), persona or Persona()
    modes, capabilities = AccessSettings(access=access), {NAME: CAPABILITIES}
    async with (
        Database.from_url(url) as database,
        Broker.from_url(valkey_url) as broker,
        TurnFeed(database=database, broker=broker) as feed,
        PictureDecoder() as decoder,
        PictureChecker(nudity=False, limits=CheckerLimits(work=30, patience=60)) as hashing,
    ):
        store = open_store("", folder)
        admission = Admission(
            database=database,
            broker=broker,
            settings=modes,
            persona=persona,
            capabilities=capabilities,
        )
        assistant = Assistant(
            database=database,
            broker=broker,
            store=store,
            capabilities=capabilities,
            access=modes,
            persona=persona,
            bot_id="bot-test",
            public_url=lambda: address,
            metrics=metrics,
            budgets=budgets,
        )
        pictures = PictureIntake(
            database=database,
            broker=broker,
            store=store,
            decoder=decoder,
            owner="bot-test",
            metrics=metrics,
        )
        site = Site(
            database=database,
            broker=broker,
            budgets=Budgets(broker),
            admission=admission,
            texts=Texts(),
            persona=persona,
            access=modes,
            settings=settings,
            public_url=lambda: settings.public_url or address,
            code_links=lambda code: [f"https://t.me/test_bot?start={code}"],
            metrics=_metrics,
            oidc=oidc or OidcSettings(),
        )
        book = ConversationBook(database=database, broker=broker, store=store, metrics=metrics)
        chat = WebChat(
            site=site,
            intake=assistant,
            book=book,
            pictures=pictures,
            feed=feed,
            allowances=assistant.allowances,
        )

        async def start_trial(trial_id: int) -> None:
            await trials.run(database, trial_id)  # at once, and not in a process of its own

        dashboard = Dashboard(
            site,
            store=store,
            allowances=assistant.allowances,
            board=LiveBoard(database=database, broker=broker, prices=Prices()),
            channels=[("telegram", "test_bot")],
            start_trial=start_trial,
            switchable=("second-model", "third-model"),
            moderators_chat=MODERATORS_CHAT,
            pictures=hashing,
        )
        app = build_app(site=site, sections=(chat.section(), dashboard.section()))
        server = HttpServer(app, settings)
        tasks = [
            asyncio.create_task(server.run_until_stopped()),
            asyncio.create_task(assistant.run()),
        ]
        await _until_listening(server, tasks[0])
        try:
            yield House(address, folder, database, broker, admission, assistant, book, chat, app)
        finally:
            chat.close_streams()
            server.stop()
            tasks[1].cancel()
            await asyncio.wait(tasks)


async def _metrics() -> bytes:
    return b"whimbrel_queue_depth 0.0\n"


async def _until_listening(server: HttpServer, task: asyncio.Task[None]) -> None:
    while not server.started:
        assert not task.done(), "the server did not start"
        await asyncio.sleep(0.01)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


async def csrf(client: httpx2.AsyncClient, path: str) -> str:
    """The CSRF token in a page."""
    page = await client.get(path, headers={"accept": "text/html"})
    found = CSRF.search(page.text)
    assert found, page.text
    return found.group(1) or found.group(2)


async def pair(client: httpx2.AsyncClient, code: str) -> httpx2.Response:
    """Open the link of a code and press its button."""
    token = await csrf(client, f"/pair/{code}")
    return await client.post(f"/pair/{code}", data={"csrf": token})
