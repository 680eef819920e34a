"""Which checkpoint to serve, and loading it: safetensors only, and never code from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    Llama4ForConditionalGeneration,
    Llama4Processor,
)
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES,
)

from models.errors import CheckpointError
from models.local.hub import HUB_ID, HubCheckpoint
from models.local.threads import Threads
from models.machine import memory_bytes
from models.settings import NumberFormat

LLAMA4 = "llama4"  # what our own engine serves; others answer through generate()
FLOATS = {NumberFormat.FLOAT32: torch.float32, NumberFormat.BFLOAT16: torch.bfloat16}
PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")


def check_folder(folder: Path) -> str:
    """The kind of model in a folder. Raises CheckpointError where it cannot be served."""
    if not folder.is_dir():
        raise CheckpointError(f"MODEL: the checkpoint folder {folder} does not exist")
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except FileNotFoundError:
        raise CheckpointError(f"MODEL: {folder} has no config.json") from None
    except (OSError, ValueError) as error:
        raise CheckpointError(f"MODEL: {folder}/config.json cannot be read: {error}") from error
    kind = str(config.get("model_type", ""))
    check_kind(str(folder), kind)
    check_weights(str(folder), folder)
    return kind


def check_weights(name: str, folder: Path) -> None:
    """Raises CheckpointError where there are no weights that are read without running code."""
    if not any(folder.glob("*.safetensors")):
        pickled = sorted(path.name for path in folder.iterdir() if path.suffix in PICKLES)
        found = (
            f" but pickled weights ({', '.join(pickled)}), which can run code" if pickled else ""
        )
        raise CheckpointError(f"MODEL: {name} has no *.safetensors{found}")


def check_kind(name: str, kind: str) -> None:
    """Raises CheckpointError for a kind of model that neither engine in the worker serves."""
    if kind != LLAMA4 and not (sees_pictures(kind) or kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES):
        raise CheckpointError(
            f"MODEL: {name} is of kind {kind or 'unknown'}, which holds no conversations. Serve it "
            "with Ollama, llama.cpp or vLLM and set ENGINE_URL"
        )


def sees_pictures(kind: str) -> bool:
    """Whether models of this kind take pictures beside words."""
    return kind in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES


class Checkpoint:
    """A checked folder or checkpoint at the hub, and what its config says."""

    def __init__(self, name: str, number_format: NumberFormat = NumberFormat.AUTO) -> None:
        self.name = name
        self.number_format = number_format
        path = Path(name).expanduser()
        self._at_hub: HubCheckpoint | None = None
        if path.is_dir() or not HUB_ID.fullmatch(name):
            check_folder(path)
            self.exact_name = path.resolve().name
        else:
            self._at_hub = HubCheckpoint(name)
            path = self._at_hub.fetch_config()
            self.exact_name = self._at_hub.exact_name
        try:
            # a folder on this machine, of which nothing is executed: no code, no pickle
            self.config: Any = AutoConfig.from_pretrained(path, trust_remote_code=False)  # nosec B615
        except (OSError, ValueError) as error:
            raise CheckpointError(_plainly(name, error)) from error
        check_kind(name, self.config.model_type)
        self._folder = path

    @property
    def is_llama4(self) -> bool:
        """Whether our own engine serves it."""
        return bool(self.config.model_type == LLAMA4)

    @property
    def bits(self) -> int | None:
        """Of the weights of the layers, where fewer than they come with are wanted."""
        return {NumberFormat.INT8: 8, NumberFormat.INT4: 4}.get(self.number_format)

    @property
    def device(self) -> str:
        """Where our own engine computes it. All of it lies on one: passes go through the layers
        without asking where they are."""
        if torch.cuda.is_available():
            return "cuda:0"
        # There are no kernels for fewer bits on Apple's.
        return "mps" if self.bits is None and torch.backends.mps.is_available() else "cpu"

    @property
    def sees(self) -> bool:
        """Whether it takes pictures."""
        return sees_pictures(self.config.model_type)

    def load(self) -> tuple[Any, Any, torch.dtype]:
        """The model in evaluation mode, its processor, and the number format of its weights.

        It is on its device, or in this machine's memory where fewer bits are wanted there."""
        device = "cpu" if self.bits else self.device
        return self._load(Llama4ForConditionalGeneration, Llama4Processor, device)

    def load_any(self) -> tuple[Any, Any, torch.dtype]:
        """The same of any kind; the processor is a tokenizer where the model takes words only."""
        if self.bits:
            raise CheckpointError(
                f"NUMBER_FORMAT: {self.number_format.value} is for checkpoints of Llama 4. Serve "
                f"{self.name} with llama.cpp, Ollama or vLLM in fewer bits and set ENGINE_URL"
            )
        gpu = torch.cuda.is_available() or torch.backends.mps.is_available()
        kinds = (
            (AutoModelForImageTextToText, AutoProcessor)
            if self.sees
            else (AutoModelForCausalLM, AutoTokenizer)
        )
        loaded = self._load(kinds[0], kinds[1], "auto" if gpu else "cpu")
        if not getattr(loaded[1], "chat_template", None):
            raise CheckpointError(
                f"MODEL: {self.name} has no chat template: it goes on with texts and was not made "
                "for conversations"
            )
        return loaded

    def _load(
        self, model_kind: Any, processor_kind: Any, device: str
    ) -> tuple[Any, Any, torch.dtype]:
        if self._at_hub:
            self._folder = self._at_hub.fetch()
            check_weights(self.name, self._folder)
        if self.number_format in FLOATS:
            dtype: torch.dtype | str = FLOATS[self.number_format]
        else:
            dtype = self._format_on_cpu() if device == "cpu" else "auto"
        try:
            processor = processor_kind.from_pretrained(self._folder, trust_remote_code=False)
            model: Any = model_kind.from_pretrained(
                self._folder,
                dtype=dtype,
                device_map=device,
                use_safetensors=True,
                trust_remote_code=False,
            )
        except torch.OutOfMemoryError as error:
            raise CheckpointError(
                f"MODEL: {self.name} does not fit into this GPU's memory. `whimbrel plan` tells "
                "which hold it: serve it there with vLLM and set ENGINE_URL"
            ) from error
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise CheckpointError(_plainly(self.name, error)) from error
        model.eval()
        if device == "cpu":
            Threads(model.num_parameters()).use(1)
        return model, processor, model.dtype

    def _format_on_cpu(self) -> torch.dtype:
        """32 bits where they fit easily, since most CPUs are slower with fewer; else 16."""
        weights = sum(path.stat().st_size for path in self._folder.glob("*.safetensors"))
        fits = weights * 2 < memory_bytes() / 3
        return torch.float32 if fits else torch.bfloat16


def _plainly(name: str, error: Exception) -> str:
    """What is wrong with the files, for the operator."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return f"MODEL: {name} cannot be loaded: {first}"
