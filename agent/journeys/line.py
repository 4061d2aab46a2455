"""For which services numbers are given here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LineService:
    """A service that people wait for: the hub's code, its name in both languages, the letter of its numbers."""

    code: str
    vi: str
    en: str
    letter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLine:
    """The services, and the series of this kiosk's numbers: no other kiosk of the agency has it; 0 is the hub's."""

    series: int
    services: tuple[LineService, ...]

    def service(self, code: str) -> LineService | None:
        """Return the service of a code."""
        return next((each for each in self.services if each.code == code), None)
