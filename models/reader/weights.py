"""The committed weights, from which another training run can start: a quarter of their size in floats."""

from pathlib import Path

import torch
from torch import Tensor, nn

__all__ = ["load_weights", "save_weights"]

_STEPS = 127


def save_weights(net: nn.Module, file: Path) -> None:
    """Write a net's state: kernels as 8-bit steps of each output channel's greatest weight, the rest as it is."""
    torch.save({name: _coarse(value) if value.ndim == 4 else value for name, value in net.state_dict().items()}, file)


def load_weights(file: Path) -> dict[str, Tensor]:
    """The state dictionary of a saved net."""
    stored = torch.load(file, weights_only=True)
    return {name: _fine(*value) if isinstance(value, tuple) else value for name, value in stored.items()}


def _coarse(kernel: Tensor) -> tuple[Tensor, Tensor]:
    step = kernel.abs().amax(dim=(1, 2, 3), keepdim=True).clamp_min(1e-8) / _STEPS
    return (kernel / step).round().to(torch.int8), step


def _fine(steps: Tensor, step: Tensor) -> Tensor:
    return steps.float() * step
