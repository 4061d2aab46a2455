"""The finder's net: plain 3×3 convolutions down to a sixteenth and up again; 0.5 M weights, 3.2 GMAC an A4 page.

Grey pages [N, 1, H, W] at 100 dpi, H and W multiples of 16, to logits [N, 1, H/2, W/2] of line cores.
"""

import torch
from torch import Tensor, nn

__all__ = ["FinderNet"]

_HALF, _QUARTER, _EIGHTH, _SIXTEENTH = 16, 24, 48, 96


def _conv(i: int, o: int, stride: int = 1, kernel: int = 3) -> nn.Sequential:
    convolution = nn.Conv2d(i, o, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(o), nn.ReLU())


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels))

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


class FinderNet(nn.Module):
    """Pages to logits of line cores at half their resolution."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = _conv(1, _HALF, 2)
        self.quarter = nn.Sequential(_conv(_HALF, _QUARTER, 2), _Residual(_QUARTER))
        self.eighth = nn.Sequential(_conv(_QUARTER, _EIGHTH, 2), _Residual(_EIGHTH), _Residual(_EIGHTH))
        self.sixteenth = nn.Sequential(_conv(_EIGHTH, _SIXTEENTH, 2), *(_Residual(_SIXTEENTH) for _ in range(3)))
        self.to_eighth = _Up(_SIXTEENTH, _EIGHTH)
        self.to_quarter = _Up(_EIGHTH, _QUARTER)
        self.head = nn.Conv2d(_QUARTER, 4, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits [N, 1, H/2, W/2] of pages [N, 1, H, W]."""
        quarter: Tensor = self.quarter(self.stem(x))
        eighth: Tensor = self.eighth(quarter)
        coarse: Tensor = self.sixteenth(eighth)
        features = self.to_quarter(self.to_eighth(coarse, eighth), quarter)
        return nn.functional.pixel_shuffle(self.head(features), 2)
