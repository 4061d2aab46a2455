"""Where across each side of a rough outline the paper ends, as a small net of our own says (models/pagefinder)."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from agent.reading.engine import open_net
from agent.reading.paper_net import Sight
from agent.reading.shrink import shrunk
from agent.reading.values import Pixels
from models.manifest import verified
from models.pagefinder.strips import Strip, chances_in, looked_at, planes_of, shrink_of

SIDE_FINDER = "side-finder"
"""The name of its weights in the manifest."""

Ends = NDArray[np.float32]
"""The chance that the paper ends in a row, at each station along a side, (STATIONS, ACROSS) of pagefinder.strips."""


class SideNet:
    """The net, loaded once; the four sides take some 15 ms."""

    def __init__(self) -> None:
        self._net = open_net(verified(SIDE_FINDER))

    def look(self, pixels: Pixels, sight: Sight, strips: list[Strip]) -> list[Ends]:
        """Return where the paper of an RGB picture ends in each of some strips, all of one reach."""
        factor = shrink_of(strips[0].reach)
        small = shrunk(pixels, factor) if factor > 1 else pixels
        views = [looked_at(small, factor, strip) for strip in strips]
        planes = [
            planes_of(*view, chances_in(sight.paper, strip, sight.scale))
            for view, strip in zip(views, strips, strict=True)
        ]
        return list(self._net.run(None, {"x": np.stack(planes)})[0])


@cache
def side_net() -> SideNet:
    """Return the net of this process; raise ModelError where its weights are not the listed ones."""
    return SideNet()
