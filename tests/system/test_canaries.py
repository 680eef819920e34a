"""Planted secrets and private words come out nowhere, whatever goes wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from zipfile import ZipFile

import httpx2
import psutil
import pytest

from tests.fakes.proxy import TcpProxy
from tests.fakes.telegram import Person, Shown
from tests.handlers.pictures import drawing, encoded
from tests.postgres import running_postgres, wanted_programs
from tests.system.stand import Stand, Up, asks, browser, ends, stand
from tests.waiting import eventually
from tests.web.house import csrf, pair

pytestmark = pytest.mark.timeout(300)

ENGINE_KEY = "planted-key-of-the-engine"
DATABASE_PASSWORD = "planted word/of%the database"
PASSWORD = "planted dunlin knot sanderling"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
WEBHOOK_SECRET = "planted-secret_of-the-webhook"
PICTURE = encoded(drawing(size=(64, 48)), "PNG")


def private(name: str) -> dict[str, str]:
    """What one person gives away, by where they do."""
    return {
        "in words": f"I am {name}, 0171 55501{len(name)}3, Lerchenweg {name}17, {name}@example.org",
        "in a caption": f"My street is Drosselgasse {name}8",
        "in a file name": f"passport-{name}-C01X0006.png",
    }


def canaries(name: str) -> set[str]:
    """The pieces of it that are told from everything else."""
    return {
        f"55501{len(name)}3",
        f"Lerchenweg {name}17",
        f"{name}@example.org",
        f"Drosselgasse {name}8",
        f"passport-{name}",
    }


@dataclass
class Planted:
    """What must not come out, by what it is, and what was looked at."""

    secrets: dict[str, str] = field(default_factory=dict)
    looked_at: dict[str, str] = field(default_factory=dict)

    def saw(self, where: str, text: str) -> None:
        """Keep a text that somebody could read."""
        self.looked_at[where] = self.looked_at.get(where, "") + "\n" + text

    def found(self, words: dict[str, str]) -> list[str]:
        """Which of these stand where, in any letters."""
        return [
            f"{what} in {where}: {line.strip()[:400]}"
            for where, text in self.looked_at.items()
            for what, word in words.items()
            for line in text.splitlines()
            if word.lower() in line.lower()
        ]


def command_lines(up: Up) -> str:
    """What `ps` shows of our processes."""
    found = []
    for process in [psutil.Process(up.running.process.pid), *up.parts()]:
        with suppress(psutil.NoSuchProcess):
            found.append(" ".join(process.cmdline()))
    return "\n".join(found)


@pytest.fixture
def database() -> Iterator[tuple[str, Path]]:
    """A PostgreSQL that asks for a password: its URL, and the folder of its socket and log."""
    with running_postgres(wanted_programs(), password=DATABASE_PASSWORD) as url:
        yield url, Path(url.rpartition("?host=")[2])


async def telegram_misbehaves(around: Stand, person: Person) -> None:
    """Refusals, cuts and nonsense while somebody is answered; each really happens."""
    faults, world = around.telegram.faults, around.telegram.world
    for number, code in enumerate((401, 404, 409, 500)):
        faults.answers("sendMessage", code, f"planted trouble {code}")
        await answered(person, f"refused {number}", seconds=30)
    for method in ("getFile", "file", "getUpdates"):
        faults.drops(method)
    person.sends_photo(PICTURE, "cut off")
    await ends(person.chat, "I heard: cut off.", seconds=30)
    for code in (409, 500):
        faults.answers("getUpdates", code, "planted trouble")
    faults.answers_garbage("getUpdates")
    await answered(person, "polls that fail", seconds=30)
    await around.telegram.goes_offline()
    await around.telegram.comes_back()
    await answered(person, "back again", seconds=30)
    assert len(world.calls_of("sendMessage")) > 6


async def answered(person: Person, words: str, *, seconds: float = 30) -> None:
    """Ask, and wait for the answer; a question that failed before may have joined this one."""
    person.says(words)
    await ends(person.chat, f"{words}.", seconds=seconds)


async def engine_misbehaves(around: Stand, up: Up, person: Person) -> None:
    """It refuses and repeats the key and the prompt in what it says."""
    words = private(str(person.user["first_name"]))["in words"]
    around.ways.echoes = True
    before = len(around.endpoint.requests)
    async with around.refused("no", status=400):
        person.says(f"{words} and 400")
        await until_logged(up, "the endpoint answered 400")
    around.ways.api_key = "another"
    person.says(f"{words} and 401")
    await until_logged(up, "the endpoint answered 401")
    around.ways.api_key = ENGINE_KEY
    async with around.refused("no", status=500):
        person.says(f"{words} and 500")
        await until_logged(up, "the endpoint answered 500")
    around.ways.echoes = False
    await ends(person.chat, "and 500", seconds=60)
    assert len(around.endpoint.requests) >= before + 2


async def until_logged(up: Up, words: str) -> None:
    async def said() -> bool:
        return words in up.log

    await eventually(said, seconds=30)


async def stores_go_away(around: Stand, up: Up, proxy: TcpProxy, person: Person) -> None:
    """The database and then the broker are gone for a while, in the middle of questions."""
    async with around.slowly(20):
        person.says("without a database at length")
        await person.chat.shows("word1 ")
        proxy.goes_down()
        async with browser(around.url) as client:
            for path in ("/", "/welcome", "/healthz", "/readyz"):
                await client.get(path)
            assert (await client.get("/healthz")).status_code == 503
        proxy.comes_back()
    await ends(person.chat, "the end.", seconds=60)
    await up.kills("valkey-server")
    await answered(person, "without a broker", seconds=60)


async def heard(around: Stand, words: str) -> None:
    """Wait until these words have reached the model."""

    async def reached() -> bool:
        return bool(around.listener.prompts(words))

    await eventually(reached, seconds=30)


async def enters_by_code(client: httpx2.AsyncClient, code: str) -> None:
    response = await pair(client, code)
    assert response.headers["location"] == "/", response.text
    client.headers["x-csrf-token"] = await csrf(client, "/")


PAGES = ("/", "/account", "/connect", "/dashboard", "/dashboard/now", "/dashboard/live", "/welcome",
         "/sign-in", "/offline", "/healthz", "/readyz", "/metrics", "/manifest.webmanifest",
         "/service-worker.js", "/no-such-page", "/c/1", "/c/999999", "/media/999999",
         "/pair/planted-wrong-code")  # fmt: skip


async def walks_the_pages(planted: Planted, client: httpx2.AsyncClient, who: str) -> None:
    """Every page as this browser sees it."""
    for path in PAGES:
        response = await client.get(path)
        planted.saw(f"page {path} of {who}", f"{response.headers}\n{response.text}")


async def web_goes_wrong(planted: Planted, around: Stand, code: str) -> None:
    """Somebody comes by a link, sets a password, mistypes it elsewhere; forged and broken calls."""
    async with browser(around.url) as first, browser(around.url) as second:
        await enters_by_code(first, code)
        data = {"name": "wanda", "password": PASSWORD}
        assert (await first.post("/account/password", data=data)).status_code == 303
        first.headers["x-csrf-token"] = await csrf(first, "/")
        planted.secrets["the first browser's session"] = dict(first.cookies)["whimbrel"]
        token = await csrf(second, "/sign-in")
        for word in (f"{PASSWORD} mistyped", PASSWORD):
            form = {"csrf": token, "name": "wanda", "password": word}
            response = await second.post("/sign-in", data=form)
            planted.saw("the page after signing in", response.text)
        assert response.headers["location"] == "/"
        planted.secrets["the second browser's session"] = dict(second.cookies)["whimbrel"]
        forged = await first.post("/conversations", headers={"x-csrf-token": "planted-forged"})
        assert forged.status_code == 403
        planted.saw("a refused change", forged.text)
        number = (await first.post("/conversations")).json()["conversation"]
        for words in private("Wanda").values():
            response = await first.post(f"/c/{number}/messages", data={"text": words})
            assert response.status_code == 202, response.text
            await heard(around, words)
        broken = {"pictures": (private("Wanda")["in a file name"], b"no picture", "image/png")}
        response = await first.post(f"/c/{number}/messages", data={"text": "x"}, files=broken)
        planted.saw("a broken picture", response.text)
        await first.post(f"/c/{number}/press", data={"action": "planted:button"})
        exported = (await first.get("/export")).content
        assert_is_only_theirs(planted, exported, "Wanda", "Anna")
        await walks_the_pages(planted, second, "Wanda")
        async with browser(around.url) as stranger:
            await walks_the_pages(planted, stranger, "a stranger")


def assert_is_only_theirs(planted: Planted, exported: bytes, name: str, other: str) -> None:
    """An export holds what its owner said, nothing of anybody else, and no secret."""
    with ZipFile(BytesIO(exported)) as archive:
        text = "\n".join(
            archive.read(each).decode("utf-8", "replace") for each in archive.namelist()
        )
        text += "\n".join(archive.namelist())
    assert f"Lerchenweg {name}17" in text
    assert f"Drosselgasse {name}8" in text
    assert not [word for word in canaries(other) if word in text]
    assert not [what for what, word in planted.secrets.items() if word in text]


async def test_nothing_planted_comes_out(database: tuple[str, Path]) -> None:
    url, folder = database
    user = urlsplit(url).username
    planted = Planted()
    async with TcpProxy(f"{folder}/.s.PGSQL.5432") as proxy:
        where = f"{user}:{quote(DATABASE_PASSWORD, safe='')}@127.0.0.1:{proxy.port}/postgres"
        async with stand(
            LOG_LEVEL="debug", ENGINE_API_KEY=ENGINE_KEY, DATABASE_URL=f"postgresql://{where}"
        ) as around:
            around.ways.api_key = ENGINE_KEY
            async with around.up() as up:
                await everything_happens(planted, around, up, proxy)
            planted.saw("the log", without_banner(up))
            for path in around.home.path.rglob("*.log"):
                planted.saw(path.name, path.read_text("utf-8", "replace"))
        planted.saw("PostgreSQL's log", (folder / "log").read_text("utf-8", "replace"))
    assert {"valkey.log", "PostgreSQL's log", "whimbrel check", "command lines"} <= set(
        planted.looked_at
    )
    assert planted.found(planted.secrets) == []
    own = {"Anna": "what Anna was told", "Wanda": "of Wanda"}
    for name, places in own.items():
        words = {f"{name}'s {word}": word for word in canaries(name)}
        found = [each for each in planted.found(words) if places not in each]
        assert found == []


def without_banner(up: Up) -> str:
    """The log without the two lines that hand over the owner's link, on purpose."""
    lines = up.log.splitlines()
    banner = [line for line in lines if up.owner_code in line]
    assert len(banner) == 2
    return "\n".join(line for line in lines if line not in banner)


