"""What a training run carries along and saves: weights, their running average, optimiser, clock."""

from pathlib import Path

import torch
from torch import nn

from models.reader.net import LineNet, Size
from models.reader.weights import load_weights

__all__ = ["Progress"]

_EMA_DECAY = 0.985
"""Per meeting of the processes, once in eight steps."""


class Progress:
    """Weights, their running average, optimiser and clock of a run: everything a later run needs to go on."""

    def __init__(self, seed: int, peak_rate: float, size: Size) -> None:
        torch.manual_seed(seed)
        self.net = LineNet(size).to(memory_format=torch.channels_last)
        self.average = LineNet(size)
        self.average.load_state_dict(self.net.state_dict())
        self.optimiser = torch.optim.AdamW(_weight_groups(self.net), peak_rate, betas=(0.9, 0.98), fused=True)
        self.peak_rate, self.step, self.lines, self.minutes = peak_rate, 0, 0, 0.0

    def start_from(self, file: Path) -> None:
        """Take committed weights; the clock and the optimiser begin anew."""
        self.net.load_state_dict(load_weights(file))
        self.average.load_state_dict(self.net.state_dict())

    def save(self, file: Path) -> None:
        """Write the state; a reader never sees half a file."""
        parts = {"net": self.net, "average": self.average, "optimiser": self.optimiser}
        state = {name: part.state_dict() for name, part in parts.items()}
        torch.save(state | {"step": self.step, "lines": self.lines, "minutes": self.minutes}, file.with_suffix(".new"))
        file.with_suffix(".new").replace(file)

    def load(self, file: Path) -> None:
        """Go on from a saved state."""
        state = torch.load(file, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.lines, self.minutes = state["step"], state["lines"], state["minutes"]

    def follow(self) -> None:
        """Move the running average towards the weights, faster while it is young."""
        decay = min(_EMA_DECAY, (1 + self.step) / (80 + self.step))
        with torch.no_grad():
            for mine, new in zip(self.average.state_dict().values(), self.net.state_dict().values(), strict=True):
                mine.lerp_(new, 1 - decay) if mine.dtype.is_floating_point else mine.copy_(new)


def _weight_groups(net: nn.Module) -> list[dict[str, object]]:
    flat = [weight for weight in net.parameters() if weight.ndim < 2]
    decayed = [weight for weight in net.parameters() if weight.ndim >= 2]
    return [{"params": decayed, "weight_decay": 0.02}, {"params": flat, "weight_decay": 0.0}]
