"""/admin policy: the versions of the policy, compared and brought into force."""

from __future__ import annotations

from typing import Any

from handlers.commands.admin.order import Order, Usage, fenced
from handlers.moderation.policies import (
    changes,
    check_editor,
    live_version,
    publish_version,
    version,
)
from storage.repositories import PolicyVersion

SHOWN = 12  # changed lines in a question or a comparison
LINE = 90  # characters of one


async def policy(order: Order) -> None:
    """`policy`, `policy publish NUMBER`, `policy diff A B`."""
    match order.word(0):
        case "":
            await _show(order)
        case "publish" if not order.word(2):
            await publish_version(order.exchange.tx, order.giver, order.number(1))
            await order.exchange.say("admin-policy-published", number=str(order.number(1)))
        case "diff" if not order.word(3):
            tx = order.exchange.tx
            one, other = await version(tx, order.number(1)), await version(tx, order.number(2))
            await order.exchange.say("admin-policy-diff", **_compared(one, other))
        case _:
            raise Usage


def publishes(order: Order) -> bool:
    """Whether it is asked first: what counts for everybody changes."""
    return order.word(0) == "publish"


async def what_changes(order: Order) -> str:
    """What a version would change, for the question whether it is meant."""
    check_editor(order.giver)
    tx = order.exchange.tx
    wanted = await version(tx, order.number(1))
    told = _compared(await live_version(tx), wanted)
    return order.text("admin-policy-diff", **told)


async def _show(order: Order) -> None:
    live = await live_version(order.exchange.tx)
    known = await order.exchange.tx.policies.list(10)
    address = order.address("policies")
    lines = [f"{_named(live)} · {address}"]
    lines += [f"{_named(each)}" for each in known if each.number != live.number]
    await order.lines("admin-policy", lines)


def _named(found: PolicyVersion) -> str:
    return f"{found.number} · {found.note}" if found.note else str(found.number)


def _compared(one: PolicyVersion, other: PolicyVersion) -> dict[str, Any]:
    found = [each for each in changes(one.text, other.text) if each.sign in "+-"]
    shown = [f"{each.sign} {each.text}"[:LINE] for each in found[:SHOWN]]
    return {
        "before": str(one.number),
        "after": str(other.number),
        "added": sum(each.sign == "+" for each in found),
        "removed": sum(each.sign == "-" for each in found),
        "lines": fenced(shown),
        "more": len(found) - len(shown),
    }
