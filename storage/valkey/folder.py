"""The folder of a private Valkey server: its secret, its configuration, its socket, its locks."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from storage.errors import BrokerInUse, BrokerUnavailable

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the last of them a zero.
LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107

CONFIG = """\
# Written anew at every start.
port 0
unixsocket {socket}
unixsocketperm 600
requirepass {password}
dir {folder}
logfile {log}
daemonize no
appendonly yes
appendfsync everysec
auto-aof-rewrite-min-size 16mb
save ""
maxmemory-policy noeviction
"""


class ValkeyFolder:
    """`broker/` in a home. The socket is elsewhere where its path would be too long."""

    def __init__(self, home: Path) -> None:
        self.path = home.resolve() / "broker"
        self.socket = _socket_path(self.path)
        self._url_file = self.path / "url"

    @property
    def url(self) -> str:
        """Where Redis clients find the server. Holds the password."""
        return f"unix://{quote(str(self.socket))}?password={quote(self._password(), safe='')}"

    def stored_url(self) -> str | None:
        """The url under which a server was last started here, perhaps by another process."""
        try:
            return self._url_file.read_text()
        except OSError:
            return None

    def prepare(self) -> None:
        """Make the folders, for their owner's eyes only. Raises BrokerUnavailable."""
        for folder in (self.path, self.socket.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Anybody may have made the one in the folder for temporary files before us.
            if folder.lstat().st_uid != os.getuid():
                raise BrokerUnavailable(f"{folder} belongs to somebody else")
            folder.chmod(0o700)

    def write_config(self) -> Path:
        """Write what the server is to read, and the url for those who look for it."""
        config = self.path / "valkey.conf"
        text = CONFIG.format(
            socket=_quoted(self.socket),
            password=self._password(),
            folder=_quoted(self.path),
            log=_quoted(self.path / "valkey.log"),
        )
        _write_secret(config, text)
        _write_secret(self._url_file, self.url)
        return config

    def lock_owner(self) -> int:
        """Take the lock of whoever runs the server, and return its descriptor.

        Raises BrokerInUse where another process holds it.
        """
        lock = self._open_lock("owner.lock")
        if not _try_lock(lock):
            os.close(lock)
            raise BrokerInUse(f"another process runs the broker of {self.path.parent}")
        return lock

    def try_lock_server(self) -> int | None:
        """Take the lock that is handed down to the server, unless an earlier one still lives."""
        lock = self._open_lock("server.lock")
        if _try_lock(lock):
            return lock
        os.close(lock)
        return None

    def log_end(self) -> str:
        """The last lines that the server wrote to its log, in one."""
        try:
            lines = (self.path / "valkey.log").read_text(errors="replace").splitlines()
        except OSError as error:
            return f"no log ({error})"
        return " | ".join(lines[-5:])

    def _open_lock(self, name: str) -> int:
        return os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)

    def _password(self) -> str:
        file = self.path / "password"
        if not file.exists():
            _write_secret(file, secrets.token_urlsafe(32))
        return file.read_text()


def _socket_path(folder: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    own = f"whimbrel-{os.getuid()}-{digest}"
    for place in (folder, Path(tempfile.gettempdir()) / own):
        socket = place / "valkey.sock"
        if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
            return socket
    # `prepare` refuses a folder there that is somebody else's
    shortest = Path("/tmp")  # nosec B108
    return shortest / own / "valkey.sock"


def _quoted(path: Path) -> str:
    """A path as an argument in the server's configuration file."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_secret(file: Path, text: str) -> None:
    """Write a file that nobody else can read, whole or not at all."""
    temporary = file.with_name(f"{file.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    temporary.rename(file)
