"""The faces lines are drawn in: which are found on this machine, how often each is used, under which licence."""

import random
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from models.reader.charset import CHARS, VIETNAMESE

__all__ = ["FAMILIES", "Face", "Faces", "Family", "find_faces", "sized"]

_ROOTS = (Path("/usr/share/fonts"), Path("/usr/share/texmf/fonts/opentype"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family by the start of its file names: ``weight`` is shared by its faces; ``package`` installs it on Debian."""

    prefix: str
    weight: float
    package: str
    licence: str


FAMILIES = (
    Family(prefix="texgyretermes", weight=150, package="fonts-texgyre", licence="GUST Font License"),
    Family(prefix="LiberationSerif", weight=55, package="fonts-liberation2", licence="OFL-1.1"),
    Family(prefix="FreeSerif", weight=45, package="fonts-freefont-ttf", licence="GPL-3.0 with font exception"),
    Family(prefix="STIX-", weight=12, package="fonts-stix", licence="OFL-1.1"),
    Family(
        prefix="LinLibertine", weight=6, package="fonts-linuxlibertine", licence="OFL-1.1 or GPL with font exception"
    ),
    Family(prefix="Gentium", weight=10, package="fonts-sil-gentiumplus", licence="OFL-1.1"),
    Family(prefix="CharisSIL", weight=6, package="fonts-sil-charis", licence="OFL-1.1"),
    Family(prefix="NotoSerif-", weight=8, package="fonts-noto-core", licence="OFL-1.1"),
    Family(prefix="DejaVuSerif", weight=5, package="fonts-dejavu", licence="Bitstream Vera (free)"),
    Family(prefix="Caladea", weight=3, package="fonts-crosextra-caladea", licence="OFL-1.1"),
    Family(prefix="texgyreschola", weight=3, package="fonts-texgyre", licence="GUST Font License"),
    Family(prefix="texgyrepagella", weight=3, package="fonts-texgyre", licence="GUST Font License"),
    Family(prefix="texgyrebonum", weight=2, package="fonts-texgyre", licence="GUST Font License"),
    Family(prefix="texgyreheros", weight=18, package="fonts-texgyre", licence="GUST Font License"),
    Family(prefix="texgyreadventor", weight=1, package="fonts-texgyre", licence="GUST Font License"),
    Family(prefix="texgyrecursor", weight=2, package="fonts-texgyre", licence="GUST Font License"),
    Family(prefix="LiberationSans", weight=20, package="fonts-liberation2", licence="OFL-1.1"),
    Family(prefix="LiberationMono", weight=5, package="fonts-liberation2", licence="OFL-1.1"),
    Family(prefix="FreeSans", weight=5, package="fonts-freefont-ttf", licence="GPL-3.0 with font exception"),
    Family(prefix="Carlito", weight=10, package="fonts-crosextra-carlito", licence="OFL-1.1"),
    Family(prefix="OpenSans", weight=6, package="fonts-open-sans", licence="Apache-2.0"),
    Family(prefix="Roboto-", weight=10, package="fonts-roboto-unhinted", licence="Apache-2.0"),
    Family(prefix="NotoSans-", weight=8, package="fonts-noto-core", licence="OFL-1.1"),
    Family(prefix="DejaVuSans", weight=10, package="fonts-dejavu", licence="Bitstream Vera (free)"),
    Family(prefix="OCRB.", weight=70, package="fonts-ocr-b", licence="free (N. Schwarz, M. Skala)"),
)
_UNUSUAL = ("Thin", "Black", "ExtraLight", "Math", "Initials", "Display", "Keyboard", "Alt-")
_MOST_LACKING = 170
"""A face may lack the accented letters and still draw codes, digits and machine-readable lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One font file and the characters of the charset that it lacks."""

    path: Path
    weight: float
    lacks: frozenset[str]

    def draws(self, text: str) -> bool:
        """Whether the face has every character of the text."""
        return self.lacks.isdisjoint(text)


class Faces:
    """Faces to choose from, in proportion to their weights."""

    def __init__(self, faces: Iterable[Face]) -> None:
        self._faces = tuple(faces)
        self._weights = [face.weight for face in self._faces]

    def __iter__(self) -> Iterator[Face]:
        return iter(self._faces)

    def draw(self, rng: random.Random, text: str) -> Face | None:
        """A face that has every character of the text, None if none has."""
        for _ in range(60):
            face = rng.choices(self._faces, self._weights)[0]
            if face.draws(text):
                return face
        return None


@cache
def find_faces(roots: tuple[Path, ...] = _ROOTS) -> Faces:
    """The faces of FAMILIES that this machine has; FileNotFoundError names the packages if there is none."""
    files = sorted(file for root in roots for file in root.rglob("*") if file.suffix in (".ttf", ".otf"))
    faces = [face for family in FAMILIES for face in _faces_of(family, files)]
    if not faces:
        raise FileNotFoundError("no face found: apt-get install " + " ".join(sorted({f.package for f in FAMILIES})))
    return Faces(faces)


def _faces_of(family: Family, files: list[Path]) -> list[Face]:
    own = {file.name: file for file in files if file.name.startswith(family.prefix)}
    shares = {name: _share(name) for name in own}
    faces = [
        Face(path=file, weight=family.weight * shares[name] / sum(shares.values()), lacks=_lacks(file))
        for name, file in own.items()
    ]
    return [face for face in faces if len(face.lacks) < _MOST_LACKING]


def _share(name: str) -> float:
    if any(part in name for part in _UNUSUAL):
        return 0.1
    bold, italic = "bold" in name.lower(), "italic" in name.lower() or "Oblique" in name
    return {(False, False): 10.0, (True, False): 6.0, (False, True): 6.0, (True, True): 2.0}[bold, italic]


def _lacks(file: Path) -> frozenset[str]:
    with TTFont(file, lazy=True) as font:
        mapped = frozenset(map(chr, font.getBestCmap() or {}))
    return (frozenset(CHARS) - mapped) | _misdrawn(file, mapped)


def _misdrawn(file: Path, mapped: frozenset[str]) -> frozenset[str]:
    """Accented letters that look exactly like another letter: some faces draw Ậ as Ạ, which would teach a lie."""
    font = sized(file, 48)
    letters: dict[bytes, str] = {}
    twins: set[str] = set()
    for char in (c for c in VIETNAMESE + string.ascii_letters if c in mapped):
        image, offset = font.getmask2(char, mode="L", anchor="ls")
        twin = letters.setdefault(bytes(image) + bytes(map(abs, offset)), char)
        twins |= {char, twin} if twin != char else set()
    return frozenset(twins & set(VIETNAMESE))


@lru_cache(maxsize=800)
def sized(path: Path, px: int) -> ImageFont.FreeTypeFont:
    """The face at a size of ``px`` pixels an em."""
    return ImageFont.truetype(str(path), px, layout_engine=ImageFont.Layout.BASIC)
