"""vLLM's own command, on a CPU: `.venvs/vllm/bin/python scripts/serve_vllm.py serve FOLDER ...`.

vLLM asks for torchvision, whose wheels want a torch for GPUs: beside a torch for CPUs its operators
are missing, and importing it fails. The processor of Llama 4 needs only what torchvision has in
Python, so the two operators that it looks for are declared here. Processes that vLLM starts import
this file again, and so have them too.
"""

import importlib.util
import sys
from typing import Any

import torch

_OPERATORS: Any = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
for _name in ("nms", "qnms"):
    _OPERATORS.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

if __name__ == "__main__":
    if importlib.util.find_spec("vllm") is None:
        sys.exit("vLLM is not here: sh scripts/set-up-vllm.sh")
    from vllm.entrypoints.cli.main import main  # type: ignore[import-not-found]

    main()
