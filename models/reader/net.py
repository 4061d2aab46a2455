"""The reader's net: plain convolutions down to one row, then 1-D blocks along the line; stride 4, two sizes of it."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.reader.charset import CHARS

__all__ = ["LARGE", "SIZES", "SMALL", "AlongLine", "LineNet", "Residual", "Size"]

_LINE_BLOCKS = 4
_LINE_KERNEL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Channels of the four steps down to one row, and of the inside of a block along the line."""

    channels: tuple[int, int, int, int]
    inner: int


LARGE = Size(channels=(24, 48, 96, 224), inner=448)
"""1.22 M weights, 419 M multiply-adds for a line 720 px wide."""

SMALL = Size(channels=(16, 32, 48, 160), inner=256)
"""0.49 M weights, 150 M multiply-adds: for a Raspberry Pi."""

SIZES = {"large": LARGE, "small": SMALL}


def _conv(i: int, o: int, kernel: tuple[int, int], stride: tuple[int, int] = (1, 1), groups: int = 1) -> nn.Sequential:
    padding = (kernel[0] // 2, kernel[1] // 2)
    convolution = nn.Conv2d(i, o, kernel, stride, padding, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(o))


class Residual(nn.Module):
    """A 3×3 convolution around a skip."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = _conv(channels, channels, (3, 3))

    def forward(self, x: Tensor) -> Tensor:
        """As many channels of the same size."""
        return torch.relu(x + self.inner(x))


class AlongLine(nn.Module):
    """Depthwise 1×9, then more channels and back, around a skip."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.spread = _conv(channels, channels, (1, _LINE_KERNEL), groups=channels)
        self.widen = _conv(channels, inner, (1, 1))
        self.narrow = _conv(inner, channels, (1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """As many channels of the same size."""
        inner: Tensor = self.narrow(torch.relu(self.widen(self.spread(x))))
        return x + inner


class LineNet(nn.Module):
    """Normalised lines [N, 1, 40, W] to CTC logits [N, W/4, classes]; class 0 is the blank."""

    def __init__(self, size: Size = LARGE) -> None:
        super().__init__()
        a, b, c, d = size.channels
        self.size = size
        self.body = nn.Sequential(
            *(_conv(1, a, (3, 3), (2, 2)), nn.ReLU()),
            *(_conv(a, b, (3, 3), (2, 2)), nn.ReLU(), Residual(b)),
            *(_conv(b, c, (3, 3), (2, 1)), nn.ReLU(), Residual(c), Residual(c)),
            *(nn.Conv2d(c, d, (5, 1), bias=False), nn.BatchNorm2d(d), nn.ReLU()),
            *(AlongLine(d, size.inner) for _ in range(_LINE_BLOCKS)),
        )
        self.head = nn.Conv2d(d, len(CHARS) + 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits [N, T, C] of lines [N, 1, 40, W]."""
        logits: Tensor = self.head(self.body(x))
        return logits.squeeze(2).transpose(1, 2)
