"""What is set for the running system, as it is kept."""

from __future__ import annotations

from storage.database import Database
from storage.repositories import SwitchState


async def test_a_switch_is_told_of_once_and_goes_back_once(database: Database) -> None:
    async with database.write() as t:
        assert (await t.operations.model()).wanted == ""
        await t.operations.want_model("b", by=1, conversation_id=None)
        assert await t.operations.model_answers(1) is not None
        assert await t.operations.model_answers(1) is None, "another worker was first"
        await t.operations.want_model("c", by=1, conversation_id=7)
        assert await t.operations.model_failed(1, "b") is None, "that was another switch"
        back = await t.operations.model_failed(2, "c")
        assert back is not None
        assert (back.wanted, back.failed, back.conversation_id) == ("b", "c", 7)
        assert await t.operations.model_failed(2, "c") is None
        assert await t.operations.model_answers(2) is None
    async with database.read() as t:
        assert (await t.operations.model()).state is SwitchState.FAILED


async def test_what_nobody_has_tried_yet_is_nothing_to_go_back_to(database: Database) -> None:
    async with database.write() as t:
        await t.operations.want_model("b", by=1, conversation_id=None)
        await t.operations.want_model("c", by=1, conversation_id=None)
        back = await t.operations.model_failed(2, "c")
        assert back is not None
        assert back.wanted == ""
        await t.operations.want_model("b", by=1, conversation_id=None)
        await t.operations.model_answers(4)
        gone = await t.operations.model_failed(4, "b")
        assert gone is not None
        assert gone.wanted == "", "what worked once and does not any more is given up too"


async def test_maintenance_begins_once_and_its_words_may_change(database: Database) -> None:
    async with database.write() as t:
        assert await t.operations.maintenance() is None
        await t.operations.begin_maintenance("Soon.", by=1)
        first = await t.operations.maintenance()
        await t.operations.begin_maintenance("Later.", by=1)
        second = await t.operations.maintenance()
        assert first is not None
        assert second is not None
        assert (second.text, second.since) == ("Later.", first.since)
        assert await t.operations.end_maintenance()
        assert not await t.operations.end_maintenance()
