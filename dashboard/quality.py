"""Quality: how often checks and people are right, and how fast; also as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from handlers.moderation.quality import SPANS, QualityReports, Report, Share
from moderation.durations import spoken
from web.errors import WebError
from web.gate import user_of
from web.pages import pages_of
from web.site import Site

COLUMNS = (
    "of",
    "name",
    "raised",
    "decided",
    "upheld",
    "overturned",
    "share",
    "share_low",
    "share_high",
    "p50_seconds",
    "p90_seconds",
)
Cell = str | int | float


class QualityPages:
    """The pages under /dashboard/quality."""

    def __init__(self, site: Site, *, reports: QualityReports) -> None:
        self._site = site
        self._reports = reports

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the dashboard's other ones."""
        return [
            Route("/dashboard/quality", self.page),
            Route("/dashboard/quality/export", self.export),
        ]

    async def page(self, request: Request) -> Response:
        """The figures of so many days."""
        user = user_of(request)
        report = await self._reports.get(user, _days(request))
        return pages_of(request).respond(
            request,
            "quality.html",
            report=report,
            spans=SPANS,
            me=user,
            lasted=spoken,
        )

    async def export(self, request: Request) -> Response:
        """The same as CSV (RFC 4180), each line a check, a priority, all appeals, the thumbs of a
        day and model, a reason, or a reviewer by their number."""
        report = await self._reports.get(user_of(request), _days(request))
        name = f"whimbrel-quality-{report.days}-days.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(table(report), media_type="text/csv; charset=utf-8", headers=headers)


def table(report: Report) -> str:
    """A report as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(_rows(report))
    return out.getvalue()


def _rows(report: Report) -> Iterator[dict[str, Cell]]:
    for row in report.checks:
        counts = row.counts
        yield {
            "of": "check",
            "name": counts.check,
            "raised": counts.raised,
            "decided": counts.decided,
            "upheld": counts.upheld,
            **_share(row.precision),
        }
    for wait in report.waits:
        yield {
            "of": "priority",
            "name": wait.priority.name.lower(),
            "decided": wait.decided,
            "p50_seconds": round(wait.p50, 1),
            "p90_seconds": round(wait.p90, 1),
        }
    appeals = report.appeals
    yield {
        "of": "appeals",
        "decided": appeals.count,
        "overturned": appeals.hits,
        **_share(appeals),
    }
    for thumbs in report.thumbs:
        yield {
            "of": "thumbs down",
            "name": f"{thumbs.date} {thumbs.model}".rstrip(),
            "decided": thumbs.down.count,
            "upheld": thumbs.down.hits,
            **_share(thumbs.down),
        }
    for reason, count in report.reasons.items():
        yield {"of": "reason", "name": reason, "decided": count}
    for each in report.reviewers or ():
        yield {
            "of": "reviewer",
            "name": each.user_id,
            "decided": each.decided,
            "upheld": each.upheld,
            "overturned": each.reversed,
        }


def _share(share: Share) -> dict[str, Cell]:
    """A share between 0 and 1 with its interval; empty where nothing was counted."""
    if share.value is None:
        return {}
    return {
        "share": round(share.value, 4),
        "share_low": round(share.low, 4),
        "share_high": round(share.high, 4),
    }


def _days(request: Request) -> int:
    """How far back. Raises WebError for what is not offered."""
    text = request.query_params.get("days", str(SPANS[1]))
    if text not in {str(days) for days in SPANS}:
        raise WebError(key="web-error-bad-request")
    return int(text)
