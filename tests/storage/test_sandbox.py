"""What a confined process may still ask of the kernel: what is on the list, and nothing else."""

from __future__ import annotations

import asyncio
import platform
import re
import struct
import sys
from pathlib import Path

import pytest

from storage.sandbox import CALLS, MACHINES, MEMORY_CALLS, filter_program

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has seccomp")
# Of the packages with the kernel's headers, which not every machine has.
TABLES = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
HIGHEST = 700  # well above the last call of today's kernels
# x86-64's uretprobe and uprobe, which the kernel answers with SIGILL before it asks the filter.
PROBES = 335, 336
X32 = 0x40000000  # the numbers of x86-64's second table begin here

CONFINED = f"""
import ctypes, os, sys
from storage.sandbox import confine
libc = ctypes.CDLL(None, use_errno=True)
ours = {{int(number) for number in sys.argv[1].split(",")}}
assert confine()
for number in [*range({HIGHEST}), *range({X32}, {X32 + HIGHEST})]:
    if number not in ours:
        ctypes.set_errno(0)
        if libc.syscall(number, -1, -1, -1, -1, -1, -1) != -1 or ctypes.get_errno() != 1:
            print("allowed", number, flush=True)
print("done", flush=True)
"""


@linux
async def test_every_other_call_is_denied() -> None:
    column = MACHINES[platform.machine()][0]
    allowed = [*(numbers[column] for numbers in (CALLS | MEMORY_CALLS).values()), *PROBES]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CONFINED, ",".join(map(str, allowed))),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert out.decode().splitlines() == ["done"]


async def test_nothing_that_reaches_beyond_the_process_is_on_the_list() -> None:
    """Said apart from the list: limits deny much of it again, so that no other test would tell."""
    beyond = re.compile(
        r"open|sock|connect|send|recv|clone|fork|exec|kill|queueinfo|ptrace|process_vm"
    )
    more = re.compile(
        r"limit|prio|sched_set|affinity|stat|link|dir|ioctl|fcntl|dup|prctl|uring|bpf|fd$"
    )
    for name in CALLS | MEMORY_CALLS:
        assert not beyond.search(name), name
        assert not more.search(name), name


@pytest.mark.parametrize("machine", TABLES)
async def test_the_numbers_are_the_kernels(machine: str) -> None:
    if not TABLES[machine].exists():
        pytest.skip("no kernel headers here")
    header = TABLES[machine].read_text()
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header))
    for name, numbers in (CALLS | MEMORY_CALLS).items():
        assert int(found[name]) == numbers[MACHINES[machine][0]], name


@pytest.mark.parametrize("machine", MACHINES)
async def test_the_filter_allows_what_is_listed_on_each_machine(machine: str) -> None:
    column, architecture = MACHINES[machine]
    plain = {numbers[column] for numbers in CALLS.values()}
    memory = {numbers[column] for numbers in MEMORY_CALLS.values()}
    program = filter_program(machine)
    for number in (*range(HIGHEST), X32, X32 + 1):
        expected = "allow" if number in plain | memory else "deny"
        assert run(program, number, architecture, 3) == expected, number
        expected = "allow" if number in plain else "deny"
        assert run(program, number, architecture, 7) == expected, number
    assert run(program, 0, 0x40000003, 0) == "kill", "the table of another architecture"


def run(program: bytes, number: int, architecture: int, third: int) -> str:
    """What the kernel would decide: classic BPF as far as the filter uses it."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, 0, 0, third, 0, 0, 0)
    steps = list(struct.iter_unpack("<HBBI", program))
    at, word = 0, 0
    while True:
        code, then, otherwise, value = steps[at]
        at += 1
        if code == 0x20:
            [word] = struct.unpack_from("<I", data, value)
        elif code == 0x06:
            return {0x7FFF0000: "allow", 0x80000000: "kill", 0x00050001: "deny"}[value]
        else:
            holds = word == value if code == 0x15 else bool(word & value)
            at += then if holds else otherwise
