"""Processes that train one model together: each has lessons of its own, gradients are averaged."""

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.multiprocessing.spawn import spawn

_NUMBERS = torch.bfloat16  # what gradients are exchanged in


@dataclass(frozen=True, slots=True)
class Crew:
    """One of `size` processes, the `rank`-th."""

    rank: int
    size: int

    @property
    def leads(self) -> bool:
        """Whether this one writes files and shows progress."""
        return self.rank == 0

    def average(self, weights: Iterable[nn.Parameter]) -> None:
        """Put the mean of all processes' gradients into each one's weights."""
        if self.size == 1:
            return
        held = [weight for weight in weights if weight.requires_grad]
        for weight in held:
            if weight.grad is None:
                weight.grad = torch.zeros_like(weight)
        flat = torch.cat([_grad(weight).flatten().to(_NUMBERS) for weight in held])
        dist.all_reduce(flat)
        flat = flat.float() / self.size
        for weight, part in zip(held, torch.split(flat, [w.numel() for w in held]), strict=True):
            _grad(weight).copy_(part.view_as(weight))

    def wait(self) -> None:
        """Until all have come this far."""
        if self.size > 1:
            dist.barrier()


ALONE = Crew(0, 1)


def muster(work: Callable[[Crew], None], size: int) -> None:
    """Run `work` in `size` processes of one thread each; raises what any of them raises.

    `work` must be picklable: a function of a module, or a frozen dataclass that can be called.
    """
    with tempfile.TemporaryDirectory() as folder:
        meeting = str(Path(folder) / "meet")
        spawn(_serve, (work, size, meeting), nprocs=size)  # type: ignore[no-untyped-call]


def _serve(rank: int, work: Callable[[Crew], None], size: int, meeting: str) -> None:
    # Interrupting the first process must end all; spawn lets its children ignore the key.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=size)
    try:
        work(Crew(rank, size))
    finally:
        dist.destroy_process_group()


def _end_with(parent: int) -> None:
    """A killed parent cannot end its children: they would train on for nobody."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _grad(weight: nn.Parameter) -> Tensor:
    grad = weight.grad
    assert grad is not None
    return grad
