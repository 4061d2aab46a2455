"""A measured figure beside its limits, and why nothing could be measured."""

from dataclasses import dataclass


class NotMeasured(Exception):
    """Nothing was measured; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure, its unit and limits (inclusive), and what to do where it lies beyond them."""

    name: str
    value: float
    unit: str
    least: float
    most: float
    remedy: str = ""

    @property
    def passes(self) -> bool:
        """Whether the figure is within its limits."""
        return self.least <= self.value <= self.most


def seen(name: str, said: bool, remedy: str) -> Figure:
    """Return what a person has seen (1) or not (0) as a figure."""
    return Figure(name=name, value=float(said), unit="of 1", least=1.0, most=1.0, remedy=remedy)
