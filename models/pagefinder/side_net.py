"""The side finder's net: where across a strip the paper ends, at every station along it; 0.2 M weights.

Strips [N, 8, 64, 128] to logits [N, 64, 64]: station along the side, row from inside to outside.
"""

import torch
from torch import Tensor, nn

from models.pagefinder.blocks import Residual, Up, conv
from models.pagefinder.strips import CHANNELS

__all__ = ["SideNet"]

_WIDTHS = (16, 28, 48, 64)


class SideNet(nn.Module):
    """Strips to where the paper ends; what lies far along the side counts too, so that faint edges add up."""

    def __init__(self) -> None:
        super().__init__()
        half, quarter, eighth, last = _WIDTHS
        self.stem = conv(CHANNELS, half, 2)
        self.quarter = nn.Sequential(conv(half, quarter, 2), Residual(quarter), Residual(quarter, 1, 2))
        self.eighth = nn.Sequential(conv(quarter, eighth, 2), Residual(eighth, 1, 2), Residual(eighth, 2, 4))
        self.last = nn.Sequential(conv(eighth, last, 2), Residual(last, 1, 2), Residual(last), Residual(last, 1, 2))
        self.to_eighth = Up(last, eighth)
        self.to_quarter = Up(eighth, quarter)
        self.to_half = Up(quarter, half)
        self.head = nn.Conv2d(half, 2, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits [N, stations, rows] of strips [N, channels, rows, columns]."""
        half: Tensor = self.stem(x)
        quarter: Tensor = self.quarter(half)
        eighth: Tensor = self.eighth(quarter)
        features = self.to_half(self.to_quarter(self.to_eighth(self.last(eighth), eighth), quarter), half)
        two: Tensor = self.head(features)
        rows = two.permute(0, 3, 2, 1)
        return torch.flatten(rows, 2)
