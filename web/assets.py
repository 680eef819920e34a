"""Static files, under addresses that change with their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web.site import Section


class Assets:
    """The static folders of all sections. `version` is a digest of all of their files."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._folders = {each.name: each.folder / "static" for each in sections}
        self._folders = {name: path for name, path in self._folders.items() if path.is_dir()}
        self.version = _digest(self._folders.values())

    def url(self, path: str) -> str:
        """The address of a file, given as SECTION/FILE."""
        return f"/static/{self.version}/{path}"

    def routes(self) -> list[BaseRoute]:
        """One mount a section."""
        return [
            Mount(f"/static/{self.version}/{name}", Kept(directory=folder))
            for name, folder in self._folders.items()
        ]


class Kept(StaticFiles):
    """Static files that browsers need not ask for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _digest(folders: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
