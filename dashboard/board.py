"""What owner and staff see of the running system: figures, failures, people who wait outside."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from chat.errors import AssistantError
from chat.people import User
from chat.ports import AttachmentStore
from chat.turns import TurnState, WorkerInfo
from dashboard.appeals import AppealPages
from dashboard.audit import AuditPages
from dashboard.bank import BankPages
from dashboard.bulk import BulkPages
from dashboard.conversations import ConversationPages
from dashboard.data import DataPages
from dashboard.live import LivePages
from dashboard.operations import OperationPages
from dashboard.people import PeoplePages
from dashboard.policies import PolicyPages
from dashboard.privacy import PrivacyPages
from dashboard.quality import QualityPages
from dashboard.queue import QueuePages
from dashboard.settings import SettingsPages
from handlers.failures import Failure, Failures
from handlers.figures import LiveBoard
from handlers.maintenance import Upkeep
from handlers.model_choice import ModelDesk
from handlers.moderation.appeal_cases import AppealCases
from handlers.moderation.appeals import Appeals
from handlers.moderation.audit_log import AuditLog
from handlers.moderation.bank import PictureBank
from handlers.moderation.bulk import Bulk
from handlers.moderation.cases import Cases
from handlers.moderation.conversations import ConversationBook
from handlers.moderation.data import DataRequests
from handlers.moderation.holds import HoldBook
from handlers.moderation.people import PeopleBook
from handlers.moderation.policies import Policies
from handlers.moderation.quality import QualityReports
from handlers.moderation.quotas import Quotas
from handlers.moderation.reviews import Reviews
from handlers.moderation.team import Team
from handlers.moderation.trials import Trials
from handlers.settings import KEEP_ALL, KeepSettings
from handlers.standing import STAFF
from moderation.pictures.checker import PictureChecker
from moderation.policy.live import LivePolicy
from storage.allowances import Allowances
from web.errors import Forbidden, WebError
from web.gate import user_of
from web.pages import pages_of
from web.site import Section, Site

FOLDER = Path(__file__).parent
DAY = 24 * 3600  # seconds


class Figures(Struct, frozen=True):
    """The system now, and the turns of a day; `workers` is None where the broker is silent,
    `trouble` why the chat for moderators cannot be written to."""

    turns: dict[TurnState, int]
    oldest_waiting: float
    workers: list[WorkerInfo] | None
    strangers: list[User]
    failures: list[Failure]
    trouble: str = ""


class Dashboard:
    """`section()` is what web.app.build_app takes; web.gate lets only staff reach it."""

    def __init__(
        self,
        site: Site,
        *,
        store: AttachmentStore,
        allowances: Allowances,
        board: LiveBoard,
        channels: Sequence[tuple[str, str]],
        start_trial: Callable[[int], Awaitable[None]],
        switchable: Sequence[str] = (),
        moderators_chat: tuple[str, str, str] | None = None,
        pictures: PictureChecker | None = None,
        keep: KeepSettings = KEEP_ALL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`start_trial` begins a process that tries a policy, by the id of the trial; `switchable`
        are the models that may be switched to, `moderators_chat` is channel, account and id of the
        chat for moderators; `pictures` makes hashes of pictures that are to be known."""
        self._site = site
        self._moderators_chat = moderators_chat
        policy = LivePolicy(site.database)
        reviews = Reviews(database=site.database, policy=policy, clock=clock)
        team = Team(database=site.database)
        cases = Cases(database=site.database)
        self._queue = QueuePages(
            site, reviews=reviews, cases=cases, team=team, store=store, policy=policy
        )
        self._bulk = BulkPages(site, bulk=Bulk(database=site.database, reviews=reviews))
        bank = PictureBank(
            database=site.database, cases=cases, policy=policy, store=store, pictures=pictures
        )
        self._bank = BankPages(site, bank=bank, policy=policy)
        self._appeals = AppealPages(
            site,
            appeals=Appeals(
                database=site.database,
                broker=site.broker,
                requests=site.admission.requests,
            ),
            cases=AppealCases(database=site.database, cases=cases),
            team=team,
        )
        people = PeopleBook(database=site.database, allowances=allowances, clock=clock)
        data = DataRequests(database=site.database, store=store, policy=policy, clock=clock)
        self._data = DataPages(data=data)
        self._conversations = ConversationPages(
            site,
            conversations=ConversationBook(database=site.database, policy=policy, clock=clock),
            reviews=reviews,
            team=team,
            store=store,
        )
        self._people = PeoplePages(site, people=people, reviews=reviews, data=data, policy=policy)
        self._upkeep = upkeep = Upkeep(database=site.database, broker=site.broker)
        self._models = models = ModelDesk(database=site.database, allowed=switchable)
        self._operations = OperationPages(
            site,
            people=people,
            quotas=Quotas(database=site.database, usual=allowances.usual),
            upkeep=upkeep,
            models=models,
        )
        self._policies = PolicyPages(
            site,
            policies=Policies(database=site.database),
            trials=Trials(database=site.database, start=start_trial, clock=clock),
        )
        self._live = LivePages(site, board=board)
        self._settings = SettingsPages(site, team=team, channels=channels)
        reports = QualityReports(database=site.database, clock=clock)
        self._quality = QualityPages(site, reports=reports)
        self._audit = AuditPages(site, log=AuditLog(database=site.database))
        book = HoldBook(database=site.database, keep=keep, clock=clock)
        self._privacy = PrivacyPages(site, book=book)
        self._clock = clock
        self._failures = Failures(database=site.database, broker=site.broker, clock=clock)

    def section(self) -> Section:
        return Section("dashboard", FOLDER, self._routes())

    def close_streams(self) -> None:
        """Let the open pages go, since the server is ending."""
        self._live.close()

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/dashboard", self.page),
            Route("/dashboard/now", self.now),
            Route("/dashboard/strangers/{user:id}/{verdict}", self.decide, methods=["POST"]),
            Route("/dashboard/failures/{turn:id}/retry", self.retry, methods=["POST"]),
            *self._queue.routes(),
            *self._bulk.routes(),
            *self._appeals.routes(),
            *self._bank.routes(),
            *self._people.routes(),
            *self._data.routes(),
            *self._conversations.routes(),
            *self._operations.routes(),
            *self._policies.routes(),
            *self._live.routes(),
            *self._settings.routes(),
            *self._quality.routes(),
            *self._audit.routes(),
            *self._privacy.routes(),
        ]

    async def page(self, request: Request) -> Response:
        """The whole page."""
        return await self._respond(request, "dashboard.html")

    async def now(self, request: Request) -> Response:
        """The part of the page that changes, for its script to fetch."""
        return await self._respond(request, "dashboard-now.html")

    async def _respond(self, request: Request, template: str) -> Response:
        user = user_of(request)
        return pages_of(request).respond(
            request,
            template,
            figures=await self._figures(user),
            decides=user.role in STAFF,
            maintenance=await self._upkeep.state(),
            models=self._models.names,
            choice=await self._models.state(),
            when=self._site.when,
        )

    async def decide(self, request: Request) -> Response:
        """Let a stranger in, or not."""
        user = _decider(request)
        match request.path_params["verdict"]:
            case "approve":
                await self._site.admission.approve(user, request.path_params["user"])
            case "decline":
                await self._site.admission.decline(user, request.path_params["user"])
            case _:
                raise WebError(key="web-error-bad-request")
        return RedirectResponse("/dashboard", 303)

    async def retry(self, request: Request) -> Response:
        """Have a failed question answered once more."""
        user = _decider(request)
        await self._failures.retry(user, request.path_params["turn"])
        return RedirectResponse("/dashboard", 303)

    async def _figures(self, user: User) -> Figures:
        async with self._site.database.read() as tx:
            turns = await tx.turns.counts(self._clock() - DAY)
            oldest = await tx.turns.oldest_waiting_age()
            desk = self._moderators_chat and await tx.desk.get(*self._moderators_chat)
        try:
            workers = await self._site.broker.workers()
        except AssistantError:
            workers = None
        return Figures(
            turns,
            oldest,
            workers,
            await self._site.admission.waiting(),
            await self._failures.list(user),
            desk.error if desk else "",
        )


def _decider(request: Request) -> User:
    """Who asks, where they may decide. Raises Forbidden."""
    user = user_of(request)
    if user.role not in STAFF:
        raise Forbidden
    return user
