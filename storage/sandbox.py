"""What a process gives up before it looks at a picture: one that decodes, or one that checks.

Everywhere: limits on memory (where the system enforces it), CPU time, files and processes. On
Linux also, by a seccomp filter that cannot be taken off again, every call to the kernel but the few
that computing takes. Other systems have no such filter without a helper program: limits only.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import signal
import struct
import sys
import time
from contextlib import suppress

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 1, 38, 22, 2
LOAD_WORD, JUMP_EQUAL, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, KILL, DENY = 0x7FFF0000, 0x80000000, 0x00050000 | 1  # deny: EPERM
NUMBER, ARCHITECTURE, THIRD_ARGUMENT = 0, 4, 32  # places in struct seccomp_data, little-endian
PROT_EXEC = 4

# What computing, reading the request and writing the reply take, with glibc and with musl: the
# numbers on x86-64 and on arm64, from the kernel's syscall tables. Whatever is not
# named is denied, and so are calls of kernels to come.
CALLS = {
    "read": (0, 63),
    "readv": (19, 65),
    "write": (1, 64),
    "writev": (20, 66),
    "close": (3, 57),
    "brk": (12, 214),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "futex": (202, 98),
    "rseq": (334, 293),
    "sched_yield": (24, 124),
    "restart_syscall": (219, 128),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getrandom": (318, 278),
    "getrusage": (98, 165),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
# Allowed as long as the memory does not become code.
MEMORY_CALLS = {"mmap": (9, 222), "mprotect": (10, 226)}
# The machine, its column above, and its number in the kernel's audit (linux/audit.h).
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def limit(memory: int, cpu_seconds: int | None) -> None:
    """Bound memory (bytes, of the address space) and CPU time, and forbid files and processes.

    The CPU time counts from now; the system ends the process after it. None is for a process that
    works on and on, whose asker has an eye on the time."""
    if cpu_seconds is not None:
        seconds = int(time.process_time()) + 1 + cpu_seconds
        # Ended by SIGXCPU, which says why; one that ignores it by SIGKILL a second later.
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if sys.platform != "darwin":  # macOS refuses to lower it
        _bound(resource.RLIMIT_AS, memory)
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        _bound(nothing, 0)
    # No further descriptor: neither a file nor a socket. What is open stays open.
    with suppress(OSError, ValueError):
        _bound(resource.RLIMIT_NOFILE, 0)


def _bound(what: int, amount: int) -> None:
    """Lower a limit for good, where it is not lower already."""
    _, hard = resource.getrlimit(what)
    amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(what, (amount, amount))


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent dies; elsewhere the closed pipe does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def confine() -> bool:
    """Give up network, files and processes for good; False where the system has no such way."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in MACHINES or sys.maxsize < 2**32:
        return False
    program = filter_program(machine)
    code = ctypes.create_string_buffer(program)
    # struct sock_fprog {unsigned short len; struct sock_filter *filter;}
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    call = ctypes.CDLL(None, use_errno=True).prctl
    if call(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(call(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(header), 0, 0) == 0)


def filter_program(machine: str) -> bytes:
    """Classic BPF over struct seccomp_data; the 32-bit and x32 tables of a machine are denied.

    A jump counts the steps that it passes over: first if the test holds, then if it does not."""
    column, architecture = MACHINES[machine]
    memory = [numbers[column] for numbers in MEMORY_CALLS.values()]
    others = [numbers[column] for numbers in CALLS.values()]
    tests = [*memory, *others]
    head = [
        (LOAD_WORD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD_WORD, 0, 0, NUMBER),
    ]
    tail = [
        (RETURN, 0, 0, DENY),
        (LOAD_WORD, 0, 0, THIRD_ARGUMENT),
        (JUMP_ANY_BIT, 1, 0, PROT_EXEC),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, DENY),
    ]
    protection, allow = len(tests) + 1, len(tests) + 3  # where these stand behind the tests
    jumps = [
        (JUMP_EQUAL, (protection if at < len(memory) else allow) - at - 1, 0, number)
        for at, number in enumerate(tests)
    ]
    steps = [*head, *jumps, *tail]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
