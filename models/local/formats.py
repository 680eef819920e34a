"""Weights in fewer bits: kept as whole numbers of 8 or 4 bits, and multiplied as they are.

torchao chooses the numbers; torch's own kernels multiply them with 16-bit inputs. For one chat a
step is as fast as memory is, so that fewer bits are less time, too.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor
from torchao.quantization.quant_primitives import (  # type: ignore[import-untyped]
    MappingType,
    choose_qparams_affine,
    quantize_affine,
)

GROUP = 32  # weights of 4 bits that share a scale
_ROWS, _TILES = 16, 8  # what kernels want: outputs of a multiple, and on GPUs tiles of the inputs


class Weight(Protocol):
    """A matrix [outputs, inputs] that inputs are multiplied with."""

    @property
    def nbytes(self) -> int:
        """The memory it takes."""
        ...

    def __call__(self, given: Tensor) -> Tensor:
        """Of inputs [tokens, inputs] the outputs [tokens, outputs]."""
        ...


def in_bits(weight: Tensor, bits: int) -> Weight:
    """A matrix [outputs, inputs] in 8 or 4 bits, or as near to it as its shape allows."""
    if bits == 4 and weight.shape[1] % GROUP == 0 and weight.shape[0] % _ROWS == 0:
        return FourBits(weight)
    return EightBits(weight)


class EightBits:
    """Whole numbers from -127 to 127 and a scale for each output."""

    def __init__(self, weight: Tensor) -> None:
        numbers, scales, _ = _quantised(weight, bits=8, group=weight.shape[1])
        self._numbers = numbers
        self._scales = scales.flatten().to(torch.bfloat16)

    @property
    def nbytes(self) -> int:
        return self._numbers.nbytes + self._scales.nbytes

    def __call__(self, given: Tensor) -> Tensor:
        made: Tensor = torch._weight_int8pack_mm(_sixteen(given), self._numbers, self._scales)
        return made.to(given.dtype)


class FourBits:
    """Whole numbers from 0 to 15; a scale and a least value for each group of inputs."""

    def __init__(self, weight: Tensor) -> None:
        numbers, scales, least = _quantised(weight, bits=4, group=GROUP)
        # Kernels count from the middle: (number - 8) x scale + offset.
        offsets = (8 - least) * scales
        both = torch.stack([scales, offsets], -1).transpose(0, 1).contiguous()
        self._scales = both.to(torch.bfloat16)  # [groups, outputs, 2]
        if weight.is_cuda:
            pairs = (numbers[:, ::2] << 4 | numbers[:, 1::2]).to(torch.uint8)
            self._numbers = torch._convert_weight_to_int4pack(pairs, _TILES)
        else:
            packed = torch.ops.aten._convert_weight_to_int4pack_for_cpu
            self._numbers = packed(numbers.to(torch.int32), 1)

    @property
    def nbytes(self) -> int:
        return self._numbers.nbytes + self._scales.nbytes

    def __call__(self, given: Tensor) -> Tensor:
        if given.is_cuda:
            multiply = torch._weight_int4pack_mm
        else:
            multiply = torch.ops.aten._weight_int4pack_mm_for_cpu
        made: Tensor = multiply(_sixteen(given), self._numbers, GROUP, self._scales)
        return made.to(given.dtype)


def _sixteen(given: Tensor) -> Tensor:
    return given.to(torch.bfloat16).contiguous()


def _quantised(weight: Tensor, *, bits: int, group: int) -> tuple[Tensor, Tensor, Tensor]:
    """Numbers [outputs, inputs], then scales and what stands for zero [outputs, groups]."""
    kind = MappingType.SYMMETRIC if bits == 8 else MappingType.ASYMMETRIC
    least, most = (-127, 127) if bits == 8 else (0, 15)
    target = torch.int8 if bits == 8 else torch.uint8
    scales, zeros = choose_qparams_affine(
        weight.float(), kind, (1, group), target, least, most, scale_dtype=torch.float32
    )
    numbers = quantize_affine(weight.float(), (1, group), scales, zeros, target, least, most)
    return numbers, scales, zeros
