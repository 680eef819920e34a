"""The bank on the web: pictures of cases are remembered, lists come in and go out."""

from __future__ import annotations

import io

from PIL import Image

from chat.people import Role
from tests.moderation.pictures.drawn import clouds
from tests.web.house import House
from tests.web.routes import Actor, _flag

HASHES = ("0f" * 32, "3c" * 32)


def png_of(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def flagged(house: House, picture: Image.Image) -> tuple[int, int]:
    """Somebody has sent this picture, and it is flagged: the flag and the attachment."""
    member = await house.add_user("Ada")
    async with house.signed_in(member) as browser:
        number = (await browser.post("/conversations")).json()["conversation"]
        files = [("pictures", ("a.png", png_of(picture), "image/png"))]
        await browser.post(f"/c/{number}/messages", data={"text": "look"}, files=files)
    async with house.database.read() as tx:
        messages = await tx.messages.of_user(member.id)
    [picture_id] = [
        part.attachment_id
        for message in messages
        for part in message.parts
        if hasattr(part, "attachment_id")
    ]
    people = {"member": Actor("member", member, picture=picture_id)}
    return await _flag(house, people), picture_id


async def remembered(house: House, role: Role, picture: Image.Image) -> str:
    """What the page of a case says when its picture was remembered."""
    flag, attachment = await flagged(house, picture)
    async with house.signed_in(await house.add_user("Max", role)) as browser:
        page = (await browser.get(f"/dashboard/queue/{flag}")).text
        assert "Remember this picture" in page
        address = f"/dashboard/queue/{flag}/pictures/{attachment}/remember"
        assert address in page
        done = await browser.post(address, data={"category": "child-exploitation"})
        assert done.status_code == 303
        return (await browser.get(done.headers["location"])).text


async def test_a_picture_of_a_case_is_remembered_by_its_hash(house: House) -> None:
    page = await remembered(house, Role.MODERATOR, clouds(1))
    assert "This picture is remembered" in page
    async with house.database.read() as tx:
        [entry] = await tx.known_pictures.newest()
        actions = [each.action for each in await tx.audit.read(None, 10)]
    assert (entry.category, entry.source) == ("child-exploitation", "flag 1")
    assert actions == ["bank.remembered"]


async def test_a_flat_picture_is_refused_in_a_sentence(house: House) -> None:
    page = await remembered(house, Role.MODERATOR, Image.new("RGB", (400, 300), "teal"))
    assert "This picture shows too little" in page
    async with house.database.read() as tx:
        assert await tx.known_pictures.count() == 0


async def test_reviewers_are_not_offered_it(house: House) -> None:
    flag, _ = await flagged(house, clouds(1))
    async with house.signed_in(await house.add_user("Rita", Role.REVIEWER)) as browser:
        page = (await browser.get(f"/dashboard/queue/{flag}")).text
        assert "Remember this picture" not in page
        assert "stays until this is decided, even if its author deletes it" in page
        assert "/dashboard/bank" not in page


async def test_lists_are_added_looked_through_and_taken_along(house: House) -> None:
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        lines = f"{HASHES[0]}\n{'0' * 64}\nkitten\n{HASHES[1]},child-exploitation\n"
        page = (await browser.post("/dashboard/bank", data={"lines": lines, "note": "ours"})).text
        assert "Added 2, known already 0, refused 2." in page
        assert "Line 2: this hash belongs to a picture so flat" in page
        assert "Line 3: this is no PDQ hash" in page
        file = {"file": ("list.csv", f"{HASHES[0]},hate\n".encode(), "text/csv")}
        page = (await browser.post("/dashboard/bank", files=file)).text
        assert "Added 0, known already 1, refused 0." in page
        found = (await browser.get("/dashboard/bank", params={"q": HASHES[1][:6]})).text
        assert HASHES[1] in found
        assert HASHES[0] not in found
        assert "Remove" not in found
        assert "/dashboard/people/" not in found, "who of one's colleagues added it"
        exported = await browser.get("/dashboard/bank/export")
        assert sorted(exported.text.splitlines()) == [
            f"{HASHES[0]},known-picture",
            f"{HASHES[1]},child-exploitation",
        ]
        binary = {"file": ("list.csv", b"\xff\xfe\x00", "text/csv")}
        refused = await browser.post("/dashboard/bank", files=binary)
        assert refused.status_code == 422
        assert "not a text" in refused.text
        nothing = await browser.post("/dashboard/bank", data={"lines": " "})
        assert nothing.status_code == 422
        assert "Nothing was sent." in nothing.text
        wrong = await browser.post(
            "/dashboard/bank", data={"lines": HASHES[0], "category": "kittens"}
        )
        assert wrong.status_code == 422


async def test_admins_take_a_picture_out_again(house: House) -> None:
    async with house.signed_in(await house.add_user("Olga", Role.ADMIN)) as browser:
        await browser.post("/dashboard/bank", data={"lines": HASHES[0]})
        page = (await browser.get("/dashboard/bank")).text
        assert "/dashboard/bank/1/remove" in page
        await browser.post("/dashboard/bank/1/remove")
        assert "No picture is known yet" in (await browser.get("/dashboard/bank")).text
        assert (await browser.post("/dashboard/bank/1/remove")).status_code == 404
    async with house.database.read() as tx:
        actions = [each.action for each in await tx.audit.read(None, 10)]
    assert actions == ["bank.imported", "bank.removed"]
