"""What people think of answers, through a change of the tables."""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage import migrate
from storage.migrate import within

TURN = (
    "INSERT INTO turns (id, conversation_id, state, attempt, crashes, reason, finish_reason,"
    " cancel_requested, not_before, pulled, shown, delivery_until, generation, prompt_tokens,"
    " cached_tokens, generated_tokens, created_at, asked_at) VALUES"
    " (7, 1, 'answered', 3, 0, '', 'stop', false, 0, false, true, 0, 0, 0, 0, 0, 1, 1)"
)


def _before(connection: Connection) -> None:
    for statement in (
        "INSERT INTO users (id, name, language, role, access, created_at)"
        " VALUES (1, 'Ada', 'en', 'member', 'allowed', 1)",
        "INSERT INTO conversations (id, channel, account, chat, thread, user_id, title, revision,"
        " begun_turn, reachable, deleted, created_at, updated_at)"
        " VALUES (1, 'web', 'local', '1', 'x', 1, '', 0, 0, true, false, 1, 1)",
        TURN,
        "INSERT INTO feedback (id, user_id, turn_id, liked, reason, created_at)"
        " VALUES (5, 1, 7, false, 'wrong', 9)",
    ):
        connection.execute(text(statement))


def _rows(connection: Connection) -> list[tuple[object, ...]]:
    found = connection.execute(text("SELECT turn_id, user_id, liked, reason FROM feedback"))
    return [(row[0], row[1], bool(row[2]), row[3]) for row in found]


def _attempt_and_next(connection: Connection) -> tuple[int, int]:
    attempt = connection.execute(text("SELECT attempt FROM feedback")).scalar_one()
    added = connection.execute(
        text(
            "INSERT INTO feedback (user_id, turn_id, attempt, words, created_at)"
            " VALUES (1, 7, 4, 'words alone', 9) RETURNING id"
        )
    )
    return attempt, added.scalar_one()


def test_thumbs_go_up_and_down_with_the_tables(empty_database_url: str) -> None:
    url = empty_database_url
    migrate.upgrade(url, "0012")
    within(url, _before)
    migrate.upgrade(url)
    assert within(url, _rows) == [(7, 1, False, "wrong")]
    assert within(url, _attempt_and_next) == (3, 6)
    migrate.downgrade(url, "0012")
    assert within(url, _rows) == [(7, 1, False, "wrong")]
