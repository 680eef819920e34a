"""What people say is read by nobody without grounds, a reason and a line in the log; what is
theirs is taken along or deleted by two."""

from __future__ import annotations

import json

import pytest

from chat.people import Role, User
from handlers.errors import NotFound
from handlers.moderation.cases import Cases
from handlers.moderation.conversations import ConversationBook, NotOpened, ReasonWanted
from handlers.moderation.data import DataRequests
from handlers.moderation.deciding import Choice
from handlers.moderation.rights import NotPermitted
from moderation.policy.live import LivePolicy
from storage.repositories import DecisionState, ReviewVerdict
from tests.handlers.moderation.test_reviews import Office, office

__all__ = ["office"]

HOUR, DAY = 3600.0, 24 * 3600.0


@pytest.fixture
def book(office: Office) -> ConversationBook:
    world = office.world
    return ConversationBook(
        database=world.database, policy=LivePolicy(world.database), clock=world.clock
    )


@pytest.fixture
def data(office: Office) -> DataRequests:
    world = office.world
    return DataRequests(
        database=world.database,
        store=world.store,
        policy=LivePolicy(world.database),
        clock=world.clock,
    )


async def logged(office: Office, kind: str, number: int) -> list[str]:
    """What the audit log says was done to it, oldest first."""
    async with office.world.database.read() as tx:
        found = await tx.audit.of_object(kind, number, 100)
    return sorted(f"{entry.number:09} {entry.action}" for entry in found)


async def said(office: Office, *texts: str) -> int:
    """Ada says this; the number of her conversation."""
    for text in texts:
        await office.ada.says(text)
    return (await office.ada.conversation()).id


async def test_without_a_flag_nobody_reads(office: Office, book: ConversationBook) -> None:
    number = await said(office, "my secret")
    for role in (Role.REVIEWER, Role.MODERATOR, Role.ADMIN, Role.OWNER):
        user = await office.staff(role.value, role)
        with pytest.raises(NotOpened):
            await book.read(user, number)
        with pytest.raises(NotPermitted):
            await book.open(user, number, "I would like to")
        assert await book.flagged(user) == []
    assert await logged(office, "conversation", number) == []


async def test_after_a_flag_it_opens_with_a_reason_for_an_hour(
    office: Office, book: ConversationBook
) -> None:
    max_, mia = await office.staff("Max", Role.REVIEWER), await office.staff("Mia")
    flag = await office.flag()
    number = flag.conversation_id
    assert [each.grounds for each in await book.flagged(max_)] == [True]
    with pytest.raises(ReasonWanted):
        await book.open(max_, number, "  ")
    await book.open(max_, number, "she was reported for threats")
    reading = await book.read(max_, number)
    assert [message.text for message in reading.messages] == ["something"]
    assert reading.flags[reading.messages[0].id].id == flag.id
    with pytest.raises(NotOpened):
        await book.read(mia, number)  # it is open to who gave the reason, and to nobody else
    (line,) = await logged(office, "conversation", number)
    assert line.endswith("conversation.opened")
    office.world.clock.now += HOUR + 1
    with pytest.raises(NotOpened):
        await book.read(max_, number)


async def test_words_are_found_in_what_is_open(office: Office, book: ConversationBook) -> None:
    max_ = await office.staff("Max")
    await said(office, "The Cat sleeps", "a dog")
    flag = await office.flag()
    await book.open(max_, flag.conversation_id, "why not")
    found = await book.read(max_, flag.conversation_id, words="cat")
    assert [message.text for message in found.messages] == ["The Cat sleeps"]


async def test_a_long_one_is_read_page_by_page(office: Office, book: ConversationBook) -> None:
    max_ = await office.staff("Max")
    await said(office, *(f"message {number}" for number in range(60)))
    flag = await office.flag()
    await book.open(max_, flag.conversation_id, "why not")
    newest = await book.read(max_, flag.conversation_id)
    assert len(newest.messages) == 50
    assert newest.before is not None
    earlier = await book.read(max_, flag.conversation_id, before=newest.before)
    assert earlier.before is None
    texts = [message.text for page in (earlier, newest) for message in page.messages]
    assert texts == [f"message {number}" for number in range(60)] + ["something"]


