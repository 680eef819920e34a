"""Renders pages: templates that escape everything, and our texts in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jinja2
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from chat.outbound import Notice, notice_of
from handlers.texts import Texts
from web.assets import Assets
from web.forgery import csrf_token
from web.gate import STAFF
from web.site import Section, Site
from web.visits import Visit, visit_of


class Pages:
    """The templates of all sections."""

    def __init__(self, *, site: Site, sections: Sequence[Section], assets: Assets) -> None:
        self._site = site
        self._assets = assets
        folders = [str(section.folder / "templates") for section in sections]
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "asset": assets.url,
            "assistant": site.persona.assistant_name,
            "staff": STAFF,
            "provider": site.oidc.label,
        }

    def render(self, visit: Visit, template: str, /, **context: Any) -> Markup:
        """A template as HTML, without anything that belongs to one request only."""
        speaker = Speaker(self._site.texts, visit.language)
        language = self._site.texts.language(visit.language)
        html = self._templates.get_template(template).render(
            t=speaker, visit=visit, language=language, **context
        )
        # the template has escaped what stands in it
        return Markup(html)  # nosec B704

    def respond(
        self, request: Request, template: str, /, *, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """A whole page in answer to a request."""
        visit = visit_of(request)
        html = self.render(
            visit, template, nonce=request.scope["nonce"], csrf=csrf_token(visit), **context
        )
        return HTMLResponse(html, status)


class Speaker:
    """`t("key", name=value)` in a template: a text in the reader's language."""

    def __init__(self, texts: Texts, language: str) -> None:
        self._texts = texts
        self._language = language

    def __call__(self, key: str, **args: str | int | float) -> str:
        return self._texts.say(Notice(key, args), self._language)

    def because(self, reason: str) -> str:
        """Why a turn ended as it did."""
        return self._texts.say(notice_of(reason), self._language)

    def notice(self, notice: Notice) -> str:
        """The sentence of a notice."""
        return self._texts.say(notice, self._language)


def pages_of(request: Request) -> Pages:
    """The pages of the site that a request came to."""
    pages = request.app.state.pages
    assert isinstance(pages, Pages)
    return pages


def speaker_of(request: Request, site: Site) -> Speaker:
    """Says texts in the language of the person behind a request."""
    return Speaker(site.texts, visit_of(request).language)
