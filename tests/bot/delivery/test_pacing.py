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
