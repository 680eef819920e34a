"""What the commands say and do."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from chat.inbound import InboundAttachment
from chat.outbound import OutboundKind, OutboundState
from chat.people import Access, Role
from chat.turns import TurnState, WorkerInfo
from handlers.effects import Effects
from handlers.export import build_export
from tests.handlers.test_pictures import PNG, fetch
from tests.handlers.world import World

LLAMA = WorkerInfo("w1", "meta-llama/Llama-4-Maverick-17B-128E", "fp8", 8192, 4, llama=True)
SMALL = WorkerInfo("w2", "fledgling", "float32", 2048, 2, demonstration=True)
CLOUD = WorkerInfo("w3", "some-model", "", 8192, 4, local=False)


async def test_start_greets_in_the_persons_language(world: World) -> None:
    ada = world.person("1", language="de-AT")
    await ada.says("/start")
    assert (await ada.last_words()).startswith("Hallo Ada! Ich bin Whimbrel, ein KI-Assistent.")


async def test_help_names_every_command(world: World) -> None:
    ada = world.person("1")
    await ada.says("/help@whimbrel_bot")
    words = await ada.last_words()
    for command in ["/new", "/stop", "/retry", "/about", "/privacy", "/export", "/delete"]:
        assert command in words
    assert "/invite" not in words
    await world.promote(await ada.user())
    await ada.says("/help")
    assert "/invite" in await ada.last_words()


async def test_about_names_the_exact_model(world: World) -> None:
    ada = world.person("1")
    await ada.says("/about")
    assert "No model has answered" in await ada.last_words()
    await world.broker.announce(LLAMA)
    await ada.says("/about")
    words = await ada.last_words()
    assert "meta-llama/Llama-4-Maverick-17B-128E (fp8)" in words
    assert "I am Whimbrel, an AI." in words
    assert "Built with Llama" in words
    assert "demonstration" not in words


async def test_about_says_that_the_shipped_model_demonstrates(world: World) -> None:
    ada = world.person("1")
    await world.broker.announce(SMALL)
    await ada.says("/about")
    words = await ada.last_words()
    assert "fledgling (float32)" in words
    assert "demonstration model" in words
    assert "Built with Llama" not in words
    await world.broker.withdraw("w2")
    await world.assistant.sweep.measure()
    await ada.says("/about")
    assert "fledgling" in await ada.last_words(), "the last known model is kept"


@pytest.mark.parametrize(("worker", "place"), [(SMALL, "own machine"), (CLOUD, "another server")])
async def test_privacy_says_where_it_is_computed(
    world: World, worker: WorkerInfo, place: str
) -> None:
    ada = world.person("1")
    await world.broker.announce(worker)
    await ada.says("/privacy")
    words = await ada.last_words()
    assert place in words
    assert worker.model in words
    assert "Who can read it" in words
    assert "How long it is kept" in words
    assert len(words) < 1000, "one screen"


async def test_export_is_a_row_that_is_made_when_sent(world: World) -> None:
    ada = world.person("1")
    await ada.says("/export")
    assert (await ada.notices())[-1].kind is OutboundKind.EXPORT
    for channel in ("plain", "terminal"):
        plain = world.person("1", channel=channel)
        await plain.says("/export")
        assert "http://127.0.0.1:8484" in await plain.last_words()
    web = world.person("9", channel="web")
    await web.says("/export")
    row = (await web.notices())[-1]
    assert (row.kind, row.state) == (OutboundKind.EXPORT, OutboundState.SENT)


async def test_the_zip_holds_everything_of_ones_own_and_nothing_else(world: World) -> None:
    ada, bob = world.person("1"), world.person("2", name="Bob")
    await ada.sends_picture("photo", "What is this?")
    await fetch(world)
    await bob.says("Bob's secret")
    await world.answer("A drawing.")
    content = await build_export(world.database, world.store, (await ada.user()).id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        data = json.loads(archive.read("messages.json"))
        text = archive.read("messages.txt").decode()
        [picture] = [name for name in names if name.startswith("pictures/")]
        assert archive.read(picture).startswith(b"\x89PNG")
    assert data["identities"] == ["telegram:1"]
    assert [message["speaker"] for message in data["messages"]] == ["user", "assistant"]
    assert data["messages"][0]["parts"] == [{"picture": picture}, {"text": "What is this?"}]
    assert "Ada:\n" in text
    assert "A drawing." in text
    assert "Bob" not in text + json.dumps(data)


async def test_delete_asks_first_and_then_deletes_everything(world: World) -> None:
    ada, bob = world.person("1"), world.person("2")
    await ada.sends_picture("photo", "What is this?")
    await fetch(world)
    await world.answer()
    await ada.says("One more")
    [running] = await world.claim()
    await bob.says("Bob's own")
    old = await ada.user()
    await ada.says("/delete")
    row = (await ada.notices())[-1]
    assert [button.action for button in row.buttons] == ["delete:yes", "delete:no"]
    assert len(await ada.messages()) == 3, "nothing is deleted yet"
    await ada.presses("delete:yes")
    assert await ada.last_words() == "Everything of yours is deleted."
    assert await ada.messages() == []
    async with world.database.read() as tx:
        assert await tx.messages.of_user(old.id) == []
        assert running.id in await tx.turns.cancelled([running.id])
    assert world.files() == []
    assert len(await bob.messages()) == 1
    await ada.says("Hello again")
    assert await ada.questions() == ["Hello again"]


async def test_who_deletes_stays_as_welcome_as_before(world: World) -> None:
    ada = world.person("1")
    await ada.says("/start")
    await world.promote(await ada.user())
    await ada.says("/delete")
    await ada.says("/delete YES")
    user = await ada.user()
    assert (user.role, user.access) == (Role.OWNER, Access.ALLOWED)


async def test_delete_can_be_confirmed_by_a_word(world: World) -> None:
    ada = world.person("1", channel="plain")
    await ada.says("Something")
    await ada.says("/delete")
    assert (await ada.notices())[-1].buttons == ()
    await ada.says("/delete ja")
    assert await ada.keys() == ["deleted"]


async def test_an_old_question_to_delete_is_asked_again(world: World) -> None:
    ada = world.person("1")
    await ada.says("Something")
    await ada.presses("delete:yes")
    assert await ada.keys() == ["delete-question"], "nobody had asked"
    world.clock.advance(2 * 3600)
    await ada.says("/delete yes")
    assert await ada.keys() == ["delete-question"] * 2
    assert len(await ada.messages()) == 1
    await ada.presses("delete:no")
    assert await ada.last_words() == "Good, I keep everything as it is."


async def test_a_picture_that_somebody_else_has_too_is_kept(world: World) -> None:
    for number in ("1", "2"):
        await world.person(number).sends_picture("photo", "Mine")
    await fetch(world)
    ada = world.person("1")
    await ada.says("/delete")
    await ada.presses("delete:yes")
    assert len(world.files()) == 1


async def test_a_file_that_is_wanted_again_by_now_is_not_removed(world: World) -> None:
    ada = world.person("1", channel="web")
    stored = await world.pictures.store(PNG)
    await ada.says("Mine", attachments=(InboundAttachment(stored=stored),))
    await Effects(files={stored.sha256}).remove_files(world.database, world.store)
    assert len(world.files()) == 1


async def test_deleting_on_the_web_ends_the_visit(world: World) -> None:
    user = await world.admission.enter(name="Web")
    assert user is not None
    async with world.database.write() as tx:
        token = await tx.web_sessions.add(user.id, lifetime=1000)
    web = world.person(str(user.id), channel="web", chat=str(user.id))
    await web.says("Hello")
    await web.says("/delete")
    await web.presses("delete:yes")
    async with world.database.read() as tx:
        assert await tx.web_sessions.get(token) is None
        assert await tx.users.by_identity("web", str(user.id)) is None


async def test_stale_and_foreign_buttons_change_nothing(world: World) -> None:
    ada, eve = world.person("1"), world.person("2")
    await ada.says("Question")
    [turn] = await ada.turns()
    await eve.says("/start")
    for action in (
        f"stop:{turn.id}",
        f"retry:{turn.id}",
        "show:1",
        "stop:x",
        "stop:" + "9" * 30,
        "nonsense",
        "",
        "stop:-1",
        "show:²",
    ):
        await eve.presses(action)
        assert await eve.last_words() == "That button has had its time. Nothing has changed."
    assert [turn.state for turn in await ada.turns()] == [TurnState.QUEUED]
    await ada.presses(f"stop:{turn.id}")
    assert (await ada.latest()).state is TurnState.CANCELLED
    await ada.presses(f"stop:{turn.id}")
    assert await ada.last_words() == "I am not writing anything right now."


async def test_the_retry_button_works_on_the_latest_turn_only(world: World) -> None:
    ada = world.person("1")
    await ada.says("First")
    [first] = await ada.turns()
    await ada.presses(f"stop:{first.id}")
    await ada.presses(f"retry:{first.id}")
    assert [turn.id for turn in await ada.turns()] == [first.id]
    await world.answer()
    await ada.says("Second")
    await ada.presses(f"retry:{first.id}")
    assert (await ada.keys())[-1] == "button-stale"


async def test_what_may_not_have_arrived_is_sent_once_more(world: World) -> None:
    ada = world.person("1")
    await ada.says("/help")
    [row] = await ada.notices()
    async with world.database.write() as tx:
        await tx.outbound.set_state(row.id, OutboundState.UNCONFIRMED)
    await ada.presses(f"show:{row.id}")
    [row] = await ada.notices()
    assert row.state is OutboundState.PENDING
    await ada.presses(f"show:{row.id}")
    assert (await ada.keys())[-1] == "button-stale"


async def test_an_answer_that_may_not_have_arrived_is_shown_in_new_messages(world: World) -> None:
    ada = world.person("1")
    await ada.says("Question")
    [turn] = await world.answer("Long answer")
    async with world.database.write() as tx:
        first = await tx.outbound.add_part(turn.id, 0, turn.conversation_id)
        second = await tx.outbound.add_part(turn.id, 1, turn.conversation_id)
        await tx.outbound.sent(first.id, "m1")
        await tx.outbound.set_state(second.id, OutboundState.UNCONFIRMED)
        world.clock.advance(60)
        channels = [("telegram", "bot")]
        assert await tx.turns.to_show(owner="bot-2", lease_seconds=9, channels=channels, limit=9)
        assert await tx.turns.mark_shown(turn.id, "bot-2", turn.attempt)
    await ada.presses(f"show:{first.id}")
    async with world.database.read() as tx:
        assert not (await tx.turns.get(turn.id)).shown
        assert await tx.outbound.parts(turn.id) == []
    await ada.presses(f"show:{first.id}")
    assert await ada.keys() == ["button-stale"], "it is being shown"
