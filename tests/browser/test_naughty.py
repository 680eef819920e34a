"""Naughty strings through every field that a person or the model can fill, in a real browser."""

from __future__ import annotations

import random
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import FilePayload, Page, expect

from chat.people import Role, Sender, User
from chat.persona import Persona
from chat.turns import WorkerInfo
from handlers.cleaning import clean, clean_name, printable
from tests.browser.chromium import find_chromium, launched
from tests.browser.walk import Problems, walk
from tests.browser.witness import Outside, Witness
from tests.fakes.openai_endpoint import OpenAIEndpoint, Reply, Ways
from tests.naughty.markup import HTML, MARKUP
from tests.naughty.strings import STRINGS
from tests.naughty.unseen import HALVES
from tests.web.house import House, open_house
from tests.web.inspector import ALLOWED_TAGS, inspect
from web.cookies import SESSION
from web.markdown import render_markdown

pytestmark = pytest.mark.timeout(600)

TYPED = [text for text in STRINGS if text not in HALVES]  # what a keyboard can bring about
SHORT = [text for text in TYPED if len(text) <= 3_000]
LONG = [text for text in TYPED if len(text) > 3_000]
FILES = [text for text in MARKUP if "/" not in text and len(text) < 80][:10]
ASKING = "<img src=x onerror=alert(1)> [a](https://outside.example)"
VISIBLE = re.compile(r"[^ -~]+")  # the other signs, which a header cannot hold
OUR_NAME = re.compile(r'attachment; filename="[a-z0-9-]+-export\.zip"')
NAME = 2_400  # characters; texts take no longer argument
STILL_HERE = "Still here and well."


@dataclass
class Model:
    """Says `text` in pieces of a few characters, cut where a seeded die falls."""

    text: str = STILL_HERE
    largest: int = 9

    async def answer(self, request: dict[str, Any]) -> Reply:
        pieces, at, die = [], 0, random.Random(len(self.text))
        while at < len(self.text):
            size = die.randint(1, self.largest)
            pieces.append(self.text[at : at + size])
            at += size
        return Reply(pieces, prompt_tokens=20, completion_tokens=len(pieces))


@dataclass(slots=True)
class Stage:
    """A running web chat, a model that says what it is told to, and a browser that is watched."""

    house: House
    model: Model
    ways: Ways
    witness: Witness
    outside: Outside

    async def signed_in(self, user: User) -> Page:
        """A page of this user; by its cookie, since an address has few tries at links."""
        async with self.house.database.write() as tx:
            token = await tx.web_sessions.add(user.id, lifetime=3_600)
        page = await self.witness.page()
        await page.context.add_cookies(
            [{"name": SESSION, "value": token, "url": self.house.url, "httpOnly": True}]
        )
        await page.goto(f"{self.house.url}/")
        return page

    async def owner(self) -> tuple[User, Page]:
        """The owner and their page."""
        user = await self.house.add_user("Ada", Role.OWNER)
        return user, await self.signed_in(user)

    async def still_works(self, page: Page) -> None:
        """A person can go on: write, send and be answered; nothing else has happened meanwhile."""
        self.model.text, self.ways.words_per_second, self.ways.status = STILL_HERE, 0, 200
        await page.goto(f"{self.house.url}/")
        await say(page, "Are you still there?")
        await expect(page.locator(".assistant:not(.live) .text")).to_have_text(STILL_HERE)
        assert await page.title() == "Whimbrel"
        assert await self.witness.audit(page) == []


@asynccontextmanager
async def staged(folder: Path, valkey_url: str, *, persona: Persona) -> AsyncIterator[Stage]:
    find_chromium()
    model, ways, outside = Model(), Ways(window=1_000_000), Outside()
    async with AsyncExitStack() as stack:
        endpoint = await stack.enter_async_context(OpenAIEndpoint(model, ways))
        await stack.enter_async_context(outside.open())
        house = await stack.enter_async_context(open_house(folder, valkey_url, persona=persona))
        await stack.enter_async_context(house.worker(endpoint.url))
        browser = await stack.enter_async_context(launched(*outside.flags))
        stage = Stage(
            house, model, ways, Witness(browser, house.url, sorted(ALLOWED_TAGS)), outside
        )
        yield stage
        assert stage.witness.troubles == []
        assert stage.outside.asked == []
        assert stage.witness.violations == 0


@pytest.fixture
async def stage(tmp_path: Path, valkey_url: str) -> AsyncIterator[Stage]:
    """Fails when anything was fetched from outside or broke the policy."""
    async with staged(tmp_path, valkey_url, persona=Persona()) as stage:
        yield stage


