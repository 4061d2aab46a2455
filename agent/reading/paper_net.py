"""What lies where in a photograph, as a small net of our own sees it (models/pagefinder): papers, hands, glare."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from agent.reading.engine import open_net
from agent.reading.values import Pixels
from models.manifest import verified
from models.pagefinder.levels import from_mask, levels_of, on_square, scale_of, to_mask

PAGE_FINDER = "page-finder"
"""The name of its weights in the manifest."""

Chances = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Chances 0…1 on a coarse grid: the paper's whole flat outline, other papers, a hand, glare; each (h, w)."""

    paper: Chances
    other: Chances
    hand: Chances
    glare: Chances
    scale: float

    def to_picture(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return cells of the grid (x, y), shape (n, 2), as pixels of the picture."""
        return from_mask(points, self.scale)

    def to_cells(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return pixels of the picture (x, y), shape (n, 2), as cells of the grid."""
        return to_mask(points, self.scale)


class PaperNet:
    """The net, loaded once; a picture takes some 10 ms."""

    def __init__(self) -> None:
        self._net = open_net(verified(PAGE_FINDER))

    def look(self, pixels: Pixels) -> Sight:
        """Return what the net sees in an RGB picture of any size."""
        (layers,) = self._net.run(None, {"x": levels_of(on_square(pixels))[None]})[0]
        paper, other, hand, glare = layers
        return Sight(paper=paper, other=other, hand=hand, glare=glare, scale=scale_of(*pixels.shape[1::-1]))


@cache
def paper_net() -> PaperNet:
    """Return the net of this process; raise ModelError where its weights are not the listed ones."""
    return PaperNet()
