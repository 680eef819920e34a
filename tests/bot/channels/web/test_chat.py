"""The calls of the web chat: messages with pictures, what is done to conversations, bad input."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx2

from chat.budgets import BudgetSettings
from chat.messages import Speaker, TextPart
from chat.people import Access, User
from chat.turns import TurnState, WorkerInfo
from handlers.conversations import MessageEntry
from tests.naughty.strings import STRINGS
from tests.naughty.unseen import HALVES
from tests.web.events import html_of, listening, until
from tests.web.house import House, open_house

DEMONSTRATION = WorkerInfo("w1", "tiny", "float32", 512, 2, demonstration=True)


@asynccontextmanager
async def chatting(house: House) -> AsyncIterator[tuple[httpx2.AsyncClient, int, User]]:
    """A browser, the id of an empty conversation, and whose it is."""
    user = await house.add_user("Ada")
    async with house.signed_in(user) as browser:
        yield browser, (await browser.post("/conversations")).json()["conversation"], user


async def say(
    browser: httpx2.AsyncClient, number: int, text: str, **fields: str
) -> httpx2.Response:
    return await browser.post(f"/c/{number}/messages", data={"text": text, **fields})


async def shown(browser: httpx2.AsyncClient, number: int) -> str:
    return (await browser.get(f"/c/{number}", headers={"accept": "text/html"})).text


async def test_what_is_said_is_on_the_page_and_waits_for_its_answer(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        assert (await say(browser, number, "Is <b>this</b> & that fine?")).status_code == 202
        page = await shown(browser, number)
        assert "Is &lt;b&gt;this&lt;/b&gt; &amp; that fine?" in page
        assert 'class="entry assistant live"' in page


async def test_a_repeated_sending_is_one_message(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        for _ in range(3):
            assert (await say(browser, number, "once", id="a" * 32)).status_code == 202
        assert (await shown(browser, number)).count(">once</div>") == 1


async def test_several_pictures_go_with_one_message(house: House, png: bytes) -> None:
    async with chatting(house) as (browser, number, user):
        files = [("pictures", (f"{name}.png", png, "image/png")) for name in "abc"]
        response = await browser.post(f"/c/{number}/messages", data={"text": ""}, files=files)
        assert response.status_code == 202
        assert (await shown(browser, number)).count("<img src=") >= 3
        entry = (await house.book.transcript(user, number))[0]
        assert isinstance(entry, MessageEntry)
        assert len(entry.attachments) == 3


async def test_a_file_that_is_no_picture_is_refused_in_words_and_nothing_is_recorded(
    house: House,
) -> None:
    async with chatting(house) as (browser, number, user):
        files = [("pictures", ("a.png", b"this is text", "image/png"))]
        response = await browser.post(f"/c/{number}/messages", data={"text": "x"}, files=files)
        assert response.status_code == 422
        assert "not a picture" in response.json()["error"]
        assert await house.book.transcript(user, number) == []


async def test_a_picture_that_is_too_large_is_refused_in_words(house: House, png: bytes) -> None:
    async with chatting(house) as (browser, number, _user):
        files = [("pictures", ("a.png", png + bytes(30 * 1024 * 1024), "image/png"))]
        response = await browser.post(f"/c/{number}/messages", data={"text": "x"}, files=files)
        assert response.status_code == 422
        assert "too large" in response.json()["error"]


async def test_more_than_ten_pictures_are_refused_in_words(house: House, png: bytes) -> None:
    async with chatting(house) as (browser, number, _user):
        files = [("pictures", (f"{n}.png", png, "image/png")) for n in range(11)]
        response = await browser.post(f"/c/{number}/messages", data={"text": "x"}, files=files)
        assert response.status_code == 400
        assert "ten pictures" in response.json()["error"]


async def test_far_too_much_at_once_is_refused_in_words(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        files = [("pictures", ("a.png", bytes(100 * 1024 * 1024), "image/png"))]
        response = await browser.post(f"/c/{number}/messages", data={"text": "x"}, files=files)
        assert response.status_code == 413
        assert "too much at once" in response.json()["error"]


async def test_a_hundred_thousand_characters_are_taken(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        assert (await say(browser, number, "äö " * 33_333)).status_code == 202
        assert "äö äö äö" in await shown(browser, number)


async def test_more_than_that_gets_a_sentence(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        assert (await say(browser, number, "x" * 100_001)).status_code == 202
        assert "more than I can read" in await shown(browser, number)
        assert (await say(browser, number, "x" * 2_000_000)).status_code in (400, 413)


async def test_an_empty_message_gets_a_sentence(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        assert (await say(browser, number, " \n")).status_code == 202
        assert "nothing in that message" in await shown(browser, number)


async def test_commands_work(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        await say(browser, number, "/help")
        await say(browser, number, "/nonsense")
        page = await shown(browser, number)
        assert "/privacy" in page
        assert "I do not know /nonsense" in page


async def test_rename_and_delete(house: House) -> None:
    async with chatting(house) as (browser, number, user):
        response = await browser.post(f"/c/{number}/rename", data={"title": "  My\n<b>circle</b> "})
        assert response.json() == {"title": "My <b>circle</b>"}
        assert "My &lt;b&gt;circle&lt;/b&gt;" in await shown(browser, number)
        assert (await browser.post(f"/c/{number}/rename", data={"title": " "})).status_code == 400
        assert (await browser.post(f"/c/{number}/delete")).status_code == 200
        assert (await browser.get(f"/c/{number}")).status_code == 404
        assert await house.book.list(user) == []


async def test_stop_ends_a_waiting_turn_and_retry_asks_again(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        await say(browser, number, "a question")
        assert (await browser.post(f"/c/{number}/stop")).json() == {"stopped": True}
        page = await shown(browser, number)
        assert "Stopped." in page
        assert 'data-do="retry"' in page
        assert (await browser.post(f"/c/{number}/stop")).json() == {"stopped": False}
        assert (await browser.post(f"/c/{number}/retry")).json()["turn"] is not None
        assert 'class="entry assistant live"' in await shown(browser, number)


async def test_the_export_is_a_zip_of_ones_own(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        await say(browser, number, "remember this")
        response = await browser.get("/export")
        assert response.headers["content-disposition"] == (
            'attachment; filename="whimbrel-export.zip"'
        )
        with ZipFile(BytesIO(response.content)) as archive:
            assert any("remember this" in archive.read(n).decode() for n in archive.namelist())
        await say(browser, number, "/export")
        assert 'href="/export"' in await shown(browser, number)


async def test_everything_is_deleted_after_asking_by_buttons(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        await say(browser, number, "a secret")
        await say(browser, number, "/delete")
        assert 'data-press="delete:yes"' in await shown(browser, number)
        response = await browser.post(f"/c/{number}/press", data={"action": "delete:yes"})
        assert response.status_code == 202
        assert (await browser.get("/", headers={"accept": "text/html"})).status_code == 303


async def test_earlier_entries_come_on_demand(house: House) -> None:
    async with chatting(house) as (browser, number, user):
        conversation = await house.book.get(user, number)
        for count in range(104):
            async with house.database.write() as tx:
                turn = await tx.turns.open(conversation.id, state=TurnState.QUEUED, shown=True)
                await tx.messages.add(
                    conversation.id,
                    speaker=Speaker.PERSON,
                    parts=(TextPart(f"said {count}"),),
                    turn_id=turn.id,
                )
                await tx.turns.request_cancel(turn.id)
        page = await shown(browser, number)
        assert ">said 4</div>" in page
        assert ">said 3</div>" not in page
        first = page.split('data-message="')[1].split('"')[0]
        earlier = (await browser.get(f"/c/{number}/earlier?before={first}")).json()["pieces"]
        assert [f">said {n}</div>" in piece["html"] for n, piece in enumerate(earlier)] == [
            True
        ] * 4
        assert (await browser.get(f"/c/{number}/earlier?before=x")).status_code == 400


async def test_the_demonstration_model_is_called_one(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        assert 'id="demonstration" hidden' in await shown(browser, number)
        async with listening(browser, number) as events, asyncio.timeout(30):
            assert (await until(events, "entries")).data["demonstration"] is False
            await house.broker.announce(DEMONSTRATION)
            assert (await until(events, "entries")).data["demonstration"] is True
        page = await shown(browser, number)
        assert 'id="demonstration">Demonstration model: connect a real one.' in page
        assert 'href="/connect"' in page
        assert "ENGINE_URL" in (await browser.get("/connect")).text


async def test_an_open_page_ends_when_its_person_is_blocked(house: House) -> None:
    async with chatting(house) as (browser, number, user), listening(browser, number) as events:
        await until(events, "entries")
        async with house.database.write() as tx:
            await tx.users.set_access(user.id, Access.BLOCKED)
        async with asyncio.timeout(30):
            await until(events, "gone")


async def test_an_open_page_sees_what_another_one_does(house: House) -> None:
    async with (
        chatting(house) as (browser, number, _user),
        listening(browser, number) as events,
        asyncio.timeout(30),
    ):
        first = await until(events, "entries")
        assert first.data["order"] == []
        await say(browser, number, "from the other tab")
        second = await until(events, "entries")
        assert "from the other tab" in html_of(second)
        assert second.data["title"] == "from the other tab"
        await browser.post(f"/c/{number}/rename", data={"title": "renamed"})
        assert (await until(events, "entries")).data["title"] == "renamed"
        await browser.post(f"/c/{number}/delete")
        await until(events, "gone")


async def test_pictures_beyond_the_budget_are_not_looked_at(
    tmp_path: Path, valkey_url: str, png: bytes
) -> None:
    budgets = BudgetSettings("2 pictures/day", "none", "none")
    async with (
        open_house(tmp_path, valkey_url, budgets=budgets) as house,
        chatting(house) as (browser, number, _user),
    ):
        files = [("pictures", (f"{name}.png", png, "image/png")) for name in "ab"]
        await browser.post(f"/c/{number}/messages", data={"text": "these"}, files=files)
        assert (await shown(browser, number)).count('<img src="/media/') == 2
        broken = [("pictures", ("c.png", b"no picture at all", "image/png"))]
        response = await browser.post(
            f"/c/{number}/messages", data={"text": "and this"}, files=broken
        )
        assert response.status_code == 202, "nobody has looked"
        page = await shown(browser, number)
        assert page.count('<img src="/media/') == 2
        assert ">and this</div>" in page
        assert "You can send pictures again in" in page
        assert "I have not looked at it" in page


async def test_naughty_exports_hold_files_of_our_own_names_only(house: House, png: bytes) -> None:
    async with chatting(house) as (browser, number, _user):
        said = "\n".join(text for text in STRINGS if len(text) < 400 and text not in HALVES)
        strange = ("../../a.png", "=cmd|' /C'!A0")
        files = [("pictures", (name, png, "image/png")) for name in strange]
        path = f"/c/{number}/messages"
        assert (await browser.post(path, data={"text": said}, files=files)).status_code == 202
        response = await browser.get("/export")
        with ZipFile(BytesIO(response.content)) as archive:
            names = archive.namelist()
            words = archive.read("messages.txt").decode()
        pictures = [name for name in names if not name.startswith("messages.")]
        assert all(re.fullmatch(r"pictures/[0-9a-f]{64}\.(png|jpg)", each) for each in pictures)
        assert sorted({*names} - {*pictures}) == ["messages.json", "messages.txt"]
        assert "<svg onload=alert(1)>" in words


async def test_bytes_that_are_no_text_are_answered_in_words(house: House) -> None:
    async with chatting(house) as (browser, number, _user):
        for raw in (b"\xff\xfe", b"\xed\xa0\x80", b"half \xf0\x9f", b"\x00", b"\x1b]0;x\x07"):
            body = (
                b'--x\r\ncontent-disposition: form-data; name="text"\r\n\r\n' + raw + b"\r\n--x--"
            )
            sent = await browser.post(
                f"/c/{number}/messages",
                content=body,
                headers={"content-type": "multipart/form-data; boundary=x"},
            )
            assert sent.status_code in (202, 400), (raw, sent.text)
            renamed = await browser.post(
                f"/c/{number}/rename",
                content=b"title=" + raw,
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
            assert renamed.status_code in (200, 400), (raw, renamed.text)
        assert (await browser.get(f"/c/{number}")).status_code == 200