async def say(page: Page, text: str) -> None:
    """Write and send. The field is set at once: typing a long text takes browsers minutes."""
    box = page.get_by_role("textbox", name="Write a message")
    await box.evaluate(
        """(box, text) => {
            box.value = text;
            box.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }""",
        text,
    )
    await box.press("Enter")


def words(text: str | None) -> list[str]:
    """A text as far as blanks do not matter."""
    return (text or "").split()


def bare(text: str) -> str:
    """A text without blanks and control characters."""
    return "".join(words(printable(text)))


async def answers(page: Page) -> list[str]:
    """The words of every answer, without our own buttons in them."""
    texts: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll(".assistant:not(.live) .text")].map((each) => {
            const copy = each.cloneNode(true);
            copy.querySelectorAll(".code > button").forEach((button) => button.remove());
            return copy.textContent;
        })"""
    )
    return texts


async def test_what_is_said_and_answered(stage: Stage) -> None:
    _, page = await stage.owner()
    before = await stage.witness.state(page)

    async def exchange(batch: Sequence[str]) -> Problems:
        said, stage.model.text = "\n".join(batch), "\n\n".join(batch)
        stage.model.largest = max(9, len(stage.model.text) // 200)
        stage.ways.words_per_second = 300  # for about a second or two
        await page.goto(f"{stage.house.url}/")
        await say(page, said)
        await expect(page.locator(".assistant:not(.live)")).to_have_count(1)
        problems = await stage.witness.audit(page)
        await page.reload()
        problems += await stage.witness.audit(page)
        if problems:
            return problems
        if words(await page.locator(".person .text").text_content()) != words(clean(said)):
            problems.append("what was said is not what is shown")
        wanted = inspect(render_markdown(stage.model.text))
        if words((await answers(page))[0]) != words(wanted):
            problems.append("what was answered is not what is shown")
        return problems

    count = await walk("said and answered", exchange, SHORT, size=60)
    count += await walk("said and answered", exchange, LONG, size=1)
    assert count == len(TYPED)
    after = await stage.witness.state(page)
    assert after[:2] == before[:2]
    await stage.still_works(page)


def packed(strings: Sequence[str], most: int) -> list[str]:
    """Names of at most so many characters that hold as much of each string as fits."""
    names: list[str] = []
    for text in dict.fromkeys(clean_name(text, longest=most) for text in strings):
        if names and len(names[-1]) + 1 + len(text) <= most:
            names[-1] = f"{names[-1]} {text}".strip()
        else:
            names.append(text)
    return [name for name in (clean_name(name, longest=most) for name in names) if name]


async def test_titles(stage: Stage) -> None:
    owner, page = await stage.owner()

    async def in_the_list(batch: Sequence[str]) -> Problems:
        for title in batch:
            conversation = await stage.house.book.new(owner)
            await stage.house.book.rename(owner, conversation.id, title)
        await page.goto(f"{stage.house.url}/c/{conversation.id}")
        shown = await page.locator("#conversations a").all_text_contents()
        problems = await stage.witness.audit(page)
        if shown[: len(batch)] != [*reversed(batch)]:
            problems.append(f"the list shows {shown[:3]}")
        if (heading := await page.locator("#title").text_content()) != batch[-1]:
            problems.append(f"the heading shows {heading}")
        return problems

    async def by_hand(batch: Sequence[str]) -> Problems:
        [title] = batch
        await page.get_by_role("button", name="Rename").click()
        await page.locator("#new-title").fill(title)
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator("#title")).to_have_text(clean_name(title, longest=120))
        return await stage.witness.audit(page)

    titles = packed(TYPED, 120)
    await walk("titles", in_the_list, titles, size=90)
    await walk("titles by hand", by_hand, titles[::40], size=1)
    await stage.still_works(page)


async def test_names_of_files(stage: Stage, png: bytes) -> None:
    _, page = await stage.owner()

    async def dropped(batch: Sequence[str]) -> Problems:
        shown = await page.evaluate(
            """async ([names, content]) => {
                const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
                const data = new DataTransfer();
                const type = "image/png";
                for (const name of names) data.items.add(new File([bytes], name, { type }));
                document.body.dispatchEvent(
                    new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
                await Promise.allSettled(
                    [...document.querySelectorAll("#previews img")].map((each) => each.decode()));
                return [...document.querySelectorAll("#previews li")].map((each) => [
                    each.querySelector("img").alt, each.querySelector("button").ariaLabel]);
            }""",
            [list(batch), b64encode(png).decode()],
        )
        problems = await stage.witness.audit(page)
        for name, (alt, label) in zip(batch, shown, strict=True):
            if (alt, label) != (name, f"Remove this picture: {name}"):
                problems.append(f"shown as {alt!r}, {label!r}")
        await page.locator("#previews").evaluate(
            "(list) => list.querySelectorAll('button').forEach((each) => each.click())"
        )
        await expect(page.locator("#previews img")).to_have_count(0)
        return problems

    names = [text.replace("\0", "") for text in SHORT]
    await walk("names of files", dropped, names, size=10)
    files = [FilePayload(name=name, mimeType="image/png", buffer=png) for name in FILES]
    await page.locator("#files").set_input_files(files)
    await say(page, "What is in these?")
    await expect(page.locator(".person img")).to_have_count(len(FILES))
    await expect(page.locator(".assistant:not(.live) .text")).to_have_text(STILL_HERE)
    await stage.still_works(page)


async def test_names_of_strangers(stage: Stage) -> None:
    """What the owner sees of them, in the dashboard and in notices."""
    owner, page = await stage.owner()
    names = packed(STRINGS, 60)
    admission = stage.house.admission

    async def on_the_board(batch: Sequence[str]) -> Problems:
        for name in batch:
            await admission.ask(name=name)
        await page.goto(f"{stage.house.url}/dashboard")
        shown = await page.locator(".strangers .name").all_text_contents()
        problems = await stage.witness.audit(page)
        if shown != [name or "?" for name in batch]:
            problems.append(f"the board shows {shown[:3]}")
        for stranger in await admission.waiting():
            await admission.decline(owner, stranger.id)
        return problems

    async def in_notices(batch: Sequence[str]) -> Problems:
        conversation = await stage.house.book.new(owner)
        await page.goto(f"{stage.house.url}/c/{conversation.id}")
        await say(page, "/help")  # where the owner was seen last
        await expect(page.locator(".notice")).to_have_count(1)
        for name in batch:
            await admission.ask(name=name)
        await expect(page.locator(".notice")).to_have_count(1 + len(batch))
        problems = await stage.witness.audit(page)
        if await page.locator(".notice .text :is(a, img, em, strong, code)").count():
            problems.append("a name is more than words")
        for stranger in await admission.waiting():
            await admission.decline(owner, stranger.id)
        return problems

    await walk("names on the board", on_the_board, names, size=400)
    await walk("names in notices", in_notices, names, size=20)

    asking = await stage.witness.page()
    await asking.goto(f"{stage.house.url}/welcome")
    await asking.get_by_role("textbox").fill(ASKING)
    await asking.get_by_role("button").click()
    await page.goto(f"{stage.house.url}/dashboard")
    await expect(page.locator(".strangers .name")).to_have_text(ASKING)
    await page.get_by_role("button", name="Let them in").click()
    await expect(page.locator(".strangers .name")).to_have_count(0)
    assert await stage.witness.audit(asking) == []
    await stage.still_works(page)


async def test_ones_own_name(stage: Stage) -> None:
    user, page = await stage.owner()

    async def named(batch: Sequence[str]) -> Problems:
        name = " ".join(batch)
        async with stage.house.database.write() as tx:
            await tx.users.ensure("web", Sender(str(user.id), name=name))
        await page.goto(f"{stage.house.url}/")
        greeting = await page.locator("#hello").text_content()
        problems = await stage.witness.audit(page)
        await page.goto(f"{stage.house.url}/pair/x")
        again = await page.locator(".quiet").text_content()
        problems += await stage.witness.audit(page)
        if name not in (greeting or "") or name not in (again or ""):
            problems.append(f"shown as {greeting} and {again}")
        return problems

    await walk("one's own name", named, packed(SHORT, NAME), size=1)
    await stage.still_works(page)


async def test_the_assistants_and_the_models_names(tmp_path: Path, valkey_url: str) -> None:
    """From the settings and from the endpoint, all of them at once: pages, board and files."""
    strings = [" ".join(words(text.replace("\0", ""))) for text in SHORT]
    name = " ".join(strings)
    async with staged(tmp_path, valkey_url, persona=Persona(assistant_name=name)) as stage:
        _, page = await stage.owner()
        for number, text in enumerate(strings):
            await stage.house.broker.announce(WorkerInfo(f"x{number:04}", text, text[:9], 9, 1))
        await page.goto(f"{stage.house.url}/dashboard")
        shown = map(words, await page.locator(".workers strong").all_text_contents())
        assert [each for each in shown if each != ["tiny"]] == [*map(words, strings)]
        assert await _everywhere(stage, page, name) == []


async def test_the_assistants_name_in_sentences(tmp_path: Path, valkey_url: str) -> None:
    async def named(batch: Sequence[str]) -> Problems:
        [name] = batch
        (folder := tmp_path / str(hash(name))).mkdir(exist_ok=True)
        async with staged(folder, valkey_url, persona=Persona(assistant_name=name)) as stage:
            _, page = await stage.owner()
            await page.goto(f"{stage.house.url}/welcome")
            problems = [] if words(name) == words(await page.title()) else [await page.title()]
            return problems + await _everywhere(stage, page, name)

    await walk("the assistant's name", named, packed(HTML, NAME), size=1)


async def _everywhere(stage: Stage, page: Page, name: str) -> Problems:
    """Where the name of the assistant is shown."""
    problems = []
    for command in ("/about", "/help"):
        await page.goto(f"{stage.house.url}/")
        await say(page, command)
        await expect(page.locator(".notice")).to_have_count(1)
        problems += await stage.witness.audit(page)
    stage.witness.expected = ["404"]
    for path in ("/welcome", "/connect", "/pair/x", "/nowhere"):
        await page.goto(f"{stage.house.url}{path}")
        problems += await stage.witness.audit(page)
    # Browsers show control characters in a title as blanks, or not at all.
    if bare(await page.title()) != bare(name):
        problems.append("the title is another name")
    manifest = await page.request.get(f"{stage.house.url}/manifest.webmanifest")
    if (await manifest.json())["name"] != name:
        problems.append("the manifest has another name")
    export = await page.request.get(f"{stage.house.url}/export")
    if not OUR_NAME.fullmatch(export.headers["content-disposition"]):
        problems.append(export.headers["content-disposition"][:99])
    return problems


async def test_what_an_endpoint_complains_of(stage: Stage) -> None:
    _, page = await stage.owner()

    async def refused(batch: Sequence[str]) -> Problems:
        stage.ways.status, stage.ways.refusal = 400, "\n".join(batch)
        await page.goto(f"{stage.house.url}/")
        await say(page, "Hello?")
        await expect(page.locator(".notice.failed, .notice.refused")).to_have_count(1)
        return await stage.witness.audit(page)

    await walk("refusals of an endpoint", refused, SHORT, size=300)
    await stage.still_works(page)


async def test_commands_that_nobody_knows(stage: Stage) -> None:
    _, page = await stage.owner()

    async def commanded(batch: Sequence[str]) -> Problems:
        await page.goto(f"{stage.house.url}/")
        for number, text in enumerate(batch, 1):
            await say(page, f"/nonsense_{number} {text}")
            await expect(page.locator(".notice")).to_have_count(number)
        return await stage.witness.audit(page)

    await walk("commands", commanded, SHORT[::25], size=20)
    await stage.still_works(page)


async def test_addresses_and_headers(stage: Stage) -> None:
    """Paths, queries and fragments, and what a browser says of itself."""
    _, page = await stage.owner()
    stage.witness.expected = ["404", "403", "400", "405"]

    async def in_paths(batch: Sequence[str]) -> Problems:
        text = quote("\n".join(batch), safe="")
        problems = []
        for path in (f"/pair/{text}", f"/{text}", f"/welcome?next={text}&error={text}#{text}"):
            await page.goto(f"{stage.house.url}{path}")
            problems += await stage.witness.audit(page)
        found = await page.request.get(f"{stage.house.url}/c/1/earlier?before={text}")
        if found.headers["content-type"] != "application/json" and found.status < 400:
            problems.append(f"answered {found.status}")
        return problems

    async def in_headers(batch: Sequence[str]) -> Problems:
        text = VISIBLE.sub(" ", " ".join(batch)).strip()
        names = ("accept-language", "user-agent", "x-forwarded-host", "x-requested-with")
        await page.context.set_extra_http_headers(dict.fromkeys(names, text))
        problems = []
        for path in ("/", "/nowhere", "/pair/x", "/dashboard"):
            await page.goto(f"{stage.house.url}{path}")
            problems += await stage.witness.audit(page)
        await page.context.set_extra_http_headers({})
        return problems

    fitting = [text for text in SHORT if len(text) < 900]  # servers take 64 KiB of headers
    await walk("paths and queries", in_paths, fitting, size=40)
    await walk("headers", in_headers, fitting, size=100)
    await stage.still_works(page)
