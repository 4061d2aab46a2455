"""What both nets are built of: plain convolutions, residuals, and the way back up."""

import torch
from torch import Tensor, nn


def conv(i: int, o: int, stride: int = 1, kernel: int = 3) -> nn.Sequential:
    """Return a convolution with its normalisation and ReLU."""
    return nn.Sequential(nn.Conv2d(i, o, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(o), nn.ReLU())


class Residual(nn.Module):
    """One 3×3 convolution, dilated down and across, added to what came in."""

    def __init__(self, channels: int, down: int = 1, across: int = 1) -> None:
        super().__init__()
        inner = nn.Conv2d(channels, channels, 3, 1, (down, across), (down, across), bias=False)
        self.inner = nn.Sequential(inner, nn.BatchNorm2d(channels))

    def forward(self, x: Tensor) -> Tensor:
        """Return features of the same shape."""
        return torch.relu(x + self.inner(x))


class Up(nn.Module):
    """Coarse features brought to twice the size and added to the finer ones."""

    def __init__(self, coarse: int, fine: int) -> None:
        super().__init__()
        self.narrow = conv(coarse, fine, kernel=1)
        self.smooth = conv(fine, fine)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        """Return features of the finer shape."""
        wide = nn.functional.interpolate(self.narrow(coarse), scale_factor=2.0, mode="nearest")
        smooth: Tensor = self.smooth(wide + fine)
        return smooth
