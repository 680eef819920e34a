"""How SQLite looks things up: by an index, however much has been said over the years."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from chat.conversations import ConversationKey
from chat.messages import AttachmentPart, Speaker, StoredPicture, TextPart
from chat.moderation import Priority
from chat.outbound import Notice
from chat.people import Access, Role, Sender
from chat.turns import TurnResult, TurnState
from storage.database import Database
from storage.repositories import DataKind, Seat, Wanted

Statements = dict[str, Any]
# Scans of these go along a partial index, which holds only what is under way.
UNDER_WAY = (
    "ix_turns_queued",
    "ix_turns_unfinished",
    "ix_turns_unshown",
    "uq_turns_collecting",
    "uq_turns_running",
    "ix_outbound_waiting",
    "ix_outbound_waiting_chat",
    "ix_attachments_pending",
    "uq_broadcasts_running",
    "ix_cards_unsettled",
)
# Nor do scans of what another part of the same query has found read anything.
FOUND = ("SCAN CONSTANT", "SCAN (", "SCAN ranked")


@pytest.fixture
def statements() -> Iterator[Statements]:
    """What was executed in this test, with parameters."""
    seen: Statements = {}

    def note(_c: object, _cursor: object, words: str, parameters: Any, *_: object) -> None:
        seen[words] = parameters[0] if isinstance(parameters, list) else parameters

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def _a_day(database: Database) -> None:
    """What is done for every message, and every second."""
    channels = [("telegram", "bot")]
    async with database.write() as t:
        await t.updates.add("telegram", "bot", "message", "1")
        user = await t.users.ensure("telegram", Sender("1", "Ada", "en"))
        chat = await t.conversations.ensure(ConversationKey("telegram", "bot", "1"), user.id)
        await t.turns.collecting(chat.id)
        await t.turns.queued(chat.id)
        await t.turns.latest(chat.id)
        await t.turns.unfinished(chat.id)
        await t.turns.waiting()
        await t.turns.oldest_waiting_age()
        turn = await t.turns.open(chat.id, state=TurnState.COLLECTING)
        await t.turns.line()
        await t.turns.unfinished_of(user.id)
        picture = await t.attachments.add(chat.id, user.id, source="file")
        parts = (AttachmentPart(picture.id), TextPart("what is this?"))
        await t.messages.add(chat.id, speaker=Speaker.PERSON, parts=parts, turn_id=turn.id)
        await t.messages.by_platform_id(chat.id, "7")
        await t.attachments.pending(9, lease_owner="b", lease_seconds=9)
        await t.attachments.ready(picture.id, StoredPicture("aa", "image/png", 1, 1, 1))
        await t.attachments.turns_of(picture.id)
        await t.attachments.referenced("aa")
        await t.turns.settle(turn.id)
        await t.turns.promote()
        await t.turns.expire()
        await t.turns.to_hint(9)
        await t.turns.to_show(owner="b", lease_seconds=9, channels=channels, limit=9)
        await t.turns.own_showing("b", [turn.id], 9)
        await t.turns.claim("w", conversations=[chat.id])
        await t.turns.claim("w", limit=3)
        await t.turns.claim("w", limit=3, others=["v"], since=1.0)
        await t.turns.left_to(["v"], 1.0)
        await t.turns.renew("w", [(turn.id, 1)])
        await t.turns.cancelled([turn.id])
        await t.messages.history_up_to(chat.id, turn.id)
        await t.messages.of_turn(turn.id)
        await t.attachments.get_many([picture.id])
        await t.outbound.add_part(turn.id, 0, chat.id)
        await t.outbound.parts(turn.id)
        await t.turns.finish(TurnResult(turn.id, 1, TurnState.ANSWERED, "a bird"))
        await t.turns.shown_turn(turn.id)
        await t.turns.mark_shown(turn.id, "b", 1)
        await t.turns.restart(turn.id, in_place=True)
        await t.turns.request_cancel(turn.id)
        notice = await t.outbound.add_notice(chat.id, Notice("stopped"))
        await t.outbound.take("b", lease_seconds=9, channels=channels, limit=9)
        await t.outbound.sent(notice.id, "8")
        await t.outbound.notices(chat.id)
        await t.messages.transcript(chat.id)
        await t.messages.transcript(chat.id, before=1)
        await t.conversations.of_user(user.id)
        await t.messages.of_user(user.id)
        await t.waits.get("telegram", "bot")
        await t.codes.redeem("wrong")
        await t.web_sessions.get("wrong")
        await t.broadcasts.running()
        await t.broadcasts.tally(1)
        desk = await t.desk.open("telegram", "bot", "-1")
        await t.desk.without_card(desk, Priority.HIGH)
        await t.desk.aged(60)
        await t.desk.unsettled()


async def test_nothing_is_looked_for_by_reading_all_there_is(
    sqlite_url: str, statements: Statements
) -> None:
    async with Database.from_url(sqlite_url) as database:
        await _a_day(database)
    plain = sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///")))
    plans = {
        words: [row[3] for row in plain.execute(f"EXPLAIN QUERY PLAN {words}", parameters)]
        for words, parameters in statements.items()
        if words.startswith(("SELECT", "UPDATE", "DELETE", "INSERT"))
    }
    plain.close()
    assert len(plans) > 40
    for words, plan in plans.items():
        for step in plan:
            harmless = step.endswith(UNDER_WAY) or step.startswith(FOUND)
            assert harmless or not step.startswith("SCAN"), f"{step}\n{words}"
            assert "sqlite_autoindex_conversations_1 (channel=? AND account=?)" not in step, words


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        (Wanted("ada"), "ix_users_folded_id (folded>? AND folded<?)"),
        (Wanted("ada", Role.MEMBER, Access.WAITING), "ix_users_folded_id (folded>? AND folded<?)"),
        (Wanted("ada", Role.ADMIN, Access.ALLOWED), "ix_users_role_id (role=?)"),
        (Wanted("", Role.MEMBER, Access.WAITING), "ix_users_access_id (access=?)"),
        (Wanted(restricted=True), "INTEGER PRIMARY KEY (rowid=?)"),
    ],
)
async def test_people_are_looked_for_along_the_index_that_leaves_the_fewest(
    sqlite_url: str, statements: Statements, wanted: Wanted, leads: str
) -> None:
    async with Database.from_url(sqlite_url) as database, database.read() as t:
        await t.people.search(wanted, most=9)
    assert f"SEARCH users USING INDEX {leads}".replace("INDEX INTEGER", "INTEGER") in planned(
        sqlite_url, statements
    )


async def test_a_time_line_is_read_by_its_person(sqlite_url: str, statements: Statements) -> None:
    async with Database.from_url(sqlite_url) as database, database.read() as t:
        await t.timeline.page(1, Seat(1, ("reviewer",)), most=9)
    tables = ("flags", "decisions", "reports", "restrictions", "appeals", "notes")
    plan = planned(sqlite_url, statements)
    for table in tables:
        assert any(f"{table} USING INDEX ix_{table}_user_id" in step for step in plan), plan


async def test_what_is_too_old_is_looked_through_once(
    sqlite_url: str, statements: Statements
) -> None:
    async with Database.from_url(sqlite_url) as database, database.read() as t:
        await t.retention.pick(DataKind.MESSAGES, 1.0, after=0, most=9)
        await t.holds.kept_of_user(1)
        await t.holds.due(most=9)
    plan = planned(sqlite_url, statements)
    scanned = {step for step in plan if step.startswith("SCAN")}
    by_index = {step for step in scanned if "USING INDEX" in step or "COVERING" in step}
    assert scanned - by_index <= {"SCAN postponed", "SCAN CONSTANT ROW", "SCAN appeals"}, plan
    assert "SEARCH messages USING INTEGER PRIMARY KEY (rowid>?)" in plan


def planned(sqlite_url: str, statements: Statements) -> list[str]:
    """The steps of all that was executed."""
    plain = sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///")))
    steps = [
        row[3]
        for words, parameters in statements.items()
        if words.startswith("SELECT")
        for row in plain.execute(f"EXPLAIN QUERY PLAN {words}", parameters)
    ]
    plain.close()
    return steps
