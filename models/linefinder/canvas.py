"""A page under the pen at 200 dpi, with the truth beside it: the core of every text line, drawn as the line is drawn.

The core of a line is the band from its baseline up to the height of an x. It is one piece a line, also in capitals and
digits; lines side by side with more than `COLUMN_GAP_EM` between them are two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

__all__ = ["A4_PX", "COLUMN_GAP_EM", "DPI", "PX_PER_PT", "Canvas", "Grey", "Run"]

Grey = npt.NDArray[np.uint8]

DPI = 200
PX_PER_PT = DPI / 72
A4_PX = (1654, 2339)
COLUMN_GAP_EM = 1.6
PAPER = 255

Run = tuple[str, ImageFont.FreeTypeFont]
"""A word and its face."""


@dataclass(slots=True)
class Canvas:
    """Grey levels and line cores (0 or 255) of one page."""

    size: tuple[int, int] = A4_PX
    picture: Image.Image = field(init=False)
    cores: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        self.picture = Image.new("L", self.size, PAPER)
        self.cores = Image.new("L", self.size, 0)

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """A pen on the picture."""
        return ImageDraw.Draw(self.picture)

    def write(self, x: float, baseline: float, words: Sequence[Run], *, ink: int = 25, stretch: float = 0.0) -> float:
        """Set words on a baseline with `stretch` extra px in each gap; return where the last one ends."""
        spans: list[tuple[float, float]] = []
        for word, face in words:
            self.pen.text((x, baseline), word, font=face, fill=ink, anchor="ls")
            end = x + face.getlength(word)
            spans.append((x, end))
            x = end + face.getlength(" ") + stretch
        self._note(spans, baseline, [face for _, face in words])
        return spans[-1][1] if spans else x

    def bridge(self, start: float, end: float, baseline: float, face: ImageFont.FreeTypeFont) -> None:
        """Make what stands on a baseline between two places one line, as a pen's digits between print do."""
        _band(ImageDraw.Draw(self.cores), start, end, baseline, x_height_px(face))

    def leader(self, kind: str, start: float, end: float, y: float, ink: int, step: int) -> None:
        """Draw the `dots` or the `rule` that a form is filled in on; it is no text."""
        if kind == "rule":
            self.pen.line((start, y, end, y), fill=ink, width=1)
        if kind == "dots":
            for x in np.arange(start, end, step):
                self.pen.rectangle((x, y - 1, x + 1, y), fill=ink)

    def _note(
        self, spans: Sequence[tuple[float, float]], baseline: float, faces: Sequence[ImageFont.FreeTypeFont]
    ) -> None:
        if not spans:
            return
        pen, x_height = ImageDraw.Draw(self.cores), max(x_height_px(face) for face in faces)
        start, end = spans[0]
        for left, right in spans[1:]:
            if left - end > COLUMN_GAP_EM * faces[0].size:
                _band(pen, start, end, baseline, x_height)
                start = left
            end = right
        _band(pen, start, end, baseline, x_height)

    def press(self, stamp: Grey, x: int, y: int) -> None:
        """Lay a picture over the page as transparent ink does (levels multiply), its top left at x, y."""
        box = (max(0, x), max(0, y), min(self.size[0], x + stamp.shape[1]), min(self.size[1], y + stamp.shape[0]))
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        part = stamp[box[1] - y : box[3] - y, box[0] - x : box[2] - x]
        below = np.asarray(self.picture.crop(box), np.uint16)
        self.picture.paste(Image.fromarray((below * part // 255).astype(np.uint8)), box[:2])

    def stick(self, picture: Grey, x: int, y: int) -> None:
        """Paste an opaque picture, as a portrait or a code is; what it covers is no line any more."""
        self.picture.paste(Image.fromarray(picture), (x, y))
        self.cores.paste(0, (x, y, x + picture.shape[1], y + picture.shape[0]))


def _band(pen: ImageDraw.ImageDraw, start: float, end: float, baseline: float, x_height: float) -> None:
    if end - start >= 3:
        pen.rectangle((round(start), round(baseline - x_height), round(end) - 1, round(baseline) - 1), fill=255)


@lru_cache(maxsize=2000)
def x_height_px(face: ImageFont.FreeTypeFont) -> float:
    """Return how high an x stands in a face."""
    return float(-face.getbbox("x", anchor="ls")[1])
