"""Every admin command, given by everybody: who may, who is refused, and what the log says."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass

import pytest

from chat.people import Role
from handlers.commands.admin.registry import ADMIN
from handlers.moderation.rights import LEVELS
from handlers.settings import AccessMode, AccessSettings
from moderation.policy.written import SHIPPED
from storage.chain import Entry
from tests.handlers.moderation.test_admin import chief, flagged
from tests.handlers.world import Person, World


@dataclass(frozen=True)
class Given:
    """A command as somebody gives it, the key of what is said when it was done, the least role
    that may, and what stands in the log by it."""

    words: str
    key: str
    least: Role
    logged: str = ""
    sure: bool = False


COMMANDS = [
    Given("help quota", "admin-help-of", Role.MODERATOR),
    Given("stats", "admin-lines", Role.REVIEWER),
    Given("queue", "admin-lines", Role.REVIEWER),
    Given("model", "admin-lines", Role.REVIEWER),
    Given("users", "admin-lines", Role.MODERATOR),
    Given("user {ada}", "admin-lines", Role.MODERATOR),
    Given("quota {ada}", "admin-lines", Role.MODERATOR),
    Given("quota {ada} messages 7", "admin-lines", Role.MODERATOR, "budget.set"),
    Given("quota {ada} tokens default", "admin-lines", Role.MODERATOR, "budget.set"),
    Given("quota {ada} default", "admin-lines", Role.MODERATOR, "budget.set"),
    Given("warn {ada} hate rude", "admin-decided", Role.REVIEWER, "decision.made"),
    Given("mute {ada} 2h hate", "admin-decided", Role.MODERATOR, "decision.made"),
    Given("ban {ada} 2d hate", "admin-decided", Role.MODERATOR, "decision.made"),
    Given("ban {ada} forever hate", "admin-second", Role.MODERATOR, "decision.made", sure=True),
    Given("unmute {ada}", "admin-nothing", Role.MODERATOR),
    Given("unban {ada}", "admin-nothing", Role.MODERATOR),
    Given("turn {turn}", "admin-lines", Role.ADMIN),
    Given("retry {turn}", "nothing-to-retry", Role.ADMIN),
    Given("flags", "admin-lines", Role.REVIEWER),
    Given("flags {flag}", "admin-lines", Role.REVIEWER),
    Given("flags {flag} dismiss fine", "admin-decided", Role.REVIEWER, "decision.made"),
    Given("flags {flag} warn", "admin-decided", Role.REVIEWER, "decision.made"),
    Given("flags {flag} mute 2h", "admin-decided", Role.MODERATOR, "decision.made"),
    Given("policy", "admin-lines", Role.REVIEWER),
    Given("policy diff 0 {policy}", "admin-policy-diff", Role.REVIEWER),
    Given(
        "policy publish {policy}",
        "admin-policy-published",
        Role.ADMIN,
        "policy.published",
        sure=True,
    ),
    Given("maintenance", "admin-maintenance-none", Role.REVIEWER),
    Given("maintenance off", "admin-maintenance-none", Role.ADMIN),
    Given("maintenance on Back soon", "admin-maintenance-begun", Role.ADMIN, "maintenance.begun"),
    Given("broadcast", "broadcast-none", Role.ADMIN),
    Given("broadcast stop", "broadcast-none-runs", Role.ADMIN),
    Given("broadcast We are back", "broadcast-nobody", Role.ADMIN),
    Given("invite", "invite-made", Role.ADMIN, "invitation.made"),
    Given("invite 3 days 2 uses", "invite-made", Role.ADMIN, "invitation.made"),
    Given("invite moderator", "invite-made", Role.OWNER, "invitation.made", sure=True),
    Given("invite list", "admin-lines", Role.ADMIN),
    Given("model other", "admin-model-wanted", Role.ADMIN, "model.wanted", sure=True),
    Given("model 2", "admin-model-wanted", Role.ADMIN, "model.wanted", sure=True),
    Given("model unknown", "model-not-allowed", Role.ADMIN),
    Given("model default", "model-wanted-already", Role.ADMIN),
    Given("audit", "admin-lines", Role.ADMIN),
    Given("audit {ada}", "admin-lines", Role.ADMIN),
]
# What a refusal may be: no such command in their help, or a sentence that says so.
REFUSED = {"admin-help", "review-not-permitted", "admin-invite-asked"}


@dataclass(frozen=True)
class Stage:
    """Who there is, and what there is to be done about."""

    ada: int
    turn: int
    flag: int
    policy: int

    def said(self, words: str) -> str:
        """A command with the numbers of this stage."""
        return words.format(ada=self.ada, turn=self.turn, flag=self.flag, policy=self.policy)


async def set_up(world: World) -> Stage:
    """Ada has asked something, somebody flagged it, and there is a new version of the policy."""
    ada = world.person("1")
    await ada.says("hello")
    await chief(world, Role.MODERATOR, "77")  # somebody who could agree
    turn, user = await ada.latest(), await ada.user()
    flag = await flagged(world, ada)
    async with world.database.write() as tx:
        policy = await tx.policies.add(
            SHIPPED.read_text("utf-8") + "\n# newer\n", note="newer", author_id=None
        )
    return Stage(user.id, turn.id, flag, policy.number)


async def entries(world: World, person: Person) -> list[Entry]:
    """What the log says that somebody has done."""
    number = (await person.user()).id
    async with world.database.read() as tx:
        return [each for each in await tx.audit.read(None, 1000) if each.actor_id == number]


async def give(person: Person, words: str) -> str:
    """Give a command, and mean it; the key of the last thing said to it."""
    await person.says(f"/admin {words}")
    row = (await person.notices())[-1]
    if row.buttons:
        await person.presses(row.buttons[0].action)
    return (await person.keys())[-1]


@pytest.mark.parametrize("role", LEVELS)
@pytest.mark.parametrize("given", COMMANDS, ids=lambda given: given.words)
async def test_who_may_give_which_command(world: World, given: Given, role: Role) -> None:
    stage = await set_up(world)
    grace = await chief(world, role)
    may = LEVELS.index(role) >= LEVELS.index(given.least)
    await grace.says(f"/admin {stage.said(given.words)}")
    asked = (await grace.notices())[-1].buttons
    assert bool(asked) is (given.sure and may)
    if asked:
        assert await entries(world, grace) == [], "nothing happens before it is meant"
        await grace.presses(asked[0].action)
    key = (await grace.keys())[-1]
    log = [each.action for each in await entries(world, grace)]
    if may:
        assert key == given.key
        assert log == ([given.logged] if given.logged else [])
    else:
        assert key in REFUSED
        assert log == []


@pytest.mark.parametrize("given", COMMANDS, ids=lambda given: given.words)
async def test_members_and_strangers_hear_of_no_such_command(world: World, given: Given) -> None:
    stage = await set_up(world)
    max_ = world.person("5")
    words = stage.said(given.words)
    await max_.says(f"/admin {words}")
    await max_.presses(f"admin:{words}")
    await max_.says(f"/admin sure {words}")
    assert await max_.keys() == ["unknown-command"] * 3
    await max_.says("/nonsense")
    assert "/nonsense" in await max_.last_words()
    world.rewire(AccessSettings(AccessMode.INVITE))
    eve = world.person("6")
    await eve.says(f"/admin {words}")
    await eve.presses(f"admin:{words}")
    assert await eve.keys() == ["door-waiting"], "as whatever else a stranger says"
    assert await entries(world, max_) == []
    assert await entries(world, eve) == []


def test_every_command_is_in_the_matrix() -> None:
    assert {given.words.split()[0] for given in COMMANDS} - {"help"} == ADMIN.keys()


@pytest.mark.parametrize("name", ADMIN)
async def test_every_command_can_be_explained(world: World, name: str) -> None:
    chef = await chief(world, Role.OWNER)
    await chef.says(f"/admin help {name}")
    words = await chef.last_words()
    assert words.startswith(f"/admin {name}")
    reviewer = await chief(world, Role.REVIEWER, "10")
    await reviewer.says(f"/admin help {name}")
    known = ADMIN[name].least is Role.REVIEWER
    assert (await reviewer.keys())[-1] == ("admin-help-of" if known else "admin-help")
    assert (f"/admin {name}" in (await reviewer.last_words()).split("\n")[0]) is known


async def test_where_there_are_no_buttons_it_is_meant_by_writing_so(world: World) -> None:
    stage = await set_up(world)
    grace = world.person("9", channel="plain")
    await grace.says("hello")
    await world.promote(await grace.user(), Role.ADMIN)
    await grace.says(f"/admin policy publish {stage.policy}")
    words = await grace.last_words()
    assert f"Then write /admin sure policy publish {stage.policy}" in words
    assert "+ # newer" in words
    await grace.says(f"/admin sure policy publish {stage.policy}")
    assert (await grace.keys())[-1] == "admin-policy-published"


@pytest.mark.parametrize("language", ["en", "de"])
async def test_no_number_is_grouped_that_somebody_types(world: World, language: str) -> None:
    """Everything there is has a number beyond 4000, and 4,001 means nobody."""
    (file,) = world.folder.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT name, 4000 FROM sqlite_master"
            " WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
        )
    stage = await set_up(world)
    assert min(stage.ada, stage.turn, stage.flag, stage.policy) > 4000
    olga = await chief(world, Role.OWNER)
    olga.language = language
    for given in COMMANDS:
        await olga.says(f"/admin {stage.said(given.words)}")
        words = [await olga.last_words()]
        if (row := (await olga.notices())[-1]).buttons:
            await olga.presses(row.buttons[0].action)
            words.append(await olga.last_words())
        assert not re.search(r"\b4[.,\u202f\u00a0 ]0\d\d\b", "\n".join(words)), given.words
    await olga.says("/admin invite list")
    assert re.search(r"\b400\d · member", await olga.last_words())
