"""The reader's net: plain convolutions down to one row, then 1-D blocks along the line; 1.2 M weights, stride 4."""

import torch
from torch import Tensor, nn

from models.reader.charset import CHARS

__all__ = ["LineNet"]

_CHANNELS = (24, 48, 96, 224)
_LINE_BLOCKS = 4
_LINE_KERNEL = 9


def _conv(i: int, o: int, kernel: tuple[int, int], stride: tuple[int, int] = (1, 1), groups: int = 1) -> nn.Sequential:
    padding = (kernel[0] // 2, kernel[1] // 2)
    convolution = nn.Conv2d(i, o, kernel, stride, padding, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(o))


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = _conv(channels, channels, (3, 3))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.inner(x))


class _AlongLine(nn.Module):
    """Depthwise 1×9, then twice as many channels and back, around a skip."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.spread = _conv(channels, channels, (1, _LINE_KERNEL), groups=channels)
        self.widen = _conv(channels, 2 * channels, (1, 1))
        self.narrow = _conv(2 * channels, channels, (1, 1))

    def forward(self, x: Tensor) -> Tensor:
        inner: Tensor = self.narrow(torch.relu(self.widen(self.spread(x))))
        return x + inner


class LineNet(nn.Module):
    """Normalised lines [N, 1, 40, W] to CTC logits [N, W/4, classes]; class 0 is the blank."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d = _CHANNELS
        self.body = nn.Sequential(
            *(_conv(1, a, (3, 3), (2, 2)), nn.ReLU()),
            *(_conv(a, b, (3, 3), (2, 2)), nn.ReLU(), _Residual(b)),
            *(_conv(b, c, (3, 3), (2, 1)), nn.ReLU(), _Residual(c), _Residual(c)),
            *(nn.Conv2d(c, d, (5, 1), bias=False), nn.BatchNorm2d(d), nn.ReLU()),
            *(_AlongLine(d) for _ in range(_LINE_BLOCKS)),
        )
        self.head = nn.Conv2d(d, len(CHARS) + 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits [N, T, C] of lines [N, 1, 40, W]."""
        logits: Tensor = self.head(self.body(x))
        return logits.squeeze(2).transpose(1, 2)
