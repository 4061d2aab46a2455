"""The faces and words of synthetic pages: a family in its four styles, and words that look Vietnamese."""

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from PIL import ImageFont

from models.linefinder.canvas import PX_PER_PT, Run
from models.reader.faces import FAMILIES, find_faces, sized
from models.reader.words import code, date, number, personal_name, syllable

__all__ = ["Type", "Vocabulary", "families"]

Family = dict[str, Path]
"""Face files by style: `regular`, `bold`, `italic`, `bolditalic`."""


class Type:
    """How the lines of one page are set."""

    def __init__(self, family: Family) -> None:
        self._family = family

    def face(self, size_pt: float, style: str = "regular") -> ImageFont.FreeTypeFont:
        """Return the face of a style at a size; a family without the style answers with another of its styles."""
        path = self._family.get(style) or self._family.get("regular") or next(iter(self._family.values()))
        return sized(path, max(7, round(size_pt * PX_PER_PT)))

    def runs(self, words: Sequence[str], size_pt: float, style: str = "regular") -> list[Run]:
        """Return words in one face."""
        face = self.face(size_pt, style)
        return [(word, face) for word in words]


def families() -> tuple[Sequence[Family], Sequence[float]]:
    """Return the families that can write Vietnamese on this machine, and how often each is to be used."""
    found: dict[str, Family] = defaultdict(dict)
    for face in find_faces():
        if face.draws("ếỗửẬĐơ"):
            prefix = next(f.prefix for f in FAMILIES if face.path.name.startswith(f.prefix))
            found[prefix].setdefault(_style(face.path.stem), face.path)
    weights = {family.prefix: family.weight for family in FAMILIES}
    return list(found.values()), [weights[prefix] ** 0.7 for prefix in found]


def _style(stem: str) -> str:
    bold, italic = "bold" in stem.lower(), "italic" in stem.lower() or "Oblique" in stem
    return ("bold" * bold + "italic" * italic) or "regular"


class Vocabulary:
    """Words for running text, drawn once and used again."""

    def __init__(self, rng: random.Random, size: int = 4000) -> None:
        self._words = [syllable(rng) for _ in range(size)]

    def words(self, rng: random.Random, count: int) -> list[str]:
        """Return running text of about `count` words, with names, numbers and marks between."""
        words: list[str] = []
        while len(words) < count:
            words += self._piece(rng)
        return words[:count]

    def _piece(self, rng: random.Random) -> list[str]:
        chance = rng.random()
        if chance < 0.05:
            return personal_name(rng).split()
        if chance < 0.12:
            return rng.choice((code, date, number))(rng).split()
        if chance < 0.2:
            return [rng.choice(self._words) + rng.choice(",;.:")]
        return [rng.choice(self._words) for _ in range(4)]
