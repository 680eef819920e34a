"""A process that was taken over by a picture: it does what the picture's bytes say.

Around it all is real: the limits, the filter of the kernel's calls. What it could not do it answers
with the quality 0, what it could with 100.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from moderation.pictures.messages import (
    Compare,
    Learn,
    Look,
    Near,
    Ready,
    Reply,
    Request,
    Seen,
    Setup,
    Unreadable,
)
from moderation.pictures.process import main
from storage.pipes import read, write

HASHES = (b"\x0f" * 32,) * 8
HONEST = Seen(HASHES, 77, 0.5)


def hang() -> Reply:
    """Take no more time of the machine, and never answer."""
    read(0, 1)
    return HONEST


def spin() -> Reply:
    """Take all the time of the machine."""
    while True:
        pass


def flood() -> Reply:
    """Announce more than anybody wants."""
    write(3, b"\x7f" * 65536)
    return HONEST


def take_memory() -> Reply:
    """More than there is to be had."""
    return Seen(HASHES, len(bytearray(2**31)) and 100)


def connect() -> None:
    """Reach something outside."""
    socket.socket().connect(("127.0.0.1", 9))


DEEDS: dict[str, Callable[[], Reply]] = {
    "honest": lambda: HONEST,
    "hangs": hang,
    "spins": spin,
    "floods": flood,
    "aborts": os.abort,
    "exits": lambda: os._exit(0),
    "takes-memory": take_memory,
    "says-another-thing": lambda: Near(()),
    "is-ready-again": lambda: Ready(confined=True),
    "scores-beyond": lambda: Seen(HASHES, 77, 1.5),
    "scores-nothing": lambda: Seen(HASHES, 77, float("nan")),
    "sends-a-short-hash": lambda: Seen((b"\x0f",) * 8, 77),
    "sends-few-hashes": lambda: Seen(HASHES[:2], 77),
    "sees-no-picture": Unreadable,
}
ESCAPES: dict[str, Callable[[], object]] = {
    "connects": connect,
    "reads-a-file": lambda: os.open("/etc/hostname", os.O_RDONLY),
    "writes-a-file": lambda: os.open("/tmp/whimbrel-canary", os.O_CREAT | os.O_WRONLY),
    "forks": os.fork,
}


def answer(request: Request) -> Reply:
    """Do what the picture says. Knows a picture that nobody taught it."""
    match request:
        case Look(content):
            return deed(content.decode().split()[0])
        case Compare():
            return Near(((7, 0),))
        case Learn():
            return Near()


def deed(name: str) -> Reply:
    """One of them."""
    if name in DEEDS:
        return DEEDS[name]()
    try:
        ESCAPES[name]()
    except OSError:
        return Seen(HASHES, 0)
    return Seen(HASHES, 100)


def taken_over(_: Setup) -> Callable[[Request], Reply]:
    """What the process answers with."""
    return answer


if __name__ == "__main__":
    main(taken_over)
