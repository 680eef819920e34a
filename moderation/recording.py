"""What a verdict changes in SQL: flags, warnings, strikes, mutes, bans, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from chat.moderation import Category, Deed, Side, Verdict
from chat.outbound import Notice
from moderation.durations import spoken
from moderation.help_lines import HelpLines
from moderation.policy.deciding import words_for
from moderation.policy.rules import Policy
from storage.database import Transaction
from storage.repositories import Flag, Restriction, RestrictionKind

# What only people with the right for it may look at.
LOCKED = frozenset({Category.CHILD_EXPLOITATION})
DAY = 24 * 3600.0
_KINDS = {
    Deed.WARN: RestrictionKind.WARNING,
    Deed.STRIKE: RestrictionKind.STRIKE,
    Deed.MUTE: RestrictionKind.MUTE,
    Deed.BAN: RestrictionKind.BAN,
}
_STATEMENTS = {
    RestrictionKind.WARNING: "restricted-warning",
    RestrictionKind.STRIKE: "restricted-strike",
    RestrictionKind.MUTE: "restricted-mute",
    RestrictionKind.BAN: "restricted-ban",
}


@cache
def help_lines() -> HelpLines:
    """Those that ship."""
    return HelpLines.from_file()


class About(Struct, frozen=True):
    """Whose message a verdict is about, and where it stands."""

    conversation_id: int | None
    user_id: int
    turn_id: int
    message_id: int | None
    side: Side
    language: str = ""
    region: str = ""


async def record(
    tx: Transaction, verdict: Verdict, about: About, policy: Policy, now: float
) -> bool:
    """Write down what follows from a verdict, once for each message; whether anything is to be told
    in the conversation. Nobody is punished for what the assistant said."""
    flag, new = await _flag(tx, verdict, about)
    cared = verdict.has(Deed.CARE) and await _care(tx, about, now)
    if not new or about.side is Side.ANSWER:
        return cared
    kinds = [(kind, each) for each in verdict.measures if (kind := _KINDS.get(each.deed))]
    for kind, measure in kinds:
        await restrict(
            tx,
            kind,
            about,
            policy,
            now,
            category=verdict.category,
            seconds=measure.seconds,
            flag_id=flag.id if flag else None,
        )
    return cared or bool(kinds)


async def _care(tx: Transaction, about: About, now: float) -> bool:
    """Help lines of the person's country below the answer, once a day."""
    if about.conversation_id is None:
        return False
    for row in await tx.outbound.notices(about.conversation_id):
        if row.notice is not None and row.notice.key == "care" and row.created_at > now - DAY:
            return False
    await tx.outbound.add_notice(about.conversation_id, Notice("care", care_args(about.region)))
    return True


def care_args(region: str) -> dict[str, str | int | float]:
    """What the caring notice names: a line for each help line, and the number for emergencies."""
    here = help_lines().of(region)
    lines = [" · ".join(filter(None, (line.name, line.phone, line.url))) for line in here.lines]
    return {"lines": "\n".join(lines), "emergency": here.emergency}


async def restrict(
    tx: Transaction,
    kind: RestrictionKind,
    about: About,
    policy: Policy,
    now: float,
    *,
    category: str,
    seconds: float | None = None,
    flag_id: int | None = None,
    decision: tuple[int, int | None] = (0, None),
) -> Restriction:
    """Restrict somebody and tell them why; a strike also leads up the policy's ladder.

    `seconds` is the length of a mute or ban, None for good; `decision` the number of one and who
    made it, where a person did."""
    decision_id, decided_by = decision
    given = await tx.restrictions.add(
        about.user_id,
        kind,
        category=category,
        until=_until(kind, seconds, policy, now),
        policy=policy.number,
        flag_id=flag_id,
        decision_id=decision_id or None,
        decided_by=decided_by,
    )
    await _tell(tx, given, about, policy)
    if kind is RestrictionKind.STRIKE:
        in_force = await tx.restrictions.in_force(about.user_id)
        strikes = sum(each.kind is RestrictionKind.STRIKE for each in in_force)
        for rung in policy.ladder:
            if rung.strikes == strikes:
                await restrict(
                    tx,
                    _KINDS[rung.measure.deed],
                    about,
                    policy,
                    now,
                    category=category,
                    seconds=rung.measure.seconds,
                    flag_id=flag_id,
                )
    return given


async def _flag(tx: Transaction, verdict: Verdict, about: About) -> tuple[Flag | None, bool]:
    """The flag, where one is due, and whether this is the first that is known of the message."""
    if not (verdict.has(Deed.FLAG) or verdict.has(Deed.HOLD)):
        return None, bool(verdict.measures)
    assert about.conversation_id is not None, "what is said is said in a conversation"
    raised = await tx.flags.add(
        about.conversation_id,
        about.message_id,
        verdict,
        side=about.side,
        user_id=about.user_id,
        turn_id=about.turn_id,
        held=verdict.has(Deed.HOLD) and not verdict.has(Deed.REFUSE),
        locked=bool(LOCKED & {finding.category for finding in verdict.findings}),
    )
    return raised or (None, False)


def _until(
    kind: RestrictionKind, seconds: float | None, policy: Policy, now: float
) -> float | None:
    if kind is RestrictionKind.WARNING:
        return now + policy.warnings_last
    if kind is RestrictionKind.STRIKE:
        return now + policy.strikes_last
    return None if seconds is None else now + seconds


async def _tell(tx: Transaction, given: Restriction, about: About, policy: Policy) -> None:
    """Say it at the moment it begins."""
    if about.conversation_id is None:
        return  # nowhere to tell it; they hear of it when they come
    notice = statement(given, policy, about.language)
    await tx.outbound.add_notice(about.conversation_id, notice)


def statement(given: Restriction, policy: Policy, language: str) -> Notice:
    """The statement of reasons: which rule, for how long, whether a machine decided, and how to
    appeal. `policy` is the version that the restriction names."""
    number, unit = 0, "for-good"
    if given.until is not None:
        number, unit = spoken(round(given.until - given.created_at))
    return Notice(
        _STATEMENTS[given.kind],
        {
            "category": policy.name_of(given.category, language) or given.category,
            "number": number,
            "unit": unit,
            "machine": "yes" if given.decided_by is None else "no",
            "id": str(given.id),
        },
    )


def refusal(verdict: Verdict, policy: Policy, language: str) -> str:
    """Why there is no answer: a text key, and after a colon what the sentence names."""
    if not verdict.has(Deed.REFUSE):
        return "held-for-review"
    if own := words_for(policy, verdict, language):
        return f"refused-in-words:{own}"
    if verdict.category == Category.UNCHECKED:
        return "refused-unchecked"
    return f"refused-by-rule:{policy.name_of(verdict.category, language) or verdict.category}"


def gravest(restrictions: Iterable[Restriction]) -> Restriction | None:
    """The one that keeps somebody from writing the longest, if any does."""
    closed = [
        each for each in restrictions if each.kind in (RestrictionKind.MUTE, RestrictionKind.BAN)
    ]
    return max(
        closed,
        key=lambda each: (each.kind is RestrictionKind.BAN, each.until or float("inf")),
        default=None,
    )