async def test_two_open_what_was_not_flagged(office: Office, book: ConversationBook) -> None:
    number = await said(office, "my secret")
    max_, mia = await office.staff("Max"), await office.staff("Mia")
    rio = await office.staff("Rio", Role.REVIEWER)
    with pytest.raises(NotPermitted):
        await book.reveal(rio, number, "curious")
    asked = await book.reveal(max_, number, "a court asks")
    assert (asked.state, asked.alone) == (DecisionState.WAITING, False)
    for nobody in (max_, rio):
        with pytest.raises(NotPermitted):
            await office.reviews.second(nobody, asked.id, agree=True)
    assert [each.id for each in await office.reviews.to_second(mia)] == [asked.id]
    await office.later(30 * DAY)
    with pytest.raises(NotOpened):
        await book.read(max_, number)
    await office.reviews.second(mia, asked.id, agree=True)
    await office.later(1)
    assert [each.text for each in (await book.read(max_, number)).messages] == ["my secret"]
    with pytest.raises(NotOpened):
        await book.read(mia, number)


async def test_who_is_alone_waits_a_day_and_can_take_it_back(
    office: Office, book: ConversationBook
) -> None:
    number = await said(office, "my secret")
    max_ = await office.staff("Max", Role.OWNER)
    first = await book.reveal(max_, number, "a court asks")
    assert first.alone
    await office.reviews.undo(max_, first.id)
    await office.later(DAY + 1)
    with pytest.raises(NotOpened):
        await book.read(max_, number)
    await book.reveal(max_, number, "a court asks")
    await office.later(DAY - 60)
    with pytest.raises(NotOpened):
        await book.read(max_, number)
    await office.later(120)
    assert (await book.read(max_, number)).messages


async def test_what_is_locked_stays_so(office: Office, book: ConversationBook) -> None:
    max_, owner = await office.staff("Max"), await office.staff("Olga", Role.OWNER)
    locked = await office.flag(locked=True)
    number, message = locked.conversation_id, locked.message_id
    with pytest.raises(NotPermitted):
        await book.open(max_, number, "it is flagged, I hear")
    other = await office.flag()
    await book.open(max_, number, "the other flag")
    reading = await book.read(max_, number)
    assert reading.locked == {message}
    assert set(reading.flags) == {other.message_id}
    await book.open(owner, number, "to see it")
    assert (await book.read(owner, number)).locked == frozenset()
    case = await Cases(database=office.world.database).get(max_, other.id)
    assert case.locked == {message}, "nor does it stand around another case"


async def test_a_message_is_taken_out_for_everybody(office: Office, book: ConversationBook) -> None:
    max_, rio = await office.staff("Max"), await office.staff("Rio", Role.REVIEWER)
    flag = await office.flag()
    number, message = flag.conversation_id, flag.message_id
    assert message is not None
    await book.open(rio, number, "look")
    with pytest.raises(NotPermitted):
        await book.redact(rio, number, message, "an address")
    with pytest.raises(NotOpened):
        await book.redact(max_, number, message, "an address")
    await book.open(max_, number, "look")
    decision = await book.redact(max_, number, message, "an address")
    await office.reviews.undo(max_, decision.id)
    await office.later(11)
    assert (await book.read(max_, number)).messages
    await book.redact(max_, number, message, "an address")
    await office.later(11)
    assert (await book.read(max_, number)).messages == ()
    assert await office.ada.questions() == []


async def test_colleagues_are_read_by_those_who_know_them(
    office: Office, book: ConversationBook
) -> None:
    max_, adam = await office.staff("Max"), await office.staff("Adam", Role.ADMIN)
    flag = await office.flag()
    assert flag.user_id is not None
    async with office.world.database.write() as tx:
        await tx.users.set_role(flag.user_id, Role.REVIEWER)
    with pytest.raises(NotFound):
        await book.open(max_, flag.conversation_id, "a colleague")
    await book.open(adam, flag.conversation_id, "a colleague")


