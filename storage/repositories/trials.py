"""Tries of a policy on what was said lately."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from storage.repositories.base import AnyRow, Repository, insert
from storage.tables import trials

_T = trials.c
COLUMNS = (
    _T.id,
    _T.policy,
    _T.against,
    _T.asked_by,
    _T.state,
    _T.looked,
    _T.expected,
    _T.outcome,
    _T.created_at,
    _T.seen_at,
)
_ADD = insert(trials).returning(*COLUMNS)
_GET = select(*COLUMNS).where(_T.id == bindparam("trial"))
_LATEST = select(*COLUMNS).where(_T.policy == bindparam("version")).order_by(_T.id.desc()).limit(1)
_RUNNING = "running"
_UNFINISHED = ("waiting", _RUNNING)
_ADVANCE = (
    update(trials)
    .where(_T.id == bindparam("trial"), _T.state.in_(_UNFINISHED))
    .values(
        state=_RUNNING,
        looked=bindparam("so_many"),
        expected=bindparam("of"),
        seen_at=bindparam("now"),
    )
)
_END = (
    update(trials)
    .where(_T.id == bindparam("trial"), _T.state.in_(_UNFINISHED))
    .values(state=bindparam("new_state"), outcome=bindparam("found"), seen_at=bindparam("now"))
)


class TrialState(StrEnum):
    """How far a trial is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Trial(Struct, frozen=True):
    """A try of version `policy` beside version `against`; see TrialRow."""

    id: int
    policy: int
    against: int
    asked_by: int | None
    state: TrialState
    looked: int
    expected: int
    outcome: str
    created_at: float
    seen_at: float

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.state.value in _UNFINISHED


class Trials(Repository):
    """Tries, each run by one process."""

    async def add(self, policy: int, *, against: int, asked_by: int | None) -> Trial:
        """Record that a version is to be tried."""
        now = self._clock()
        row = await self._one(
            _ADD,
            policy=policy,
            against=against,
            asked_by=asked_by,
            state=TrialState.WAITING.value,
            looked=0,
            expected=0,
            outcome="",
            created_at=now,
            seen_at=now,
        )
        return _trial(row)

    async def get(self, trial_id: int) -> Trial:
        """One. Raises NotFound."""
        return _trial(await self._one(_GET, trial=trial_id))

    async def latest(self, policy: int) -> Trial | None:
        """The last try of a version."""
        row = (await self._execute(_LATEST, {"version": policy})).first()
        return _trial(row) if row else None

    async def advance(self, trial_id: int, *, looked: int, expected: int) -> None:
        """Tell how far it is. Raises NotFound where it has ended."""
        now = self._clock()
        await self._change_one(_ADVANCE, trial=trial_id, so_many=looked, of=expected, now=now)

    async def end(self, trial_id: int, state: TrialState, outcome: str = "") -> None:
        """It is done, or has failed. Raises NotFound where that was so already."""
        values = {"new_state": state.value, "found": outcome, "now": self._clock()}
        await self._change_one(_END, trial=trial_id, **values)


def _trial(row: AnyRow) -> Trial:
    values = dict(zip(Trial.__struct_fields__, row, strict=True))
    return Trial(**(values | {"state": TrialState(values["state"])}))
