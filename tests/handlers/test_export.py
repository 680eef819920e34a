"""An export is as its schema says, and holds everything that is the person's."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from chat.moderation import Deed, Finding, Measure, Side, Verdict
from handlers.export import build_export
from storage.repositories import Rating, RestrictionKind
from tests.handlers.test_pictures import fetch
from tests.handlers.world import Person, World

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/export.schema.json").read_text("utf-8"))


def check(document: dict[str, Any]) -> None:
    """Raises jsonschema.ValidationError."""
    kind = jsonschema.Draft202012Validator
    kind.check_schema(SCHEMA)
    kind(SCHEMA, format_checker=kind.FORMAT_CHECKER).validate(document)


async def exported(world: World, person: Person) -> tuple[dict[str, Any], list[str]]:
    """messages.json, and the names in the zip."""
    content = await build_export(world.database, world.store, (await person.user()).id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("messages.json")), archive.namelist()


async def test_an_empty_export_is_as_the_schema_says(world: World) -> None:
    ada = world.person("1")
    await ada.says("/help")
    document, _ = await exported(world, ada)
    check(document)
    assert document["restrictions"] == document["appeals"] == document["feedback"] == []


async def test_everything_of_a_person_is_in_it_and_nothing_of_others(any_world: World) -> None:
    ada, ben = any_world.person("1"), any_world.person("2", name="Ben")
    await ada.sends_picture("photo", "What is this? 🐦")
    await fetch(any_world)
    [turn] = await any_world.answer("A bird.")
    await ben.says("Bens own words")
    user, conversation = await ada.user(), await ada.conversation()
    staff = await ben.user()
    answer = (await ada.messages())[-1]
    async with any_world.database.write() as tx:
        raised = await tx.flags.add(
            conversation.id,
            answer.id,
            Verdict((Finding("words", "hate", 1.0),), (Measure(Deed.FLAG),), category="hate"),
            side=Side.ANSWER,
            user_id=user.id,
        )
        assert raised is not None
        await tx.reports.add(
            user.id,
            conversation_id=conversation.id,
            message_id=answer.id,
            flag_id=raised[0].id,
            reason="wrong",
            note="it is a bee",
        )
        await tx.feedback.rate(
            user.id, Rating(turn.id, turn.attempt, liked=False, reason="wrong bird")
        )
        mute = await tx.restrictions.add(
            user.id, RestrictionKind.MUTE, category="hate", until=any_world.clock.now + 60
        )
        await tx.restrictions.add(
            user.id, RestrictionKind.WARNING, category="flood", until=None, decided_by=staff.id
        )
        await tx.appeals.add(user.id, mute.id, conversation_id=None, words="I was joking")
        await tx.notes.add(user.id, "seems upset", author_id=staff.id)
    document, names = await exported(any_world, ada)
    check(document)
    text = json.dumps(document, ensure_ascii=False)
    for own in ("What is this? 🐦", "A bird.", "it is a bee", "wrong bird", "I was joking"):
        assert own in text
    assert "seems upset" not in text
    assert "Bens own words" not in text
    assert [each["decided_by"] for each in document["restrictions"]] == ["program", "person"]
    assert document["appeals"][0]["restriction"] == document["restrictions"][0]["number"]
    [picture] = [
        part["picture"]
        for message in document["messages"]
        for part in message["parts"]
        if "picture" in part
    ]
    assert picture in names
    assert "notes" in [each["what"] for each in document["left_out"]]


async def test_the_schema_lets_nothing_else_through(world: World) -> None:
    ada = world.person("1")
    await ada.says("hello")
    document, _ = await exported(world, ada)
    for wrong in (
        document | {"extra": 1},
        document | {"format": "other"},
        document | {"exported_at": "yesterday"},
        {name: value for name, value in document.items() if name != "left_out"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            check(wrong)