async def everything_happens(planted: Planted, around: Stand, up: Up, proxy: TcpProxy) -> None:
    """The walk. `planted` keeps what was seen on the way."""
    told = around.home.running()
    assert told is not None
    planted.secrets = {
        "the bot's token": around.telegram.token.partition(":")[2],
        "the engine's key": ENGINE_KEY,
        "the broker's password": unquote(told.redis_url.rpartition("password=")[2]),
        "the database's password": DATABASE_PASSWORD,
        "the database's password in an address": quote(DATABASE_PASSWORD, safe=""),
        "a person's password": PASSWORD,
        "the owner's code": up.owner_code,
    }
    planted.saw("command lines", command_lines(up))
    olga, anna = around.telegram.person("Olga"), around.telegram.person("Anna")
    olga.says(f"/start {up.owner_code}")
    await ends(olga.chat, "Welcome, Olga!")
    olga.says("/invite 9 2")
    invitation = (await ends(olga.chat, "within 2 days")).text
    (code,) = set(re.findall(r"(?:/pair/|start=)([\w-]+)", invitation))
    planted.secrets["an invitation's code"] = code
    anna.says(f"/start {code}")
    await ends(anna.chat, "Hello Anna!")
    await gives_away(around, anna)
    planted.saw("command lines", command_lines(up))
    await telegram_misbehaves(around, anna)
    await engine_misbehaves(around, up, anna)
    await stores_go_away(around, up, proxy, anna)
    await web_goes_wrong(planted, around, code)
    anna.presses(forged_button(anna), "Stop")
    anna.says("/export")
    await anna.chat.until(lambda chat: any(each.content for each in chat.from_bot), 30)
    (exported,) = [each.content for each in anna.chat.from_bot if each.content]
    assert exported is not None
    assert_is_only_theirs(planted, exported, "Anna", "Wanda")
    checked = await around.run("check")
    assert "database" in checked.out
    planted.saw("whimbrel check", checked.out + checked.err)
    chatted = await around.run("chat", "hello")
    planted.saw("whimbrel chat", chatted.out + chatted.err)
    assert "I heard: hello." in chatted.out
    for person in (anna, olga):
        said = [version.text for each in person.chat.from_bot for version in each.versions]
        name = person.user["first_name"]
        words = [each for each in said if each != invitation]
        planted.saw(f"what {name} was told", "\n".join(words))
    around.telegram.faults.answers("getUpdates", 401, "Unauthorized")
    await until_logged(up, "Telegram refuses the token: TELEGRAM_BOT_TOKEN wants the one")


