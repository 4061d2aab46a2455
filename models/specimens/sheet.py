"""The drawing surface: text in true sizes, rules and inks, with the truth recorded as it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .dice import Dice, grain
from .faces import BLACK, Colour, Style
from .values import A4_PX, PX_PER_MM, Box, Mark, Role, TruthLine

_TILE = 512
Token = tuple[str, Style]
"""A word and how it is set."""


def px(mm: float) -> int:
    """Return millimetres in pixels."""
    return round(mm * PX_PER_MM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A drawn word: where its baseline starts in pixels, and the index of its line."""

    text: str
    x: int
    baseline: int
    style: Style
    line: int


class Sheet:
    """One page or card face under work. Lengths are millimetres from the top left, y of text is its baseline."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.lines: list[TruthLine] = []
        self.words: list[Word] = []
        self.marks: list[Mark] = []

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """A fresh pen on the current image."""
        return ImageDraw.Draw(self.image)

    def write(
        self, x: float, y: float, text: str, style: Style, *, align: str = "left", role: Role = Role.PRINT
    ) -> float:
        """Write one line (`**bold**` is understood) that starts, is centred or ends at x; return its width."""
        words = tokens(text, style)
        width_px = natural_width(words)
        shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
        self.set_line(px(x) - round(shift * width_px), px(y), words, role=role)
        return width_px / PX_PER_MM

    def set_line(
        self, x_px: int, baseline_px: int, words: Sequence[Token], *, stretch: float = 0.0, role: Role = Role.PRINT
    ) -> None:
        """Set words on a baseline with `stretch` extra pixels in each gap, and record the line."""
        if not words:
            return
        pen, boxes, at = self.pen, [], float(x_px)
        for word, style in words:
            spot = (round(at), baseline_px)
            pen.text(spot, word, font=style.font, fill=style.ink, anchor="ls")
            boxes.append(pen.textbbox(spot, word, font=style.font, anchor="ls"))
            self.words.append(Word(text=word, x=spot[0], baseline=baseline_px, style=style, line=len(self.lines)))
            at += style.advance(word) + style.advance(" ") + stretch
        text = " ".join(word for word, _ in words)
        self.lines.append(TruthLine(text=text, box=around(boxes), role=role))

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.2, ink: Colour = BLACK) -> None:
        """Draw a straight rule."""
        self.pen.line((px(x0), px(y0), px(x1), px(y1)), fill=ink, width=max(1, px(width)))

    def frame(self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.2, ink: Colour = BLACK) -> None:
        """Draw an empty rectangle."""
        self.pen.rectangle((px(x0), px(y0), px(x1), px(y1)), outline=ink, width=max(1, px(width)))

    def press(self, alpha: NDArray[np.float32], x_px: int, y_px: int, ink: Colour) -> Box:
        """Lay transparent ink of strength `alpha` (0..1, height x width) over what is there; return the box it took."""
        box = clip((x_px, y_px, x_px + alpha.shape[1], y_px + alpha.shape[0]), self.image.size)
        if box[0] >= box[2] or box[1] >= box[3]:
            return box
        part = alpha[box[1] - y_px : box[3] - y_px, box[0] - x_px : box[2] - x_px]
        strength = np.arange(256)[:, None] / 255
        passed = (255 - strength * (255 - np.array(ink))).astype(np.uint8)
        below = np.asarray(self.image.crop(box), dtype=np.uint8)
        level = (part * 255).astype(np.uint8)
        mixed = cv2.multiply(below, cv2.LUT(cv2.merge((level, level, level)), passed[None]), scale=1 / 255)
        self.image.paste(Image.fromarray(np.asarray(mixed, dtype=np.uint8)), box[:2])
        return box

    def note_line(self, text: str, box: Box, role: Role = Role.PRINT) -> None:
        """Record a line that was drawn by other means."""
        self.lines.append(TruthLine(text=text, box=box, role=role))

    def mark(self, what: str, box: Box, text: str = "") -> None:
        """Record something that is no line."""
        self.marks.append(Mark(what=what, page=0, box=box, text=text))

    def lay(self, other: "Sheet", x: float, y: float, mask: Image.Image | None = None) -> None:
        """Put another sheet's picture and truth on this one with its top left at x, y."""
        dx, dy = px(x), px(y)
        self.image.paste(other.image, (dx, dy), mask)
        first = len(self.lines)
        self.words += [replace(w, x=w.x + dx, baseline=w.baseline + dy, line=w.line + first) for w in other.words]
        self.lines += [replace(line, box=moved(line.box, dx, dy)) for line in other.lines]
        self.marks += [replace(mark, box=moved(mark.box, dx, dy)) for mark in other.marks]


def blank(stream: Dice, tint: Colour = (252, 251, 248), size: tuple[int, int] = A4_PX) -> Sheet:
    """Return an unprinted sheet of faintly uneven paper."""
    fibres = 1.3 * grain(stream, _TILE, _TILE)[..., None]
    tile = np.clip(np.round(np.array(tint) + fibres), 0, 255).astype(np.uint8)
    times = (-(-size[1] // _TILE), -(-size[0] // _TILE), 1)
    return Sheet(Image.fromarray(np.ascontiguousarray(np.tile(tile, times)[: size[1], : size[0]])))


def tokens(text: str, style: Style) -> list[Token]:
    """Split text into styled words; `**` encloses bold ones, and a sign right behind joins the last word."""
    words: list[Token] = []
    glued = False
    for number, part in enumerate(text.split("**")):
        pieces = part.split()
        if glued and pieces and not part[0].isspace():
            words[-1] = (words[-1][0] + pieces.pop(0), words[-1][1])
        words += [(piece, style.but(bold=True) if number % 2 else style) for piece in pieces]
        glued = bool(words) and not part[-1:].isspace()
    return words


def natural_width(words: Sequence[Token]) -> float:
    """Return the width in pixels of words set with their own spaces."""
    spaces = sum(style.advance(" ") for _, style in words[:-1])
    return spaces + sum(style.advance(word) for word, style in words)


def around(boxes: Sequence[tuple[float, float, float, float]]) -> Box:
    """Return the smallest box that holds all boxes."""
    x0, y0, x1, y1 = (list(side) for side in zip(*boxes, strict=True))
    return int(min(x0)), int(min(y0)), int(np.ceil(max(x1))), int(np.ceil(max(y1)))


def moved(box: Box, dx: int, dy: int) -> Box:
    """Return the box shifted."""
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def clip(box: Box, size: tuple[int, int]) -> Box:
    """Return the part of the box that lies on an image of this size."""
    return max(0, box[0]), max(0, box[1]), min(size[0], box[2]), min(size[1], box[3])
