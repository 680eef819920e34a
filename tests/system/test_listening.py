"""What can be connected to while everything runs: the page's port on loopback, and nothing else."""

from __future__ import annotations

import socket
import stat
import sys
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from tests.deployment.processes import free_port
from tests.handlers.pictures import drawing, encoded
from tests.system.stand import Stand, Up, ends, stand

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sockets are read from /proc")

PICTURE = encoded(drawing(size=(320, 240)), "PNG")
ACCEPTING = 0x10000  # the flag of a Unix socket that takes connections (__SO_ACCEPTCON)


class Door(NamedTuple):
    """An internet socket that takes connections, or any packet."""

    who: str
    address: str
    port: int


def doors(up: Up) -> set[Door]:
    """Those of `whimbrel up` and of everything that it has started."""
    found = set()
    for process in family(up):
        with suppress(psutil.NoSuchProcess):
            for each in process.net_connections("inet"):
                takes = each.status == psutil.CONN_LISTEN or each.type == socket.SOCK_DGRAM
                if takes and each.laddr:
                    found.add(Door(called(process), each.laddr.ip, each.laddr.port))
    return found


def family(up: Up) -> list[psutil.Process]:
    """`whimbrel up` and its descendants."""
    return [psutil.Process(up.running.process.pid), *up.parts()]


def called(process: psutil.Process) -> str:
    """bot, worker, valkey-server, or what else it is."""
    words = process.cmdline()
    return words[-1] if "bot" in words[:-1] else process.name()


def unix_doors(up: Up) -> dict[str, str]:
    """The Unix sockets of ours that take connections: their paths, and who has them open."""
    held = {}
    for process in family(up):
        with suppress(psutil.NoSuchProcess, OSError):
            for each in Path(f"/proc/{process.pid}/fd").iterdir():
                with suppress(OSError):
                    held[each.readlink().name] = called(process)
    found = {}
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        _, _, _, flags, _, _, inode, *path = line.split()
        if int(flags, 16) & ACCEPTING and f"socket:[{inode}]" in held:
            found[path[0] if path else f"without a name: {inode}"] = held[f"socket:[{inode}]"]
    return found


async def after_a_picture(around: Stand, up: Up) -> set[Door]:
    """The doors that were open at any time while a picture was decoded and answered."""
    anna = around.telegram.person("Anna")
    anna.sends_photo(PICTURE, "Look")
    seen = doors(up)
    decoders = set()

    def looked() -> bool:
        seen.update(doors(up))
        decoders.update(up.part("bot").children(recursive=True))
        return any("I heard: Look." in each.text for each in anna.chat.from_bot)

    await anna.chat.until(lambda _: looked())
    await ends(anna.chat, "I heard: Look.")
    assert decoders, "pictures are decoded in processes of their own"
    return seen | doors(up)


async def test_only_the_page_listens_and_on_loopback() -> None:
    async with stand(ACCESS="open") as around, around.up() as up:
        page = Door("bot", "127.0.0.1", int(around.environ["HTTP_PORT"]))
        assert await after_a_picture(around, up) == {page}
        sockets = unix_doors(up)
        assert sorted(sockets.values()) == ["valkey-server", "worker"]
        for path in map(Path, sockets):
            assert path.is_relative_to(around.home.path)
            assert not path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


async def test_a_worker_opens_a_port_where_it_is_told_to_and_on_loopback() -> None:
    port = free_port()
    async with stand(ACCESS="open", WORKER_METRICS_PORT=str(port)) as around, around.up() as up:
        found = await after_a_picture(around, up)
        assert {(each.who, each.port) for each in found} == {
            ("bot", int(around.environ["HTTP_PORT"])),
            ("worker", port),
        }
        assert all(ip_address(each.address).is_loopback for each in found)
