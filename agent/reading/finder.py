"""Where the lines of print are: a small net of our own (models/linefinder) finds their cores, the ink does the rest."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.reading.bands import LONG_EM, Band, Chances, bands_of
from agent.reading.engine import open_net
from agent.reading.levels import MULTIPLE, NET_DPI, normalise
from agent.reading.line_crop import cut
from agent.reading.line_ink import ink_of_lines, with_dark_print
from agent.reading.page import grey_of
from agent.reading.shrink import shrunk
from agent.reading.values import DPI, Found, Pixels

_SHRINK = DPI // NET_DPI
_CELL_PX = 2 * _SHRINK
_MOST_LINES = 400

Grey = NDArray[np.uint8]


class LineFinder:
    """The net, loaded once; an A4 page takes about a tenth of a second on one thread."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._net = open_net(path, threads=threads)
        self._input = self._net.get_inputs()[0].name

    def find(self, page_pixels_rgb_300dpi: Pixels) -> list[Found]:
        """Return the lines of a flat, upright page (RGB, 300 dpi) in reading order: row by row, left to right."""
        return self.find_in(grey_of(page_pixels_rgb_300dpi))

    def find_in(self, grey: Grey) -> list[Found]:
        """Return the lines of a grey page, as `find` does."""
        bands = self.bands(grey)
        grey = with_dark_print(grey, bands)
        ink = ink_of_lines(grey, bands)
        found = [cut(grey, ink, bands, number) for number in range(len(bands))]
        return [line for line in found if line is not None]

    def bands(self, grey: Grey, *, long_em: float = LONG_EM) -> list[Band]:
        """Return the bands of a grey page at 300 dpi, in its pixels; of more than 400 the longest.

        Those shorter than `long_em` get the slope that is usual on the page.
        """
        bands = bands_of(self._chances(grey), _CELL_PX, long_em=long_em)
        if len(bands) <= _MOST_LINES:
            return bands
        shortest = sorted(band.x1 - band.x0 for band in bands)[-_MOST_LINES]
        return [band for band in bands if band.x1 - band.x0 >= shortest][:_MOST_LINES]

    def _chances(self, grey: Grey) -> Chances:
        small = shrunk(grey, _SHRINK)
        height, width = small.shape
        room = ((0, -height % MULTIPLE), (0, -width % MULTIPLE))
        levels = np.pad(normalise(small), room, mode="edge")
        chances: Chances = self._net.run(None, {self._input: levels[None, None]})[0][0, 0]
        return chances[: -(-height // 2), : -(-width // 2)]
