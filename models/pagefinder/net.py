"""The page finder's net: plain 3×3 convolutions down to a thirty-second and up to a quarter; 0.3 M weights.

Squares [N, 5, 192, 192] to logits [N, 4, 96, 96]: the paper's whole flat outline, other papers, hand, glare.
"""

import torch
from torch import Tensor, nn

from models.pagefinder.levels import CHANNELS, LAYERS

__all__ = ["PageNet"]

_WIDTHS = (12, 24, 40, 56, 72)


def _conv(i: int, o: int, stride: int = 1, kernel: int = 3, dilation: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(i, o, kernel, stride, dilation * (kernel // 2), dilation, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(o), nn.ReLU())


class _Residual(nn.Module):
    def __init__(self, channels: int, dilation: int = 1) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(channels, channels, 3, 1, dilation, dilation, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.inner(x))


class _Up(nn.Module):
    """Coarse features brought to twice the size and added to the finer ones."""

    def __init__(self, coarse: int, fine: int) -> None:
        super().__init__()
        self.narrow = _conv(coarse, fine, kernel=1)
        self.smooth = _conv(fine, fine)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        wide = nn.functional.interpolate(self.narrow(coarse), scale_factor=2.0, mode="nearest")
        smooth: Tensor = self.smooth(wide + fine)
        return smooth


class PageNet(nn.Module):
    """Photographs to logits of what lies where, at half their resolution."""

    def __init__(self) -> None:
        super().__init__()
        half, quarter, eighth, sixteenth, last = _WIDTHS
        self.stem = _conv(CHANNELS, half, 2)
        self.quarter = nn.Sequential(_conv(half, quarter, 2), _Residual(quarter))
        self.eighth = nn.Sequential(_conv(quarter, eighth, 2), _Residual(eighth))
        self.sixteenth = nn.Sequential(_conv(eighth, sixteenth, 2), _Residual(sixteenth), _Residual(sixteenth, 2))
        self.last = nn.Sequential(_conv(sixteenth, last, 2), _Residual(last), _Residual(last, 2), _Residual(last))
        self.to_sixteenth = _Up(last, sixteenth)
        self.to_eighth = _Up(sixteenth, eighth)
        self.to_quarter = _Up(eighth, quarter)
        self.head = nn.Conv2d(quarter, 4 * len(LAYERS), 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits [N, layers, H/2, W/2] of squares [N, channels, H, W]."""
        quarter: Tensor = self.quarter(self.stem(x))
        eighth: Tensor = self.eighth(quarter)
        sixteenth: Tensor = self.sixteenth(eighth)
        coarse = self.to_sixteenth(self.last(sixteenth), sixteenth)
        features = self.to_quarter(self.to_eighth(coarse, eighth), quarter)
        return nn.functional.pixel_shuffle(self.head(features), 2)
