"""The chat for moderators: cards that act as whoever presses, follow the queue and lose nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import DeskPlace, ModeratorsDesk
from chat.messages import Speaker
from chat.moderation import Deed, Finding, Measure, Priority, Side, Verdict
from chat.people import Role, User
from handlers.moderation.deciding import Choice
from handlers.moderation.reviews import Reviews
from handlers.settings import StaffSettings
from moderation.policy.live import LivePolicy
from storage.broker import Broker
from storage.database import Database
from storage.migrate import upgrade
from storage.repositories import ReviewVerdict
from tests.bot.delivery.stage import BotProcess, Stage
from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.telegram.chats import Chat, Shown
from tests.waiting import eventually

WORDS = "You planted secret-word [click](https://evil.example) here"


@dataclass
class Shifted:
    """The time, which can be moved on."""

    by: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.by


@dataclass
class Office(Stage):
    """A stage with a group of moderators, and somebody who is flagged."""

    clock: Shifted = field(default_factory=Shifted)

    def settle_in(self, owner: Person, **more: Any) -> Chat:
        """A group that the bot was added to and told of."""
        group = owner.adds_bot_to("Moderators")
        self.staff = StaffSettings(moderators_chat=f"telegram:{group.id}", **more)
        return group

    async def staff_member(self, name: str, role: Role) -> Person:
        person = self.telegram.person(name)
        person.says("/help")
        await person.chat.shows("/stop")
        user = await self.user(person)
        async with self.database.write() as tx:
            await tx.users.set_role(user.id, role)
        return person

    async def user(self, person: Person) -> User:
        async with self.database.read() as tx:
            user = await tx.users.by_identity("telegram", str(person.id))
        assert user is not None
        return user

    async def flag(
        self,
        person: Person,
        priority: Priority = Priority.HIGH,
        *,
        category: str = "hate",
        **more: Any,
    ) -> int:
        """Somebody says something that is flagged; the number of the flag."""
        person.says(WORDS)
        answering = await self.claims()
        turn = answering.turn
        verdict = Verdict(
            findings=(Finding("words", category, 1.0, evidence=("secret-word",)),),
            measures=(Measure(Deed.FLAG),),
            category=category,
            priority=priority,
        )
        user = await self.user(person)
        async with self.database.write() as tx:
            messages = await tx.messages.of_turn(turn.id)
            (message,) = [each for each in messages if each.speaker is Speaker.PERSON]
            raised = await tx.flags.add(
                message.conversation_id,
                message.id,
                verdict,
                side=Side.QUESTION,
                user_id=user.id,
                turn_id=turn.id,
                **more,
            )
        await answering.ends("Fine.")
        assert raised is not None
        return raised[0].id

    @asynccontextmanager
    async def desk(self, process: BotProcess) -> AsyncIterator[ModeratorsDesk]:
        assert self.staff.desk is not None
        account = process.channel.account
        desk = ModeratorsDesk(
            DeskPlace("telegram", account, self.staff.desk[1], "en", "UTC"),
            channels=process.paced,
            settings=self.staff,
            database=self.database,
            texts=process.texts,
            owner=process.name,
            address=lambda flag: f"https://whimbrel.example/dashboard/queue/{flag}",
            every=0.05,
            try_again=0.5,
            clock=self.clock,
        )
        task = asyncio.create_task(desk.run())
        try:
            yield desk
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def office(tmp_path: Path, broker: Broker) -> AsyncIterator[Office]:
    url, clock = f"sqlite:///{tmp_path / 'whimbrel.sqlite3'}", Shifted()
    upgrade(url)
    async with (
        FakeTelegram() as telegram,
        Database.from_url(url, clock=clock) as database,
    ):
        yield Office(telegram, database, broker, tmp_path / "attachments", clock=clock)
        assert telegram.violations == []
        assert telegram.world.limits.early == 0, "a call was made inside a wait"


@pytest.fixture
def anna(office: Office) -> Person:
    return office.telegram.person("Anna")


async def says(group: Chat, shown: Shown, words: str, within: float = 20) -> None:
    await group.until(lambda _: words in shown.text, within)


async def notes(group: Chat, count: int) -> str:
    """What the latest of so many presses was answered with."""
    await group.until(lambda chat: len(chat.pressed_notes) >= count, 20)
    return group.pressed_notes[count - 1]


async def test_a_flag_is_a_card_without_words_and_whoever_presses_needs_the_role(
    office: Office, anna: Person
) -> None:
    group = office.settle_in(anna)
    async with office.bot() as bot, office.desk(bot):
        rita = await office.staff_member("Rita", Role.REVIEWER)
        mona = await office.staff_member("Mona", Role.MODERATOR)
        await office.flag(anna, Priority.NORMAL)
        number = await office.flag(anna)
        card = await group.shows(f"flag {number}")
        assert card.text.startswith("high · hatred")
        assert f"About person {(await office.user(anna)).id}" in card.text
        assert "secret" not in card.text
        assert "Anna" not in card.text
        assert card.buttons == ["Claim", "Nothing wrong", "Remove", "Warn", "Strike", "Open"]
        stranger = office.telegram.person("Zoe", language="de")
        stranger.presses(card, "Strike", chat=group)
        assert "Danke, aber" in await notes(group, 1)
        rita.presses(card, "Strike", chat=group)
        assert "does not permit" in await notes(group, 2)
        rita.presses(card, "Claim", chat=group)
        await says(group, card, "is looking at it")
        assert "Rita" not in card.text
        mona.presses(card, "Strike", chat=group)
        assert "omebody else" in await notes(group, 4)
        rita.presses(card, "Nothing wrong", chat=group)
        await says(group, card, "It counts in ten seconds")
        assert card.buttons == ["Undo", "Open"]
        mona.presses(card, "Undo", chat=group)
        assert "does not permit" in await notes(group, 6)
        rita.presses(card, "Undo", chat=group)
        await says(group, card, "is looking at it")
        rita.presses(card, "Nothing wrong", chat=group)
        await says(group, card, "It counts in ten seconds")
        office.clock.by += 11
        await says(group, card, "Nothing wrong, decided by")
        assert card.buttons == ["Open"]
        assert len(group.from_bot) == 1, "the other flag is below the priority"
        async with office.database.read() as tx:
            assert await tx.users.by_identity("telegram", str(stranger.id)) is None
        assert not office.telegram.world.calls_of("leaveChat")


async def test_a_decision_on_the_dashboard_is_seen_and_what_is_locked_is_not(
    office: Office, anna: Person
) -> None:
    group = office.settle_in(anna, moderators_excerpt=30)
    async with office.bot() as bot, office.desk(bot):
        mona = await office.staff_member("Mona", Role.MODERATOR)
        number = await office.flag(anna)
        card = await group.shows(f"flag {number}")
        assert "You planted secret-word click" in card.text
        assert "https" not in card.text
        ben = office.telegram.person("Ben")
        locked = await office.flag(ben, Priority.URGENT, locked=True)
        closed = await group.shows(f"Flag {locked} is locked")
        for hidden in ("hatred", "person", "secret", "urgent"):
            assert hidden not in closed.text
        assert closed.buttons == ["Open"]
        caring = await office.flag(office.telegram.person("Cleo"), category="self-harm")
        assert "secret" not in (await group.shows(f"self-harm · flag {caring}", within=20)).text
        reviews = Reviews(
            database=office.database, policy=LivePolicy(office.database), clock=office.clock
        )
        choice = Choice(ReviewVerdict.STRIKE, note="private note")
        await reviews.decide(await office.user(mona), number, choice)
        await says(group, card, "A strike, says")
        assert "secret" not in card.text
        assert "note" not in card.text
        async with office.database.write() as tx:
            await tx.flags.lock(number)
        await says(group, card, "is not open any more")
        assert "hatred" not in card.text


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_became_a_supergroup_is_followed(
    office: Office, anna: Person, told: bool
) -> None:
    group = office.settle_in(anna)
    async with office.bot() as bot, office.desk(bot):
        mona = await office.staff_member("Mona", Role.MODERATOR)
        number = await office.flag(anna)
        await group.shows(f"flag {number}")
        moved = anna.upgrades(group, told=told)
        second = await office.flag(office.telegram.person("Ben"))
        await moved.shows(f"flag {second}", within=30)
        card = await moved.shows(f"flag {number}", within=30)
        mona.presses(card, "Nothing wrong", chat=moved)
        await says(moved, card, "It counts in ten seconds")
    async with office.database.read() as tx:
        entries = await tx.audit.of_object("chat", str(group.id), 9)
        known = await tx.desk.get("telegram", bot.channel.account, str(group.id))
    assert [entry.action for entry in entries] == ["moderators-chat.moved"]
    assert known is not None
    assert known.now_at == str(moved.id)


async def test_while_the_chat_cannot_be_written_to_nothing_is_lost(
    office: Office, anna: Person
) -> None:
    group = office.settle_in(anna)
    group.refusal = "bot was kicked from the supergroup chat"
    async with office.bot() as bot, office.desk(bot):

        async def trouble() -> str:
            async with office.database.read() as tx:
                known = await tx.desk.get("telegram", bot.channel.account, str(group.id))
            return known.error if known else ""

        async def no_trouble() -> bool:
            return not await trouble()

        first = await office.flag(anna)
        second = await office.flag(office.telegram.person("Ben"))
        assert "kicked" in await eventually(trouble)
        assert group.from_bot == []
        group.refusal = ""
        await group.shows(f"flag {first}", within=30)
        await group.shows(f"flag {second}", within=30)
        await eventually(no_trouble)


async def test_what_ages_is_said_once_more_and_each_day_is_summed_up(
    office: Office, anna: Person
) -> None:
    hour = (datetime.now(UTC).hour + 5) % 24  # which comes once within the day that passes here
    group = office.settle_in(anna, moderators_remind=60, moderators_digest=hour)
    async with office.bot() as bot, office.desk(bot):
        number = await office.flag(anna)
        card = await group.shows(f"flag {number}")
        office.clock.by += 3700
        reminder = await group.shows(f"Flag {number} still waits", within=20)
        assert reminder.reply_to == card.id
        office.clock.by += 24 * 3600
        digest = await group.shows("Since the last summary", within=20)
        assert "1 new, 0 decided. 1 wait" in digest.text
        assert "The oldest has waited for" in digest.text
        second = await office.flag(office.telegram.person("Ben"))
        await group.shows(f"flag {second}", within=20)
        texts = [shown.text for shown in group.from_bot]
        assert sum("still waits" in text for text in texts) == 1
        assert sum("Since the last summary" in text for text in texts) == 1