async def gives_away(around: Stand, anna: Person) -> None:
    """Private words in everything that a person can send; the model hears them and says them."""
    words = private("Anna")
    await asks(anna, words["in words"])
    anna.sends_photo(PICTURE, words["in a caption"])
    await ends(anna.chat, f"I heard: {words['in a caption']}.")
    anna.sends_document(PICTURE, words["in a file name"], "image/png", "a file")
    await ends(anna.chat, "I heard: a file.")
    anna.sends_document(b"broken", words["in a file name"], "image/png", words["in a caption"])
    await ends(anna.chat, "This file is not a picture")
    assert around.listener.prompts(words["in words"])
    assert around.listener.prompts(words["in a caption"])


def forged_button(person: Person) -> Shown:
    """The last message, with a button under it that nobody has put there."""
    shown = person.chat.from_bot[-1]
    row = [{"text": "Stop", "callback_data": "stop:planted"}]
    shown.body["reply_markup"] = {"inline_keyboard": [row]}
    return shown


async def test_the_webhooks_secret_comes_out_nowhere() -> None:
    planted = Planted(secrets={"the webhook's secret": WEBHOOK_SECRET})
    async with stand(
        ACCESS="open", LOG_LEVEL="debug", TELEGRAM_WEBHOOK_SECRET=WEBHOOK_SECRET
    ) as around:
        planted.secrets["the bot's token"] = around.telegram.token.partition(":")[2]
        address = f"{around.url}/webhooks/telegram"
        around.telegram.faults.answers("setWebhook", 500, "planted trouble")
        async with around.up(TELEGRAM_WEBHOOK_URL=address) as up:
            anna = around.telegram.person("Anna")
            await answered(anna, private("Anna")["in words"])
            planted.saw("command lines", command_lines(up))
            async with browser(around.url) as client:
                for headers, body in (
                    ({HEADER: f"{WEBHOOK_SECRET}x"}, "{}"),
                    ({HEADER: WEBHOOK_SECRET}, f'"{private("Anna")["in words"]}"'),
                    ({HEADER: WEBHOOK_SECRET}, '{"update_id": 1, "message": "no message"}'),
                ):
                    response = await client.post(address, content=body, headers=headers)
                    planted.saw("answers to posts", f"{response.headers}{response.text}")
                await until_logged(up, "a webhook call is no update")
                await walks_the_pages(planted, client, "a stranger")
            checked = await around.run("check")
            planted.saw("whimbrel check", checked.out + checked.err)
        planted.saw("the log", up.log)
    assert around.telegram.world.calls_of("setWebhook")[-1].parameters["secret_token"]
    assert planted.found(planted.secrets) == []
    assert planted.found({f"Anna's {word}": word for word in canaries("Anna")}) == []
