"""Wires the bot process: channels, handlers, delivery and the web."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from starlette.routing import BaseRoute

from bot.channels.telegram.channel import TelegramChannel, account_of
from bot.channels.telegram.polling import SqlLease
from bot.channels.web.channel import ACCOUNT as WEB_ACCOUNT
from bot.channels.web.channel import CAPABILITIES as WEB_CAPABILITIES
from bot.channels.web.channel import NAME as WEB
from bot.channels.web.chat import WebChat
from bot.delivery import (
    Broadcaster,
    Delivery,
    DeskPlace,
    ModeratorsDesk,
    NoticeSender,
    PacedChannel,
)
from bot.fetching import PictureFetching
from bot.home import Home, new_bot_id
from bot.metrics import Exposition, SendMetrics, new_registry
from bot.ports import local_url
from bot.server import HttpServer
from bot.settings import Settings
from bot.signals import stop_requested
from bot.trial import TrialProcesses
from chat.ports import Channel
from chat.presses import PressNotes
from dashboard.board import Dashboard
from handlers.access import Admission
from handlers.assistant import Assistant
from handlers.broadcasts import audience
from handlers.commands.registry import COMMANDS
from handlers.conversations import ConversationBook
from handlers.figures import LiveBoard
from handlers.following import TurnFeed
from handlers.gauges import RecordGauges
from handlers.metrics import HandlerMetrics
from handlers.pictures.decoder import PictureDecoder
from handlers.pictures.intake import PictureIntake
from handlers.texts import Texts
from moderation.pictures.checker import PictureChecker
from storage.attachments import open_store
from storage.broker import Broker
from storage.budgets import Budgets
from storage.database import Database
from web.app import build_app
from web.exposure import check_exposure
from web.site import Site

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bot:
    """The parts of a bot process that run."""

    channels: Sequence[Channel]
    assistant: Assistant
    pictures: PictureIntake
    fetching: PictureFetching
    delivery: Delivery
    broadcaster: Broadcaster
    desk: ModeratorsDesk | None
    server: HttpServer
    web_chat: WebChat
    dashboard: Dashboard


async def run_bot(settings: Settings) -> None:
    """Run until SIGTERM, then drain: nothing more is taken in, calls under way end, and what is
    still to be shown is left to the next bot."""
    check_exposure(settings.web)
    with stop_requested() as stop:
        async with open_bot(settings) as bot, asyncio.TaskGroup() as group:
            serving = group.create_task(bot.server.run_until_stopped(), name="http")
            delivering = group.create_task(bot.delivery.run(), name="delivery")
            working = [
                group.create_task(bot.assistant.run(), name="assistant"),
                group.create_task(bot.broadcaster.run(), name="broadcasts"),
                group.create_task(bot.fetching.run(bot.pictures, bot.channels), name="pictures"),
            ]
            if bot.desk is not None:
                working.append(group.create_task(bot.desk.run(), name="moderators"))
            receiving = [
                group.create_task(channel.run(bot.assistant), name=f"receive-{channel.name}")
                for channel in bot.channels
            ]
            await stop.wait()
            for task in receiving:
                task.cancel()
            await asyncio.gather(*receiving, return_exceptions=True)
            bot.web_chat.close_streams()
            bot.dashboard.close_streams()
            bot.server.stop()
            await bot.delivery.drain()
            await asyncio.wait([serving, delivering])
            for task in working:
                task.cancel()


@asynccontextmanager
async def open_bot(settings: Settings) -> AsyncIterator[Bot]:
    """Everything connected and built, nothing running yet but the feed of turns."""
    home = Home(settings.storage.whimbrel_home)
    home.prepare()
    registry = new_registry()
    metrics = HandlerMetrics(registry)
    bot_id = new_bot_id()
    storage = settings.storage
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.from_url(storage.database_url))
        broker = await stack.enter_async_context(Broker.from_url(storage.redis_url))
        store = open_store(storage.attachments_url, storage.whimbrel_home)
        feed = await stack.enter_async_context(TurnFeed(database=database, broker=broker))
        decoder = await stack.enter_async_context(PictureDecoder())
        hashing = PictureChecker(nudity=False)
        if not hashing.why_off:
            await stack.enter_async_context(hashing)
        budgets, texts = Budgets(broker), Texts(settings.persona.language)
        notes = PressNotes()
        telegram = await _open_telegram(settings, database, texts, bot_id, stack, notes)
        channels: list[Channel] = [telegram] if telegram else []
        capabilities = {channel.name: channel.capabilities for channel in channels}
        capabilities[WEB] = WEB_CAPABILITIES

        def code_links(code: str) -> Sequence[str]:
            return [link for link in [telegram and telegram.link(code)] if link]

        def public_url() -> str:
            return (settings.web.public_url or local_url(settings)).rstrip("/")

        places = [*((each.name, each.account) for each in channels), (WEB, WEB_ACCOUNT)]
        fetching = PictureFetching()
        assistant = Assistant(
            database=database,
            broker=broker,
            store=store,
            capabilities=capabilities,
            access=settings.access,
            persona=settings.persona,
            bot_id=bot_id,
            public_url=public_url,
            code_links=code_links,
            metrics=metrics,
            pictures_arrived=fetching.wake,
            budgets=settings.budgets,
            switchable=settings.model.models,
            places=places,
            staff=settings.staff,
            notes=notes,
            keep=settings.keep,
        )
        pictures = PictureIntake(
            database=database,
            broker=broker,
            store=store,
            decoder=decoder,
            owner=bot_id,
            metrics=metrics,
        )
        sends = SendMetrics(registry)
        paced = {
            (channel.name, channel.account): PacedChannel(
                channel, budgets=budgets, database=database, metrics=sends
            )
            for channel in channels
        }
        notices = NoticeSender(
            paced,
            database=database,
            texts=texts,
            store=store,
            owner=bot_id,
            broadcast_rate=settings.staff.broadcast_rate,
        )
        broadcaster = Broadcaster(
            paced,
            audience=audience(settings.access, places),
            database=database,
            broker=broker,
            texts=texts,
            owner=bot_id,
            rate=settings.staff.broadcast_rate,
        )
        delivery = Delivery(
            list(paced.values()),
            database=database,
            feed=feed,
            texts=texts,
            notices=notices,
            owner=bot_id,
            feedback=settings.answers.feedback_buttons,
        )
        board = LiveBoard(database=database, broker=broker, prices=settings.prices)
        gauges = RecordGauges(database=database, board=board)
        site = Site(
            database=database,
            broker=broker,
            budgets=budgets,
            admission=Admission(
                database=database,
                broker=broker,
                settings=settings.access,
                persona=settings.persona,
                capabilities=capabilities,
            ),
            texts=texts,
            persona=settings.persona,
            access=settings.access,
            settings=settings.web,
            public_url=public_url,
            code_links=code_links,
            metrics=Exposition(registry, folder=home.metrics, record=gauges.metrics).text,
            oidc=settings.oidc,
        )
        book = ConversationBook(
            database=database,
            broker=broker,
            store=store,
            metrics=metrics,
            feedback=settings.answers.feedback_buttons,
        )
        web_chat = WebChat(
            site=site,
            intake=assistant,
            book=book,
            pictures=pictures,
            feed=feed,
            allowances=assistant.allowances,
        )
        webhooks: Sequence[BaseRoute] = telegram.routes if telegram else ()
        dashboard = Dashboard(
            site,
            store=store,
            allowances=assistant.allowances,
            board=board,
            channels=[(channel.name, channel.account) for channel in channels],
            start_trial=TrialProcesses().start,
            switchable=settings.model.models,
            moderators_chat=_desk_key(settings),
            pictures=hashing,
            keep=settings.keep,
        )
        app = build_app(
            site=site,
            sections=(web_chat.section(), dashboard.section()),
            machine_routes=webhooks,
        )
        yield Bot(
            channels=channels,
            assistant=assistant,
            pictures=pictures,
            fetching=fetching,
            delivery=delivery,
            broadcaster=broadcaster,
            desk=_desk(settings, paced, database, texts, bot_id),
            server=HttpServer(app, settings.web),
            web_chat=web_chat,
            dashboard=dashboard,
        )


async def _open_telegram(
    settings: Settings,
    database: Database,
    texts: Texts,
    owner: str,
    stack: AsyncExitStack,
    notes: PressNotes,
) -> TelegramChannel | None:
    token = settings.telegram.telegram_bot_token
    if not token:
        return None
    account = token.partition(":")[0]
    channel = TelegramChannel(
        settings.telegram,
        lease=SqlLease(database, name=f"telegram:{account}", owner=owner),
        menu=menu(texts),
        notes=notes,
    )
    return await stack.enter_async_context(channel)


def _desk_key(settings: Settings) -> tuple[str, str, str] | None:
    """Channel, account and id of the chat for moderators."""
    if settings.staff.desk is None:
        return None
    channel, chat = settings.staff.desk
    return channel, account_of(settings.telegram), chat


def _desk(
    settings: Settings,
    paced: Mapping[tuple[str, str], PacedChannel],
    database: Database,
    texts: Texts,
    owner: str,
) -> ModeratorsDesk | None:
    key = _desk_key(settings)
    if key is None:
        return None
    place = DeskPlace(*key, settings.persona.language, settings.persona.timezone)
    return ModeratorsDesk(
        place,
        channels=paced,
        settings=settings.staff,
        database=database,
        texts=texts,
        owner=owner,
        address=address_of_flags(settings.web.public_url),
    )


def address_of_flags(public_url: str) -> Callable[[int], str]:
    """Where a button leads that opens a flag; nowhere while no address is set that others reach."""
    root = public_url.rstrip("/")
    return lambda flag: f"{root}/dashboard/queue/{flag}" if root else ""


def menu(texts: Texts) -> dict[str, list[tuple[str, str]]]:
    """The commands with their descriptions by language, "" for people of any other."""
    return {
        code: [
            (name, texts.label(command.menu, language))
            for name, command in COMMANDS.items()
            if command.menu
        ]
        for code, language in [("", ""), *((each, each) for each in texts.languages())]
    }