async def ada(office: Office) -> User:
    await said(office, "Hello")
    return await office.ada.user()


async def test_two_delete_and_a_proof_remains(office: Office, data: DataRequests) -> None:
    person = await ada(office)
    adam, eve = await office.staff("Adam", Role.ADMIN), await office.staff("Eve", Role.ADMIN)
    max_ = await office.staff("Max")
    with pytest.raises(NotPermitted):
        await data.ask(max_, person.id, ReviewVerdict.DELETE, "she wrote to us")
    with pytest.raises(ReasonWanted):
        await data.ask(adam, person.id, ReviewVerdict.DELETE, "")
    asked = await data.ask(adam, person.id, ReviewVerdict.DELETE, "she wrote to us")
    with pytest.raises(NotPermitted):
        await office.reviews.second(max_, asked.id, agree=True)  # a moderator may not decide it
    await office.later(11)
    assert await office.ada.questions() == ["Hello"]
    await office.reviews.second(eve, asked.id, agree=True)
    await office.later(1)
    async with office.world.database.read() as tx:
        assert await tx.messages.of_user(person.id) == []
        assert (await tx.users.get(person.id)).name == ""
    entry = json.loads(await data.proof(eve, person.id))
    details = json.loads(entry["details"])
    assert entry["action"] == "data.deleted"
    assert (details["messages"], details["conversations"], details["pictures"]) == (1, 1, 0)
    assert (entry["actor_id"], details["seconded_by"]) == (adam.id, eve.id)
    assert "Hello" not in entry["details"]
    with pytest.raises(NotPermitted):
        await data.proof(max_, person.id)


async def test_what_is_asked_for_can_be_refused(office: Office, data: DataRequests) -> None:
    person = await ada(office)
    adam, eve = await office.staff("Adam", Role.ADMIN), await office.staff("Eve", Role.ADMIN)
    asked = await data.ask(adam, person.id, ReviewVerdict.DELETE, "she wrote to us")
    assert [each.id for each in (await data.state(eve, person.id)).waiting] == [asked.id]
    await office.reviews.second(eve, asked.id, agree=False)
    await office.later(30 * DAY)
    assert await office.ada.questions() == ["Hello"]
    assert (await data.state(eve, person.id)).waiting == ()


async def test_everything_is_taken_along_by_who_asked_for_a_day(
    office: Office, data: DataRequests
) -> None:
    person = await ada(office)
    adam, eve = await office.staff("Adam", Role.ADMIN), await office.staff("Eve", Role.ADMIN)
    with pytest.raises(NotPermitted):
        await data.take(adam, person.id)
    asked = await data.ask(adam, person.id, ReviewVerdict.EXPORT, "she has no browser")
    await office.reviews.second(eve, asked.id, agree=True)
    await office.later(1)
    assert (await data.take(adam, person.id)).startswith(b"PK")
    with pytest.raises(NotPermitted):
        await data.take(eve, person.id)
    assert (await logged(office, "user", person.id))[-1].endswith("data.exported")
    office.world.clock.now += DAY
    with pytest.raises(NotPermitted):
        await data.take(adam, person.id)


async def test_ones_own_never_waits(office: Office, data: DataRequests) -> None:
    person = await ada(office)
    owner = await office.staff("Olga", Role.OWNER)
    await office.ada.says("/delete")
    await office.ada.says("/delete yes")
    async with office.world.database.read() as tx:
        assert await tx.messages.of_user(person.id) == []
        assert (await tx.users.get(person.id)).name == ""
    entry = json.loads(await data.proof(owner, person.id))
    assert entry["actor_id"] == person.id
    assert json.loads(entry["details"])["messages"] >= 1


async def test_a_flag_is_not_a_way_around(office: Office) -> None:
    flag = await office.flag()
    owner = await office.staff("Olga", Role.OWNER)
    for verdict in (ReviewVerdict.DELETE, ReviewVerdict.EXPORT, ReviewVerdict.REVEAL):
        with pytest.raises(NotPermitted):
            await office.reviews.decide(owner, flag.id, Choice(verdict))
