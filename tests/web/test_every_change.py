"""Whatever staff change by the dashboard stands in the audit log, and what is refused does not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from chat.conversations import Conversation
from chat.messages import Speaker, TextPart
from chat.turns import TurnResult, TurnState
from storage.repositories import DecisionState, ReviewVerdict
from tests.web.routes import SAFE, Actor, Knocking, everybody, filled
from tests.web.test_routes import FIELDS, door, listed

__all__ = ["door"]

# These change nothing for anybody: they look, or say for how long somebody looks at what.
LOOKING = {
    "/dashboard/queue/next",
    "/dashboard/queue/{flag:id}/let-go",
    "/dashboard/queue/bulk/preview",
    "/dashboard/audit/verify",
    # The picture that people have here is flat, so that nothing can be known of it.
    "/dashboard/queue/{flag:id}/pictures/{attachment:id}/remember",
}
People = dict[str, Actor]
Asked = tuple[str, dict[str, str]]


def number(people: People, name: str) -> str:
    user = people[name].user
    assert user is not None
    return str(user.id)


async def _stranger(door: Knocking, people: People, path: str) -> Asked:
    filled_in = path.replace("{user:id}", number(people, "waiting"))
    return filled_in.replace("{verdict}", "approve"), {}


async def _failure(door: Knocking, people: People, path: str) -> Asked:
    user = people["member"].user
    assert user is not None
    conversation: Conversation = await door.house.book.new(user)
    async with door.house.database.write() as tx:
        turn = await tx.turns.open(conversation.id, state=TurnState.QUEUED, shown=True)
        await tx.messages.add(
            conversation.id, speaker=Speaker.PERSON, parts=(TextPart("Why?"),), turn_id=turn.id
        )
        (claimed,) = await tx.turns.claim("w", conversations=[conversation.id])
        ended = TurnResult(claimed.id, claimed.attempt, TurnState.FAILED, reason="failed-endpoint")
        assert await tx.turns.finish(ended)
    return path.replace("{turn:id}", str(turn.id)), {}


async def _own_decisions(door: Knocking, people: People, path: str) -> Asked:
    async with door.house.database.write() as tx:
        decision = await tx.decisions.add(
            ReviewVerdict.DISMISS,
            decided_by=int(number(people, "owner")),
            category="hate",
            policy=0,
            state=DecisionState.COUNTING,
            due_at=1e12,
        )
    return path, {"decisions": str(decision.id)}


async def _member_on_staff(door: Knocking, people: People, path: str) -> Asked:
    return path, {"user": number(people, "member"), "role": "reviewer"}


async def _reviewer(door: Knocking, people: People, path: str) -> Asked:
    return path.replace("{user:id}", number(people, "reviewer")), {"role": "moderator"}


async def _flagged(door: Knocking, people: People, path: str) -> Asked:
    number_ = await filled(door, "{flag:id}", people["owner"], people)
    async with door.house.database.write() as tx:
        flag = await tx.flags.get(int(number_))
        await tx.openings.add(
            int(number(people, "owner")), flag.conversation_id, ground="flag", reason="", seconds=99
        )
    asked = path.replace("{conversation:id}", str(flag.conversation_id))
    return asked, {"reason": "look", "message": str(flag.message_id)}


# Where the owner would change nothing with what the table of routes asks for.
APART: dict[str, Callable[[Knocking, People, str], Awaitable[Asked]]] = {
    "/dashboard/strangers/{user:id}/{verdict}": _stranger,
    "/dashboard/failures/{turn:id}/retry": _failure,
    "/dashboard/queue/bulk/undo": _own_decisions,
    "/dashboard/conversations/{conversation:id}/open": _flagged,
    "/dashboard/conversations/{conversation:id}/redact": _flagged,
    "/dashboard/settings/team": _member_on_staff,
    "/dashboard/settings/team/{user:id}/role": _reviewer,
    "/dashboard/settings/team/{user:id}/sign-out": _reviewer,
    "/dashboard/settings/team/{user:id}/unlock": _reviewer,
}
DATA = {
    "/dashboard/model": {"model": "second-model", "sure": "yes"},
    "/dashboard/bank": {"lines": f"{'0f' * 32},known-picture", "category": "known-picture"},
}
# An owner has nobody above to leave a flag to.
DONE_BY = {"/dashboard/queue/{flag:id}/escalate": "admin"}


async def test_every_change_is_written_down(door: Knocking, png: bytes) -> None:
    people = await everybody(door, png)
    for method, path in listed():
        if method in SAFE or not path.startswith("/dashboard"):
            continue
        actor = people[DONE_BY.get(path, "owner")]
        if path in APART:
            address, data = await APART[path](door, people, path)
        else:
            address, data = await filled(door, path, actor, people), FIELDS.get(path, {})
        data = DATA.get(path, data)
        if path == "/dashboard/queue/bulk/decide":
            flag = await filled(door, "{flag:id}", actor, people)
            data = {"option": "6", "flag": flag}
        before = await entries(door)
        response = await door.ask(method, address, await door.keys(actor), data=data)
        assert response.status_code < 400, (path, response.text)
        grown = await entries(door) - before
        if path in LOOKING:
            assert grown == 0, path
        else:
            assert grown >= 1, path


async def test_what_is_refused_leaves_no_line(door: Knocking, png: bytes) -> None:
    people = await everybody(door, png)
    refused = 0
    for method, path in listed():
        if method in SAFE or not path.startswith("/dashboard"):
            continue
        for actor in people.values():
            address = await filled(door, path, actor, people)
            keys, before = await door.keys(actor), await entries(door)
            response = await door.ask(method, address, keys, data=FIELDS.get(path, {}))
            if response.status_code >= 400:
                refused += 1
                assert await entries(door) == before, (path, actor.name)
    assert refused > 100


async def entries(door: Knocking) -> int:
    """How many lines the log has."""
    async with door.house.database.read() as tx:
        return await tx.audit.count()
