"""Sees everything that a page does beyond showing words: dialogs, reports, requests, windows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Download,
    Page,
    Request,
)

# Runs in every frame before any script of a page. Reports come by a binding that pages do not use.
REPORT = """
addEventListener("securitypolicyviolation", (event) => {
  reportToWitness(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
}, true);
"""

# What a page may hold; returns what is in it besides.
AUDIT = """
(allowed) => {
  const found = [];
  const tell = (element, why) => found.push(`${why}: ${element.outerHTML.slice(0, 200)}`);
  const own = (value) => {
    const { origin, protocol } = new URL(value, document.baseURI);
    return origin === location.origin || protocol === "blob:";
  };
  const strange = "iframe, frame, object, embed, portal, base, meta[http-equiv], template, math," +
    " video, audio, source, track, map, area, style, svg script, svg a, svg image, svg use," +
    " svg animate, svg style, marquee, title:not(head > title), [style], [ping], [srcset]," +
    " [srcdoc], [poster], [background], [formaction], [action^='http'], [autofocus]:not(button)";
  document.querySelectorAll(strange).forEach((each) => tell(each, "strange"));
  for (const each of document.querySelectorAll("*")) {
    for (const { name, value } of each.attributes) {
      if (name.startsWith("on")) tell(each, "a handler");
      if (["src", "action", "data"].includes(name) && !own(value)) tell(each, "from outside");
    }
    if (each.matches("script") && !each.nonce && !own(each.src)) tell(each, "a script");
    if (each.matches("link") && !own(each.href)) tell(each, "a link element");
    // An address that no browser can read leads nowhere, but must be as quiet as the others.
    if (each.matches("a[href]") && !(URL.canParse(each.href) && own(each.href))) {
      const quiet = each.rel === "noopener noreferrer nofollow" && each.target === "_blank";
      if (!quiet || !/^https?:/i.test(each.getAttribute("href"))) tell(each, "a link");
    }
    if (each.closest(".piece .text") && !each.matches(".code > button, .text")) {
      if (!allowed.includes(each.localName)) tell(each, "not allowed in an answer");
    }
  }
  document.querySelectorAll(".plain > *").forEach((each) => tell(each, "in plain words"));
  return found;
}
"""

STATE = """
async () => [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage),
  document.title, (await navigator.serviceWorker.getRegistrations()).map(
    (each) => new URL((each.active ?? each.installing ?? each.waiting).scriptURL).pathname),
  (await indexedDB.databases()).length, document.scripts.length, window.length]
"""

# Chromium's own hosts, which it asks whatever a page says; the requests of pages are seen besides.
OWN_HOSTS = r"(?:[\w.-]+\.(?:googleapis|gvt1)|(?:accounts|clients\d|www)\.google)\.com"
BROWSERS_OWN = re.compile(rf"[A-Z]+ (?:http://)?{OWN_HOSTS}[:/]")


class Outside:
    """The proxy for everything but loopback: what asks it would have left the machine."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._server: asyncio.Server | None = None

    @property
    def flags(self) -> Sequence[str]:
        """What sends a browser here."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        return (f"--proxy-server=http://127.0.0.1:{port}", "--proxy-bypass-list=127.0.0.1")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Outside]:
        self._server = await asyncio.start_server(self._refuse, "127.0.0.1", 0)
        async with self._server:
            yield self

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode("latin-1").strip()
        if not BROWSERS_OWN.match(line):
            self.asked.append(line)
        writer.close()


class Witness:
    """Watches the pages of one house. `troubles` stays empty while they only show words."""

    def __init__(self, browser: Browser, url: str, allowed: Sequence[str]) -> None:
        self.troubles: list[str] = []
        self.expected: list[str] = []  # words of console errors that a test brings about itself
        self.requests = 0
        self.violations = 0
        self._browser = browser
        self._url = url
        self._allowed = list(allowed)
        self._pages = 0

    async def page(self, **options: Any) -> Page:
        """A page of somebody new."""
        options = {"viewport": {"width": 1280, "height": 820}, "locale": "en-US"} | options
        context = await self._browser.new_context(**options)
        await context.expose_function("reportToWitness", self._on_report)
        await context.add_init_script(REPORT)
        self._watch(context)
        self._pages += 1
        return await context.new_page()

    def _watch(self, context: BrowserContext) -> None:
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._tell(f"script error: {error.error}"))
        context.on("dialog", self._on_dialog)
        context.on("page", self._on_page)

    def _on_page(self, page: Page) -> None:
        if len(page.context.pages) > 1:
            self._tell(f"a new window: {page.url}")
        page.on("download", self._on_download)
        page.on("popup", lambda popup: self._tell(f"a popup: {popup.url}"))

    def _on_download(self, download: Download) -> None:
        self._tell(f"a download: {download.url}")

    async def _on_dialog(self, dialog: Dialog) -> None:
        self._tell(f"a dialog: {dialog.type} {dialog.message}")
        await dialog.dismiss()

    async def _on_report(self, report: str) -> None:
        self.violations += 1
        self._tell(f"the policy was broken: {report}")

    def _on_console(self, message: ConsoleMessage) -> None:
        wrong = message.type in ("error", "warning")
        if wrong and not any(words in message.text for words in self.expected):
            self._tell(f"{message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        self.requests += 1
        if not request.url.startswith((f"{self._url}/", f"blob:{self._url}/")):
            self._tell(f"a request: {request.url}")

    def _tell(self, trouble: str) -> None:
        self.troubles.append(trouble[:400])

    async def audit(self, page: Page) -> list[str]:
        """What has happened since the last audit that should not have, and what is in the page."""
        found: list[str] = await page.evaluate(AUDIT, self._allowed)
        found, self.troubles = self.troubles + found, []
        return found

    async def state(self, page: Page) -> list[Any]:
        """Cookies that scripts see, storage, title, workers, scripts and frames of a page."""
        state: list[Any] = await page.evaluate(STATE)
        return state
