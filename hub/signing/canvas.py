"""Drawing in millimetres from the page's top left: black text in the official face, lines, squares; nothing else."""

import unicodedata
from collections.abc import Iterable

from contract.layout import PAGE_HEIGHT_MM
from hub.signing.typeface import Typeface, serif

PT_PER_MM = 72 / 25.4
REGULAR, BOLD = "TramSerif", "TramSerifBold"
"""Names under which a page's resources hold the two styles."""


class Ink:
    """The two styles of the face in one copy, and the letters used of each, numbered from 1 as they come."""

    def __init__(self) -> None:
        self._faces = dict(zip((REGULAR, BOLD), serif(), strict=True))
        self._numbers: dict[str, dict[str, int]] = {REGULAR: {}, BOLD: {}}

    def face(self, style: str) -> Typeface:
        """Return the typeface of a style."""
        return self._faces[style]

    def letters(self, style: str) -> str:
        """Return the letters used so far; the first has the number 1."""
        return "".join(self._numbers[style])

    def encode(self, style: str, text: str) -> str:
        """Return `text` as the hex of its letters' numbers; raise TextUnprintable."""
        self._faces[style].glyphs(text)
        numbers = self._numbers[style]
        letters = unicodedata.normalize("NFC", text)
        return "".join(f"{numbers.setdefault(letter, len(numbers) + 1):04X}" for letter in letters)


class Canvas:
    """The marks on one page; `content` is the content stream that makes them."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self._operators = ["0 g 0 G"]

    @property
    def content(self) -> bytes:
        """The operators drawn so far."""
        return "\n".join(self._operators).encode("ascii")

    def width_mm(self, text: str, size_pt: float, style: str = REGULAR) -> float:
        """Return how long `text` is when set; raise TextUnprintable."""
        return self._ink.face(style).width_pt(text, size_pt) / PT_PER_MM

    def text(self, text: str, *, x: float, baseline: float, size_pt: float, style: str = REGULAR) -> None:
        """Set `text` from `x` to the right; raise TextUnprintable."""
        place = f"{_pt(x)} {_pt(PAGE_HEIGHT_MM - baseline)} Td"
        self._operators.append(f"BT /{style} {size_pt:g} Tf {place} <{self._ink.encode(style, text)}> Tj ET")

    def right(self, text: str, *, x: float, baseline: float, size_pt: float, style: str = REGULAR) -> None:
        """Set `text` so that it ends at `x`."""
        left = x - self.width_mm(text, size_pt, style)
        self.text(text, x=left, baseline=baseline, size_pt=size_pt, style=style)

    def centred(self, text: str, *, x: float, baseline: float, size_pt: float, style: str = REGULAR) -> None:
        """Set `text` so that its middle stands at `x`."""
        left = x - self.width_mm(text, size_pt, style) / 2
        self.text(text, x=left, baseline=baseline, size_pt=size_pt, style=style)

    def line(self, *, x: float, y: float, width: float, thickness: float) -> None:
        """Draw a solid horizontal line whose middle is at `y`."""
        low = PAGE_HEIGHT_MM - y - thickness / 2
        self._operators.append(f"{_pt(x)} {_pt(low)} {_pt(width)} {_pt(thickness)} re f")

    def modules(self, matrix: Iterable[Iterable[int]], *, x: float, y: float, module: float) -> None:
        """Draw the dark modules of a matrix code as vectors; `x`, `y` is its corner, `module` the side of a module."""
        side = _pt(module)
        self._operators.append(f"q {side} 0 0 -{side} {_pt(x)} {_pt(PAGE_HEIGHT_MM - y)} cm")  # one unit, one module
        for row, cells in enumerate(matrix):
            self._operators.extend(f"{start} {row} {length} 1 re" for start, length in _runs(cells))
        self._operators.append("f Q")


def _runs(cells: Iterable[int]) -> Iterable[tuple[int, int]]:
    start: int | None = None
    for at, cell in enumerate((*cells, 0)):
        if cell and start is None:
            start = at
        elif not cell and start is not None:
            yield start, at - start
            start = None


def _pt(millimetres: float) -> str:
    return f"{millimetres * PT_PER_MM:.3f}".rstrip("0").rstrip(".")
