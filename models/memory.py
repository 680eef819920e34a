"""How much memory this process holds."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

STATM = Path("/proc/self/statm")


def resident() -> int:
    """Bytes in main memory now (proc(5), the second number of statm, in pages); where the system
    does not say, the most that there ever were, which macOS tells in bytes."""
    try:
        return int(STATM.read_text().split()[1]) * resource.getpagesize()
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def accelerator() -> int:
    """Bytes that torch holds on accelerators; 0 where it is not loaded or there are none."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return 0
    count = torch.cuda.device_count()
    return sum(torch.cuda.memory_reserved(number) for number in range(count))
