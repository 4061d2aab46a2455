"""Type faces of official papers, found among the installed fonts."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

from .values import PX_PER_PT, FaceMissingError

Colour = tuple[int, int, int]
BLACK: Colour = (28, 27, 30)

_ROOTS = (Path("/usr/share/texmf/fonts/opentype"), Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


class Family(StrEnum):
    """A family by its use; the value is the stem of its files. All but the last cover every Vietnamese letter."""

    SERIF = "texgyretermes"
    SANS = "texgyreheros"
    BOOK = "texgyreschola"
    ROUND = "texgyrebonum"
    MACHINE = "OCRB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a run of text is set."""

    size_pt: float
    family: Family = Family.SERIF
    bold: bool = False
    italic: bool = False
    ink: Colour = BLACK

    def but(self, **changes: object) -> "Style":
        """Return this style with some properties changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def size_px(self) -> int:
        """Body size in pixels at 300 dpi."""
        return round(self.size_pt * PX_PER_PT)

    def advance(self, word: str) -> float:
        """Return the width of a word in pixels."""
        return _advance(self.family, self.bold, self.italic, self.size_px, word)

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        """The face at this size; raise FaceMissingError when it is not installed."""
        return font(self.family, self.bold, self.italic, self.size_px)


@cache
def font(family: Family, bold: bool, italic: bool, size_px: int) -> ImageFont.FreeTypeFont:
    """Return a face at a size in pixels; raise FaceMissingError when it is not installed."""
    return ImageFont.truetype(_path(family, bold, italic), size_px)


@lru_cache(maxsize=20_000)
def _advance(family: Family, bold: bool, italic: bool, size_px: int, word: str) -> float:
    return float(font(family, bold, italic, size_px).getlength(word))


@cache
def _path(family: Family, bold: bool, italic: bool) -> Path:
    name = "OCRB.otf" if family is Family.MACHINE else f"{family}-{_cut(bold, italic)}.otf"
    for root in _ROOTS:
        found = next(iter(sorted(root.rglob(name))), None)
        if found:
            return found
    package = "fonts-ocr-b" if family is Family.MACHINE else "fonts-texgyre"
    raise FaceMissingError(f"The type face {name} is not installed: run `apt-get install {package}`.")


def _cut(bold: bool, italic: bool) -> str:
    return ("bold" * bold + "italic" * italic) or "regular"
