"""What makes the web chat installable: manifest, service worker, icons, and the offline page."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from web.assets import Assets
from web.pages import pages_of
from web.site import Site

STATIC = Path(__file__).parent / "static"
BACKGROUND, THEME = "#f6f4ef", "#1f6f6b"


class Shell:
    """Public, and the same for everybody: nothing private may be in it."""

    def __init__(self, *, site: Site, assets: Assets) -> None:
        self._site = site
        self._assets = assets

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/manifest.webmanifest", self.manifest),
            Route("/service-worker.js", self.service_worker),
            Route("/favicon.ico", self.icon),
            Route("/offline", self.offline),
        ]

    async def manifest(self, request: Request) -> Response:
        """Name, colours and icons for a phone's home screen."""
        name = self._site.persona.assistant_name
        return JSONResponse(
            {
                "name": name,
                "short_name": name,
                "start_url": "/",
                "scope": "/",
                "display": "standalone",
                "background_color": BACKGROUND,
                "theme_color": THEME,
                "icons": [
                    self._icon("web/icon-192.png", "192x192", "any"),
                    self._icon("web/icon-512.png", "512x512", "any"),
                    self._icon("web/icon-maskable-512.png", "512x512", "maskable"),
                ],
            },
            media_type="application/manifest+json",
        )

    def _icon(self, path: str, sizes: str, purpose: str) -> dict[str, str]:
        return {
            "src": self._assets.url(path),
            "sizes": sizes,
            "type": "image/png",
            "purpose": purpose,
        }

    async def service_worker(self, request: Request) -> Response:
        """The script, with the version whose files it keeps."""
        script = (STATIC / "service-worker.js").read_text(encoding="utf-8")
        script = script.replace("{{version}}", self._assets.version)
        return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    async def icon(self, request: Request) -> Response:
        """For browsers that ask for it whatever the page says."""
        headers = {"Cache-Control": "public, max-age=86400"}
        return FileResponse(STATIC / "icon-192.png", headers=headers)

    async def offline(self, request: Request) -> Response:
        """Shown by the service worker where there is no connection."""
        return pages_of(request).respond(request, "offline.html")
