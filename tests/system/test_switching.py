"""Another model answers when an admin says so: between turns, on every kind of engine, and back
where it cannot."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from models.loading import SHIPPED
from tests.fakes.telegram import Person
from tests.system.stand import Stand, Up, asks, ends, stand
from tests.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

LONG = 60.0  # seconds, on a busy machine


async def owner(around: Stand, up: Up) -> Person:
    """The owner."""
    olga = around.telegram.person("Olga")
    olga.says(f"/start {up.owner_code}")
    await ends(olga.chat, "Welcome, Olga!")
    return olga


async def switch(olga: Person, name: str) -> None:
    """Say that another model is to answer, and that it is meant."""
    olga.says(f"/admin model {name}")
    question = await ends(olga.chat, f"{name} is to answer instead.")
    olga.presses(question, "Yes")
    await ends(olga.chat, f"Workers are switching to {name}.")


def models_asked(around: Stand) -> list[str]:
    """Which models the endpoint was asked for, in order."""
    return [request["model"] for request in around.endpoint.requests]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[tuple[Stand, Up, Person]]:
    """A system at an endpoint that has several models, one of which nobody can use."""
    async with stand(ACCESS="open", MODEL="first", MODELS="second, broken") as around:
        around.ways.refuses_models = ("broken",)
        async with around.up() as up:
            yield around, up, await owner(around, up)


async def test_an_answer_that_has_begun_is_ended_by_the_model_that_began_it(
    place: tuple[Stand, Up, Person],
) -> None:
    around, _up, olga = place
    anna = around.telegram.person("Anna")
    await asks(anna, "Before")
    async with around.slowly(4):
        anna.says("A question that is answered slowly, word by word, over some seconds")
        await anna.chat.shows("I heard")
        await switch(olga, "second")
    anna.says("And then")
    await ends(anna.chat, "over some seconds.", seconds=LONG)
    await ends(olga.chat, "second answers now.", seconds=LONG)
    await ends(anna.chat, "And then.", seconds=LONG)
    asked = models_asked(around)
    assert asked[0] == "first"
    assert asked[-1] == "second"
    assert sorted(asked) == asked, "none was answered twice, nor by the first one afterwards"
    assert asked.count("first") == 2
    said = [message.text for message in anna.chat.from_bot]
    assert len(said) == 3
    assert not any("starts over" in text or "Something broke" in text for text in said)


async def test_a_model_that_cannot_answer_is_given_up(place: tuple[Stand, Up, Person]) -> None:
    around, up, olga = place
    anna = around.telegram.person("Anna")
    await switch(olga, "broken")
    await ends(olga.chat, "broken could not answer, so the model before answers", seconds=LONG)
    await asks(anna, "Still there", seconds=LONG)
    assert models_asked(around)[-1] == "second"
    olga.says("/admin model")
    assert "✓ 1: second" in (await ends(olga.chat, "Who answers")).text
    assert "model-not-served" in up.log


async def test_the_choice_outlives_a_restart_of_the_worker(
    place: tuple[Stand, Up, Person],
) -> None:
    around, up, olga = place
    await up.kills("worker")
    await asks(olga, "Again", seconds=LONG)
    assert models_asked(around)[-1] == "second"
    await switch(olga, "default")
    await ends(olga.chat, "first answers now.", seconds=LONG)


async def test_checkpoints_on_ones_own_machine_are_switched_in_the_same_process(
    tmp_path: Path,
) -> None:
    other, broken = tmp_path / "other", tmp_path / "broken"
    shutil.copytree(SHIPPED, other)
    broken.mkdir()
    (broken / "config.json").write_text('{"model_type": "vit"}')
    settings = {"ACCESS": "open", "ENGINE_URL": "", "MODELS": f"{other},{broken}"}
    async with stand(**settings, TEMPERATURE="0") as around, around.up() as up:
        olga = await owner(around, up)
        worker = up.part("worker").pid
        await switch(olga, str(other))
        await ends(olga.chat, "answers now.", seconds=LONG)
        olga.says("Hello!")

        async def answered() -> bool:
            last = olga.chat.from_bot[-1]
            return "answers now" not in last.text and last.text != "…" and not last.buttons

        await eventually(answered, seconds=LONG)
        await switch(olga, str(broken))
        await ends(olga.chat, "could not answer, so the model before answers", seconds=LONG)
        olga.says("/admin model")
        assert f"✓ 1: {other}" in (await ends(olga.chat, "Who answers")).text
        assert up.part("worker").pid == worker
