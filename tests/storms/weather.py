"""The system with a proxy on each of its ways to the outside, and people who talk in it."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tests.chaos.crowd import ENDLESS, Talker, crowd
from tests.chaos.fleet import Fleet, open_to_all
from tests.chaos.parrot import Parrot
from tests.chaos.stores import counted, migrated_database, settled
from tests.chaos.verdict import Verdict, judge, transcript
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.fakes.proxy import HttpProxy, TcpProxy
from tests.fakes.telegram import FakeTelegram

SECRET = "the-secret-of-the-storms"


@dataclass
class Weather:
    """Everything of one storm. `messenger`, `model`, `broker` and `database` are the proxies; a
    database in a file has none."""

    folder: Path
    telegram: FakeTelegram
    endpoint: OpenAIEndpoint
    parrot: Parrot
    messenger: HttpProxy
    model: HttpProxy
    broker: TcpProxy
    database: TcpProxy | None
    database_url: str
    fleet: Fleet

    async def judged(
        self, talkers: Sequence[Talker], trouble: Awaitable[object], *, questions: int = ENDLESS
    ) -> tuple[Verdict, float, str]:
        """What became of everything that was asked; for how many seconds after the end of the
        trouble people still had to wait; and the chats in which something is wrong. Without a
        number of questions people talk until the trouble is over."""
        began, stop = time.monotonic(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for each in talkers:
                group.create_task(each.talk(questions=questions, stop=stop))
            await trouble
            if questions == ENDLESS:
                stop.set()
            over = time.monotonic()
        drained = time.monotonic() - over
        left = await settled(self.database_url, self.fleet.redis_url)
        verdict = judge(
            talkers,
            seconds=time.monotonic() - began,
            kills=0,
            wrong_prompts=self.parrot.wrong,
            leftovers=left,
        )
        return verdict, drained, "" if verdict.kept else transcript(talkers)

    async def count(self, table: str) -> int:
        """The rows of a table."""
        return (await counted(self.database_url, {table: table}))[table]

    def people(self, chats: int, seed: int) -> list[Talker]:
        """So many people who talk."""
        return crowd(self.telegram, chats=chats, seed=seed)


@asynccontextmanager
async def weather(
    *,
    seed: int = 1,
    database: str = "sqlite",
    bots: int = 1,
    workers: int = 1,
    webhook: bool = False,
) -> AsyncIterator[Weather]:
    """Fair weather: everything runs, through proxies that do nothing yet."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wb-")))
        url = stack.enter_context(migrated_database(database, folder))
        telegram = await stack.enter_async_context(FakeTelegram(limits=False))
        parrot = Parrot()
        ways = Ways(model="parrot", window=500_000, words_per_second=60)
        endpoint = await stack.enter_async_context(OpenAIEndpoint(parrot, ways))
        messenger = await stack.enter_async_context(
            HttpProxy("127.0.0.1", telegram.port, seed=seed)
        )
        model = await stack.enter_async_context(HttpProxy("127.0.0.1", endpoint.port, seed=seed))
        broker = await stack.enter_async_context(TcpProxy())
        between, reached = await _before(url, stack)
        settings = open_to_all(reached, messenger.url, telegram.token)
        settings |= {"TELEGRAM_RATE": "1000", "ENGINE_URL": f"{model.url}/v1"}
        fleet = Fleet(folder, settings, bots=bots, workers=workers, broker_between=broker)
        if webhook:
            settings["TELEGRAM_WEBHOOK_SECRET"] = SECRET
            settings["TELEGRAM_WEBHOOK_URL"] = (
                f"http://127.0.0.1:{fleet.port('bot-1')}/webhooks/telegram"
            )
        await stack.enter_async_context(fleet)
        yield Weather(
            folder, telegram, endpoint, parrot, messenger, model, broker, between, url, fleet
        )


async def _before(url: str, stack: AsyncExitStack) -> tuple[TcpProxy | None, str]:
    """A proxy before a PostgreSQL server on a socket, and the address through it."""
    if url.startswith("sqlite"):
        return None, url
    parts = urlsplit(url)
    folder = dict(parse_qsl(parts.query))["host"]
    proxy = await stack.enter_async_context(TcpProxy(f"{folder}/.s.PGSQL.5432"))
    return proxy, f"postgresql://{parts.username}@127.0.0.1:{proxy.port}{parts.path}"
