"""What vLLM 0.32 needs to answer about pictures on a CPU; for the environment of vLLM alone.

It asks for torchvision, whose wheels want a torch for GPUs: beside a torch for CPUs two operators
are missing, and importing it fails. The processor of Llama 4 needs only what torchvision has in
Python, so the two are declared first. And the matrices of its CPU build want their input in one
piece, which the patches of a picture of one tile are not: they are put into one.

vLLM starts further interpreters, so `set-up-vllm.sh` has each of them import this at its start; no
more is imported here than what is about to be imported anyway.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

_DECLARED: list[Any] = []  # operators live as long as their library


class _Watch(MetaPathFinder):
    """Finds nothing, but is asked before every import."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> None:
        if name == "torchvision" and not _DECLARED:
            _declare()
        elif name == "vllm.model_executor.models.mllama4":
            _mend(import_module("vllm._custom_ops"))  # the model asks for it in a moment


def _declare() -> None:
    import torch

    library: Any = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for each in ("nms", "qnms"):
        library.define(f"{each}(Tensor dets, Tensor scores, float threshold) -> Tensor")
    _DECLARED.append(library)


def _mend(operators: Any) -> None:
    multiply, packed = operators.onednn_mm, operators.weight_packed_linear_cpu
    operators.onednn_mm = lambda handler, x, bias: multiply(handler, x.contiguous(), bias)
    operators.weight_packed_linear_cpu = lambda x, *rest: packed(x.contiguous(), *rest)


sys.meta_path.insert(0, _Watch())
