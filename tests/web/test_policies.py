"""The policy on the web: read, changed, compared, published, and what is told of a mistake."""

from __future__ import annotations

import re

from chat.people import Role
from moderation.policy.live import LivePolicy
from tests.web.house import House

OURS = "name: Ours\nrules:\n  - {when: hate, then: refuse}  # <b>bold</b>\n"


async def test_a_new_version_is_compared_and_then_published(house: House) -> None:
    admin = await house.add_user("Olga", Role.ADMIN)
    async with house.signed_in(admin) as browser:
        page = (await browser.get("/dashboard/policies")).text
        assert "name: Mild" in page
        assert "in force" in page
        kept = await browser.post("/dashboard/policies", data={"text": OURS, "note": "stricter"})
        assert kept.headers["location"] == "/dashboard/policies/1"
        page = (await browser.get("/dashboard/policies/1")).text
        assert "+ name: Ours" in page
        assert "- name: Mild" in page
        assert "&lt;b&gt;bold" in page
        assert "stricter" in page
        assert (await LivePolicy(house.database).get()).name == "Mild"
        publish = re.search(r"/dashboard/policies/1/publish", page)
        assert publish
        await browser.post(publish[0])
        assert "What would change" not in (await browser.get("/dashboard/policies")).text
    live = await LivePolicy(house.database).get()
    assert (live.name, live.number) == ("Ours", 1)
    async with house.database.read() as tx:
        actions = [entry.action for entry in await tx.audit.read(None, 10)]
    assert actions == ["policy.drafted", "policy.published"]


async def test_a_mistake_comes_back_with_its_place_and_nothing_is_kept(house: House) -> None:
    async with house.signed_in(await house.add_user("Olga", Role.OWNER)) as browser:
        for text, told in (
            ("name: x\nrules:\n  - {when: hate, then: smile}", "rules[0].then: `smile`"),
            ("name: x\nwords: [{category: hate, patterns: ['(']}]", "missing )"),
        ):
            response = await browser.post("/dashboard/policies", data={"text": text})
            assert response.status_code == 422
            assert told in response.text
            assert "hate" in response.text, "what was written is not lost"
    async with house.database.read() as tx:
        assert await tx.policies.list() == []


async def test_moderators_read_and_change_nothing(house: House) -> None:
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        page = (await browser.get("/dashboard/policies")).text
        assert "name: Mild" in page
        assert "<textarea" not in page


async def test_a_version_is_tried_before_it_is_published(house: House) -> None:
    ada, admin = await house.add_user("Ada"), await house.add_user("Olga", Role.ADMIN)
    async with house.signed_in(ada) as browser:
        number = (await browser.post("/conversations")).json()["conversation"]
        await browser.post(f"/c/{number}/messages", data={"text": "where is the moonshine"})
    ours = "name: Ours\ncategories: {secrets: {en: Secrets}}\n"
    ours += "rules: [{when: secrets, then: refuse}]\n"
    ours += "words: [{category: secrets, phrases: {en: [moonshine]}}]\n"
    async with house.signed_in(admin) as browser:
        await browser.post("/dashboard/policies", data={"text": ours})
        begun = await browser.post("/dashboard/policies/1/try")
        assert begun.headers["location"] == "/dashboard/policies/1#trial-heading"
        page = (await browser.get("/dashboard/policies/1")).text
        for told in ("One message was looked at", "let through", "one message of one person"):
            assert told in page
        assert "secrets · words 1.0" in page
        assert "where is the" not in page
        assert "<progress" not in (await browser.get("/dashboard/policies/1/trial")).text
    async with house.signed_in(await house.add_user("Max", Role.MODERATOR)) as browser:
        page = (await browser.get("/dashboard/policies/1")).text
        assert "Try it on" not in page
        assert "one message of one person" in page
