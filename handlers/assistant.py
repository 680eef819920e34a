"""The front door: records what channels receive, and decides what is to be answered."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

import structlog

from chat.budgets import NO_BUDGETS, BudgetSettings
from chat.conversations import ConversationKey
from chat.failpoints import Failpoint, reached
from chat.inbound import InboundMessage
from chat.outbound import Notice
from chat.persona import Persona
from chat.ports import AttachmentStore, Capabilities
from handlers.arrival import receive
from handlers.commands import parse_command
from handlers.context import Context, KnownModels
from handlers.effects import Effects
from handlers.errors import NotTheirs
from handlers.ledger import Ledger
from handlers.metrics import HandlerMetrics
from handlers.moderation.consequences import Consequences
from handlers.settings import AccessSettings
from handlers.sweep import Sweep
from handlers.texts import Texts
from handlers.told import Told
from moderation.policy.live import LivePolicy
from storage.allowances import Allowances
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.errors import DatabaseUnavailable, SchemaOutdated, WriteConflict

log = structlog.get_logger()

MAX_TRIES = 5
AT_ONCE = 25  # messages in a transaction
BREATH = 0.004  # seconds between transactions: SQLite hands its lock to whoever asks at that moment
# What is wrong with the database rather than with a message.
NOT_ITS_FAULT = (DatabaseUnavailable, SchemaOutdated, WriteConflict)
ABOUT_MODELS = ("about", "privacy")


class _OverBudget(Exception):
    """Something in a batch was refused, after it had been taken for granted."""


class Assistant:
    """Implements chat.ports.Intake, and keeps turns moving.

    `capabilities` by channel name; `bot_id` owns the delivery of turns accepted here; `public_url`
    is the address of the web chat once it is known, and `code_links` turns a code into the links
    that redeem it on messengers (t.me/BOT?start=CODE). `pictures_arrived` is called when there is
    something for PictureIntake.fetch_pending.
    """

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        store: AttachmentStore,
        capabilities: Mapping[str, Capabilities],
        access: AccessSettings,
        persona: Persona,
        bot_id: str,
        public_url: Callable[[], str],
        metrics: HandlerMetrics,
        code_links: Callable[[str], Sequence[str]] = lambda code: (),
        pictures_arrived: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
        max_waiting: int = 1000,
        budgets: BudgetSettings = NO_BUDGETS,
    ) -> None:
        self._database = database
        self._broker = broker
        self._store = store
        self._metrics = metrics
        self._pictures_arrived = pictures_arrived
        self._models = KnownModels(broker)
        policy = LivePolicy(database)
        self._context = Context(
            capabilities=capabilities,
            access=access,
            persona=persona,
            bot_id=bot_id,
            public_url=public_url,
            code_links=code_links,
            models=self._models,
            clock=clock,
            max_waiting=max_waiting,
            person_waiting=budgets.person_waiting,
            allowances=Allowances(broker, budgets),
            told=Told(clock),
            policy=policy,
            texts=Texts(persona.language),
        )
        self.sweep = Sweep(
            database=database,
            broker=broker,
            models=self._models,
            metrics=metrics,
            consequences=Consequences(
                database=database,
                broker=broker,
                store=store,
                policy=policy,
                requests=self._context.requests,
                clock=clock,
            ),
            clock=clock,
        )

    @property
    def allowances(self) -> Allowances:
        """What people may use, as it is counted here."""
        return self._context.allowances

    async def accept(self, batch: Sequence[InboundMessage]) -> None:
        """Record a batch, a few at a time so that others get at the database in between; see
        chat.ports.Intake."""
        if not self._models.workers and any(_asks_for_models(message) for message in batch):
            await self._models.refresh()
        for number, few in enumerate(in_turns(batch)):
            if number:
                await asyncio.sleep(BREATH)
            await self._accept_few(few)

    async def _accept_few(self, batch: Sequence[InboundMessage]) -> None:
        effects = await self._record(batch)
        reached(Failpoint.UPDATES_COMMITTED)
        effects.count(self._metrics)
        await effects.announce(self._broker)
        reached(Failpoint.UPDATES_ANNOUNCED)
        await effects.remove_files(self._database, self._store)
        if effects.pictures:
            self._pictures_arrived()

    async def run(self) -> None:
        """Sweep until cancelled: promote, hint, expire, forget, measure; see Sweep."""
        await self.sweep.run()

    async def _record(self, batch: Sequence[InboundMessage]) -> Effects:
        """The one transaction, tried again when another one stood in its way.

        Chats are taken in the same order by everybody, so that two batches do not deadlock."""
        ledger, told = Ledger(self._context.allowances), self._context.told
        tries = 0
        while True:
            try:
                effects = Effects()
                async with self._database.write() as tx:
                    for message in sorted(batch, key=_chat):
                        effects.add(await self._accept_one(tx, message, ledger))
                    if not await ledger.settle():
                        raise _OverBudget
                    reached(Failpoint.UPDATES_HANDLED)
                told.keep()
                return effects
            except _OverBudget:  # once more, now that it is known
                told.forget()
            except WriteConflict as error:
                tries += 1
                log.info("batch collided", tries=tries, error=str(error))
                told.forget()
                if tries == MAX_TRIES:
                    raise

    async def _accept_one(
        self, tx: Transaction, message: InboundMessage, ledger: Ledger
    ) -> Effects:
        """Handle one update, unless it was seen before; one that cannot be handled is told of and
        does not keep the others of its batch from being recorded."""
        key = message.key
        effects = Effects()
        try:
            async with tx.savepoint():
                if await _first_time(tx, message):
                    await receive(tx, self._context, message, effects, ledger)
            return effects
        except NOT_ITS_FAULT:
            raise  # nothing is wrong with the message: the messenger brings it again
        except NotTheirs as error:
            log.error("message refused", channel=key.channel, error=str(error))
            await _first_time(tx, message)
            return Effects()
        except Exception:
            log.exception("message failed", channel=key.channel, update=message.update_id)
        return await self._set_aside(tx, message)

    async def _set_aside(self, tx: Transaction, message: InboundMessage) -> Effects:
        """Record an update as seen, and tell the person where that is possible."""
        effects = Effects()
        await _first_time(tx, message)
        try:
            async with tx.savepoint():
                conversation = await tx.conversations.by_key(message.key)
                if conversation is not None:
                    shown = self._context.abilities(message.key.channel).pulls
                    await tx.outbound.add_notice(
                        conversation.id, Notice("sorry-failed"), shown=shown
                    )
                    effects.spoken.add(conversation.id)
        except NOT_ITS_FAULT:
            raise
        except Exception:
            log.exception("person not told", update=message.update_id)
        return effects


def in_turns(batch: Sequence[InboundMessage]) -> list[list[InboundMessage]]:
    """Everybody's first messages, then their second ones: whoever floods waits for the others.
    What is said in a chat keeps its order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    ranked = []
    for message in batch:
        chat = (message.key.channel, message.key.account, message.key.chat)
        ranked.append((seen[chat], message))
        seen[chat] += 1
    ranked.sort(key=itemgetter(0))
    return [
        [message for _, message in ranked[begin : begin + AT_ONCE]]
        for begin in range(0, len(ranked), AT_ONCE)
    ]


async def _first_time(tx: Transaction, message: InboundMessage) -> bool:
    key = message.key
    return await tx.updates.add(key.channel, key.account, message.kind, message.update_id)


def _chat(message: InboundMessage) -> ConversationKey:
    return message.key


def _asks_for_models(message: InboundMessage) -> bool:
    parsed = parse_command(message.text.strip())
    return parsed is not None and parsed[0] in ABOUT_MODELS
