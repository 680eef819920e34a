"""A decoder that was taken over: it does what the file says, in the place of the real one.

Everything around it is real: the warm process, the limits, the seccomp filter. What it could not do
(PermissionError and the like) it answers as the refusal `denied`, what it could as `allowed`.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import resource
import socket
from _thread import start_new_thread as _start_new_thread
from collections.abc import Callable

import msgspec
from PIL import Image

from handlers.pictures.decoded import DecodedPicture
from handlers.pictures.decoder_process import main
from handlers.pictures.limits import PictureLimits
from storage.pipes import read, write
from tests.handlers.pictures import drawing, encoded

HEAD = b"\x89PNG\r\n\x1a\n"
LIBC = ctypes.CDLL(None, use_errno=True)
SEEN: list[str] = []
HONEST = DecodedPicture(encoded(drawing(), "PNG"), "image/png", 64, 48)
CAMERA = Image.Exif()
CAMERA[0x010F] = "Canary camera"


def deed(name: str, *arguments: object) -> bytes:
    """A file that makes the decoder do something."""
    return HEAD + " ".join(map(str, (name, *arguments))).encode()


def serve(request: int, _limits: PictureLimits) -> None:
    """Do what the file says."""
    header = read(request, 8)
    name, *arguments = (
        read(request, int.from_bytes(header[:4], "big"))[len(HEAD) :].decode().split()
    )
    if name in DEEDS:
        DEEDS[name](request)
        return
    try:
        ESCAPES[name](*arguments)
        _say(request, "refused-picture-allowed")
    except (OSError, ValueError):
        _say(request, "refused-picture-denied")


def _say(request: int, what: object, length: int | None = None) -> None:
    reply = msgspec.msgpack.encode(what)
    write(request, (len(reply) if length is None else length).to_bytes(4, "big") + reply)


def _lie(**changes: object) -> Callable[[int], None]:
    """An honest answer but for some of it."""
    return lambda request: _say(request, msgspec.structs.replace(HONEST, **changes))


def _spin(_request: int) -> None:
    while True:
        pass


def _crash(_request: int) -> None:
    ctypes.memset(8, 0, 8)


def _read_on(request: int) -> None:
    read(request, 1)


def _flood(request: int) -> None:
    while True:
        write(request, b"\xff" * 65536)


def _answer_and(then: Callable[[int], None]) -> Callable[[int], None]:
    def act(request: int) -> None:
        _say(request, HONEST)
        then(request)

    return act


def _remember(request: int) -> None:
    """Whether the picture before left anything here."""
    _say(request, "refused-picture-allowed" if SEEN else HONEST)
    SEEN.append("somebody's picture")


DEEDS: dict[str, Callable[[int], None]] = {
    "honest": _lie(),
    "remembers": _remember,
    "spins": _spin,
    "hangs": _read_on,
    "floods": _flood,
    "answers-and-floods": _answer_and(_flood),
    "answers-and-spins": _answer_and(_spin),
    "answers-twice": _answer_and(_lie()),
    "answers-half": lambda request: write(request, (9000).to_bytes(4, "big") + b"half"),
    "announces-gigabytes": lambda request: _say(request, HONEST, 2**31),
    "exits": lambda _request: None,
    "crashes": _crash,
    "aborts": lambda _request: os.abort(),
    "takes-memory": lambda request: _say(request, "refused-picture-" + "x" * len(bytearray(2**31))),
    "says-nonsense": lambda request: write(request, b"\0\0\0\4\xc1\xc1\xc1\xc1"),
    "says-a-script": lambda request: _say(request, "refused-picture-<script>"),
    "says-a-number": lambda request: _say(request, 7),
    "sends-a-page": _lie(media_type="text/html", content=b"<script>"),
    "sends-a-gif": _lie(media_type="image/gif", content=encoded(drawing("P"), "GIF")),
    "sends-what-is-not-said": _lie(media_type="image/jpeg"),
    "sends-another-size": _lie(width=65),
    "sends-a-huge-size": _lie(width=100_000, height=100_000),
    "sends-a-camera": _lie(
        media_type="image/jpeg", content=encoded(drawing(), "JPEG", exif=CAMERA.tobytes())
    ),
    "sends-a-comment": _lie(
        media_type="image/jpeg", content=encoded(drawing(), "JPEG", comment=b"where I live")
    ),
    "sends-a-progressive": _lie(
        media_type="image/jpeg", content=encoded(drawing(), "JPEG", progressive=True)
    ),
    "sends-more-behind": _lie(content=HONEST.content + b"where I live"),
    "sends-more-behind-a-jpeg": _lie(
        media_type="image/jpeg", content=encoded(drawing(), "JPEG") + b"\xff\xd8\xff"
    ),
    "sends-a-palette": _lie(content=encoded(drawing("P"), "PNG")),
    "sends-text": _lie(content=encoded(drawing(), "PNG", exif=CAMERA.tobytes())),
}


def _call(number: int, *arguments: int) -> None:
    """A call to the kernel that Python has no function for."""
    if LIBC.syscall(number, *arguments) == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def _thread() -> None:
    try:
        _start_new_thread(print, ())
    except RuntimeError as error:
        raise OSError(str(error)) from error


def _queue_signal() -> None:
    """rt_sigqueueinfo with signal 0: a way to signals that is easily forgotten."""
    _call({"x86_64": 129}.get(os.uname().machine, 138), 1, 0, 0)


def _code() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)


ESCAPES: dict[str, Callable[..., object]] = {
    "connects": lambda port: socket.socket().connect(("127.0.0.1", int(port))),
    "makes-a-socket": lambda _port: socket.socket(socket.AF_UNIX),
    "reads-a-file": lambda _port: os.open("/etc/hostname", os.O_RDONLY),
    "reads-memory": lambda _port: os.open(f"/proc/{os.getpid()}/mem", os.O_RDONLY),
    "looks-at-a-file": lambda _port: os.stat("/etc/hostname"),
    "lists-a-folder": lambda _port: os.listdir("/"),
    "writes-a-file": lambda _port: os.open("/tmp/whimbrel-canary", os.O_CREAT | os.O_WRONLY),
    "makes-a-folder": lambda _port: os.mkdir("/tmp/whimbrel-canary"),
    "forks": lambda _port: os.fork(),
    "runs-a-program": lambda _port: os.execv("/bin/true", ["true"]),
    "asks-for-its-parent": lambda _port: _call({"x86_64": 110}.get(os.uname().machine, 173)),
    "signals": lambda _port: os.kill(1, 0),
    "ends-another": lambda _port: _queue_signal(),
    "limits-its-parent": lambda _port: resource.prlimit(1, resource.RLIMIT_NOFILE),
    "lifts-its-limits": lambda _port: resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40)),
    "makes-code": lambda _port: _code(),
    "makes-a-thread": lambda _port: _thread(),
}


if __name__ == "__main__":
    main(serve)
