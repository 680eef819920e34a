"""A model hub as its own client speaks to it: files of repositories, by commit, branch or tag."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit


@dataclass(slots=True)
class HubRepository:
    """Folders by their commits, and where branches and tags point."""

    commits: dict[str, Path] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def push(self, folder: Path, branch: str = "main") -> str:
        """`folder` becomes the newest commit of `branch`; its hash."""
        commit = hashlib.sha1(str(folder).encode(), usedforsecurity=False).hexdigest()
        self.commits[commit] = folder
        self.names[branch] = commit
        return commit


class FakeHub:
    """Listens on loopback; use as a context manager. `asked` are the paths that were asked for."""

    def __init__(self) -> None:
        self.repositories: dict[str, HubRepository] = {}
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        hub = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub._answer(self, body=True)

            def do_HEAD(self) -> None:
                hub._answer(self, body=False)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: tests read `asked`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """What HF_ENDPOINT is set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _answer(self, request: BaseHTTPRequestHandler, *, body: bool) -> None:
        path = urlsplit(request.path).path.strip("/")
        self.asked.append(path)
        told = path.removeprefix("api/models/").split("/")
        repository = self.repositories.get("/".join(told[:2]))
        if repository is None or len(told) < 4:
            _send(request, 404, error="RepoNotFound", body=body)
            return
        _, _, about, revision, *rest = told
        commit = repository.names.get(revision, revision)
        folder = repository.commits.get(commit)
        if folder is None:
            _send(request, 404, error="RevisionNotFound", body=body)
        elif about == "resolve":
            file = folder.joinpath(*rest)
            content = file.read_bytes() if file.is_file() else None
            error = "" if content is not None else "EntryNotFound"
            _send(request, 404 if error else 200, content or b"", commit, error=error, body=body)
        else:
            names = sorted(path.name for path in folder.iterdir())
            files = [
                {"type": "file", "path": name, "size": (folder / name).stat().st_size, "oid": ""}
                for name in names
            ]
            siblings = [{"rfilename": name} for name in names]
            shown = (
                files if about == "tree" else {"id": told[1], "sha": commit, "siblings": siblings}
            )
            _send(request, 200, json.dumps(shown).encode(), commit, body=body)


def _send(
    request: BaseHTTPRequestHandler,
    status: int,
    content: bytes = b"",
    commit: str = "",
    *,
    error: str = "",
    body: bool = True,
) -> None:
    request.send_response(status)
    if error:
        request.send_header("X-Error-Code", error)
    if commit:
        request.send_header("X-Repo-Commit", commit)
    etag = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    request.send_header("ETag", f'"{etag}"')
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    if body:
        request.wfile.write(content)
