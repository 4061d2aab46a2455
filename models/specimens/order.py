"""What a kind's file receives and gives back."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .dice import Dice, dice
from .seal import SealDesign, press_seal
from .sheet import Sheet, blank
from .values import Flaw


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One specimen to make; every subject gets its own stream, so flaws leave the data as they are."""

    kind: str
    seed: int
    flaws: frozenset[Flaw]

    def dice(self, subject: str) -> Dice:
        """Return the stream of a subject of this specimen."""
        return dice(self.kind, self.seed, subject)

    def blank(self, page: int = 0) -> Sheet:
        """Return an unprinted A4 sheet for a page."""
        return blank(self.dice(f"paper{page}"))

    def seal(self, sheet: Sheet, design: SealDesign, x: float, y: float) -> None:
        """Press a seal at x, y mm, unless the paper shall have none."""
        if Flaw.NO_SEAL not in self.flaws:
            press_seal(sheet, self.dice(f"seal {design.upper} {x} {y}"), design, x, y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Drawn sheets and what they say, before flaws are added."""

    sheets: list[Sheet]
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A document kind: how it is drawn, and which flaws it cannot carry."""

    code: str
    draw: Callable[[Order], Draft]
    impossible: frozenset[Flaw] = field(default=frozenset({Flaw.MISSING_PAGE}))
