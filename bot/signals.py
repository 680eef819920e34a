"""Being asked to stop, and ending with the process that started us."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

PARENT = "WHIMBREL_PARENT"  # the process that a child of `whimbrel up` must not outlive

log = structlog.get_logger()


@contextmanager
def stop_requested(again: Callable[[], None] | None = None) -> Iterator[asyncio.Event]:
    """An event that SIGTERM, Ctrl-C or a closed terminal sets, for a process that then drains.

    Further signals call `again` and do nothing else, so that a second one is safe. To be entered in
    the running loop's main thread.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked(number: signal.Signals) -> None:
        log.info("stopping" if not stop.is_set() else "already stopping", signal=number.name)
        if stop.is_set() and again is not None:
            again()
        stop.set()

    numbers = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup has it
        numbers.append(signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, asked, number)
    try:
        yield stop
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def die_with_parent() -> None:
    """End this process when the one that started it ends, however that happens.

    Does nothing unless the environment names the parent. The kernel sees to it on Linux; elsewhere
    a thread looks once a second.
    """
    named = os.environ.pop(PARENT, "")
    if not named:
        return
    parent = int(named)
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it died before we could ask
        os._exit(1)


def _watch(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(1)
    os._exit(1)
