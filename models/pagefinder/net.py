"""The page finder's net: plain 3×3 convolutions down to a thirty-second and up to a quarter; 0.3 M weights.

Squares [N, 5, 192, 192] to logits [N, 4, 96, 96]: the paper's whole flat outline, other papers, hand, glare.
"""

from torch import Tensor, nn

from models.pagefinder.blocks import Residual, Up, conv
from models.pagefinder.levels import CHANNELS, LAYERS

__all__ = ["PageNet"]

_WIDTHS = (12, 24, 40, 56, 72)


class PageNet(nn.Module):
    """Photographs to logits of what lies where, at half their resolution."""

    def __init__(self) -> None:
        super().__init__()
        half, quarter, eighth, sixteenth, last = _WIDTHS
        self.stem = conv(CHANNELS, half, 2)
        self.quarter = nn.Sequential(conv(half, quarter, 2), Residual(quarter))
        self.eighth = nn.Sequential(conv(quarter, eighth, 2), Residual(eighth))
        self.sixteenth = nn.Sequential(conv(eighth, sixteenth, 2), Residual(sixteenth), Residual(sixteenth, 2, 2))
        self.last = nn.Sequential(conv(sixteenth, last, 2), Residual(last), Residual(last, 2, 2), Residual(last))
        self.to_sixteenth = Up(last, sixteenth)
        self.to_eighth = Up(sixteenth, eighth)
        self.to_quarter = Up(eighth, quarter)
        self.head = nn.Conv2d(quarter, 4 * len(LAYERS), 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits [N, layers, H/2, W/2] of squares [N, channels, H, W]."""
        quarter: Tensor = self.quarter(self.stem(x))
        eighth: Tensor = self.eighth(quarter)
        sixteenth: Tensor = self.sixteenth(eighth)
        coarse = self.to_sixteenth(self.last(sixteenth), sixteenth)
        features = self.to_quarter(self.to_eighth(coarse, eighth), quarter)
        return nn.functional.pixel_shuffle(self.head(features), 2)
