"""What a decoder process gives up before it looks at a picture.

Everywhere: limits on memory (where the system enforces it), CPU time and written files. On Linux
also, by a seccomp filter that cannot be taken off again: sockets, opening files, other processes,
signals and new programs. Other systems have no such filter without a helper program, so there a
decoder that is taken over could still open a connection.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import signal
import struct
import sys
import time

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 1, 38, 22, 2
LOAD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, KILL, DENY = 0x7FFF0000, 0x80000000, 0x00050000 | 1  # deny: EPERM

# Audit architecture, then the numbers of the denied calls (from the kernel's syscall tables):
# x86-64: open socket connect accept sendto sendmsg bind listen socketpair clone fork vfork execve
# kill ptrace setrlimit unlink rename creat chmod openat unlinkat renameat ... io_uring clone3
X86_64 = (
    0xC000003E,
    (
        *(
            2,
            41,
            42,
            43,
            44,
            46,
            49,
            50,
            53,
            56,
            57,
            58,
            59,
            62,
            82,
            83,
            84,
            85,
            86,
            87,
            88,
            90,
            92,
        ),
        *(101, 160, 200, 234, 257, 258, 259, 260, 263, 264, 265, 266, 268, 272, 288, 307, 310, 311),
        *(316, 322, 424, 425, 426, 427, 434, 435, 437, 438),
    ),
)
AARCH64 = (
    0xC00000B7,
    (
        *(33, 34, 35, 36, 37, 38, 53, 54, 56, 97, 117, 129, 130, 131, 164, 198, 199, 200, 201, 202),
        *(203, 206, 211, 220, 221, 242, 269, 270, 271, 276, 281, 424, 425, 426, 427, 434, 435, 437),
        438,
    ),
)


def limit(memory: int) -> None:
    """Bound memory (bytes, of the address space) and forbid written files and core dumps."""
    if sys.platform != "darwin":  # macOS refuses to lower it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: int) -> None:
    """Let the process compute for `seconds` more; the system ends it after that."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, hard))


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent dies; elsewhere the closed pipe does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def confine() -> bool:
    """Give up network, files and processes for good; False where the system has no such way."""
    tables = {"x86_64": X86_64, "aarch64": AARCH64}
    table = tables.get(platform.machine()) if sys.platform == "linux" else None
    if table is None:
        return False
    program = _program(*table)
    code = ctypes.create_string_buffer(program)
    # struct sock_fprog {unsigned short len; struct sock_filter *filter;}
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    call = ctypes.CDLL(None, use_errno=True).prctl
    if call(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(call(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(header), 0, 0) == 0)


def _program(architecture: int, denied: tuple[int, ...]) -> bytes:
    """Classic BPF over struct seccomp_data: the call's number at 0, the architecture at 4."""
    last = len(denied) + 1  # the jump distance from the first test to DENY
    steps = [
        (LOAD_WORD, 0, 0, 4),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD_WORD, 0, 0, 0),
        (JUMP_AT_LEAST, last, 0, 0x40000000),  # x86-64's second table, x32
    ]
    steps += [(JUMP_EQUAL, last - 1 - at, 0, number) for at, number in enumerate(denied)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, DENY)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
