"""Calls to one account that wait their turn together."""

from __future__ import annotations

import asyncio

from prometheus_client import CollectorRegistry

from bot.delivery import PacedChannel
from bot.metrics import SendMetrics
from chat.conversations import ConversationKey
from chat.outbound import OutboundMessage
from storage.budgets import Budgets
from tests.bot.delivery.stage import Stage
from tests.fakes.telegram import Person


async def test_a_group_takes_twenty_messages_a_minute(stage: Stage, anna: Person) -> None:
    group = anna.adds_bot_to("Moderators")
    async with stage.bot(polls=False) as bot:
        channel = PacedChannel(
            bot.channel,
            budgets=Budgets(stage.broker),
            database=stage.database,
            metrics=SendMetrics(CollectorRegistry()),
        )
        there = ConversationKey("telegram", bot.channel.account, str(group.id))
        here = ConversationKey("telegram", bot.channel.account, str(anna.id))
        async with asyncio.TaskGroup() as tasks:
            for number in range(channel.capabilities.burst + 1):
                tasks.create_task(channel.send(there, OutboundMessage(f"card {number}")))
            await channel.send(here, OutboundMessage("an answer"))
        times = sorted(shown.sent_at for shown in group.from_bot)
        assert times[-1] - times[0] > 1.5, "three seconds, once the burst is used up"
        rates = [channel.capabilities.rate_of(each.chat) for each in (there, here)]
        assert rates == [20 / 60, 1.0]
        assert len(anna.chat.from_bot) == 1


async def test_what_waits_its_turn_keeps_a_wait_that_another_call_was_told(
    stage: Stage, anna: Person
) -> None:
    async with stage.bot(polls=False) as bot:
        channel = PacedChannel(
            bot.channel,
            budgets=Budgets(stage.broker),
            database=stage.database,
            metrics=SendMetrics(CollectorRegistry()),
        )
        key = ConversationKey("telegram", bot.channel.account, str(anna.id))
        for number in range(channel.capabilities.burst):
            await channel.send(key, OutboundMessage(f"burst {number}"))
        stage.telegram.faults.floods("sendMessage", retry_after=3)
        async with asyncio.TaskGroup() as group:  # each has a second of its own to go out in
            for name in ("first", "second"):
                group.create_task(channel.send(key, OutboundMessage(name)))
        # that no call was made within the wait is what the stage looks at in the end
        assert {"first", "second"} <= {message.text for message in anna.chat.from_bot}
