"""Conversations on the web: closed, asked for, read, and what must go taken out."""

from __future__ import annotations

import re

from chat.people import Role
from tests.web.house import House
from tests.web.test_queue import flagged, press

PAGE = "/dashboard/conversations"


async def test_one_is_opened_with_a_reason_and_read(house: House) -> None:
    moderator, anna = await house.add_user("Max", Role.MODERATOR), await house.add_user("Anna")
    flag = await flagged(house, anna, picture=True)
    one = f"{PAGE}/{flag.conversation_id}"
    async with house.signed_in(moderator) as browser:
        assert one in (await browser.get(PAGE)).text
        closed = (await browser.get(one)).text
        assert "This conversation is closed" in closed
        assert "bad words" not in closed
        refused = await browser.post(f"{one}/open", data={"reason": " "})
        assert (refused.status_code, "Please say why." in refused.text) == (422, True)
        page = (await press(browser, f"{one}/open", reason="threats were reported")).text
        assert "&lt;script&gt;bad words" in page
        address = re.search(rf"{one}/pictures/\d+", page)
        assert address
        picture = await browser.get(address[0])
        assert picture.headers["content-type"] == "image/png"
        assert "bad words" in (await browser.get(f"{one}?find=BAD")).text
        assert "Nothing was found." in (await browser.get(f"{one}?find=cat")).text
    other = await house.add_user("Mia", Role.MODERATOR)
    async with house.signed_in(other) as browser:
        assert "bad words" not in (await browser.get(one)).text
        response = await browser.get(address[0])
        assert response.status_code == 422


async def test_a_message_is_taken_out_and_that_is_undone(house: House) -> None:
    moderator, anna = await house.add_user("Max", Role.MODERATOR), await house.add_user("Anna")
    flag = await flagged(house, anna)
    one = f"{PAGE}/{flag.conversation_id}"
    async with house.signed_in(moderator) as browser:
        await press(browser, f"{one}/open", reason="look")
        page = await press(
            browser, f"{one}/redact", message=str(flag.message_id), reason="an address"
        )
        undo = re.search(r"/dashboard/decisions/(\d+)/undo", page.text)
        assert undo
        back = await browser.post(undo[0], data={"conversation": str(flag.conversation_id)})
        assert back.headers["location"] == one


async def test_two_agree_before_anything_is_read_or_deleted(house: House) -> None:
    adam, eve = await house.add_user("Adam", Role.ADMIN), await house.add_user("Eve", Role.ADMIN)
    anna = await house.add_user("Anna")
    conversation = await house.book.new(anna)
    one = f"{PAGE}/{conversation.id}"
    async with house.signed_in(adam) as his, house.signed_in(eve) as hers:
        page = (await press(his, f"{one}/reveal", reason="a court asks")).text
        assert "Reading a conversation" in page
        await press(his, f"/dashboard/people/{anna.id}/data", what="delete", reason="she wrote")
        page = (await his.get(f"/dashboard/people/{anna.id}")).text
        assert "Deleting everything" in page
        assert "waits for a second person" in page
        assert "Reading a conversation" not in (await his.get("/dashboard/queue")).text
        queue = (await hers.get("/dashboard/queue")).text
        assert "Reading a conversation" in queue
        assert "Deleting everything" in queue
        taken = await hers.get(f"/dashboard/people/{anna.id}/export")
        assert taken.status_code == 422
        nothing = await hers.get(f"/dashboard/people/{anna.id}/deletion")
        assert nothing.status_code == 404
        odd = await his.post(f"/dashboard/people/{anna.id}/data", data={"what": "mute"})
        assert odd.status_code == 400


async def test_who_there_is_not_has_no_conversations(house: House) -> None:
    moderator = await house.add_user("Max", Role.MODERATOR)
    async with house.signed_in(moderator) as browser:
        for person in ("999999", "x", "9" * 30):
            page = (await browser.get(f"{PAGE}?person={person}")).text
            assert "There are none." in page
        assert (await browser.get(f"{PAGE}/999999")).status_code == 404
