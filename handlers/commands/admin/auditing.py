"""/admin audit: the latest entries of the audit log."""

from __future__ import annotations

from datetime import UTC, datetime

from handlers.commands.admin.order import Order
from handlers.moderation.audit_log import may_read
from handlers.moderation.rights import NotPermitted
from storage.chain import Entry
from storage.repositories import Sought

SHOWN = 15


async def audit(order: Order) -> None:
    """`audit [PERSON]`: what was done last, by anybody, or by and to a person."""
    if not may_read(order.giver):
        raise NotPermitted
    found, asked = await _found(order)
    lines = [_line(each) for each in found[:SHOWN]]
    await order.lines("admin-audit", [*lines, order.address(f"audit{asked}")])


async def _found(order: Order) -> tuple[list[Entry], str]:
    log = order.exchange.tx.audit
    if not order.word(0):
        return await log.search(Sought(), SHOWN), ""
    person = await order.person(0)
    by = await log.search(Sought(actor_id=person.id), SHOWN)
    to = await log.search(Sought(kind="user", object_id=str(person.id)), SHOWN)
    both = {each.number: each for each in (*by, *to)}
    newest = sorted(both.values(), key=lambda each: -each.number)
    return newest, f"?subject=user:{person.id}"


def _line(entry: Entry) -> str:
    when = datetime.fromtimestamp(entry.time / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    what = f"{entry.object_kind} {entry.object_id}"
    return f"{entry.number} · {when} UTC · {entry.actor} · {entry.action} · {what}"
