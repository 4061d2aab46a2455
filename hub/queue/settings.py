"""[queue] of hub.toml: what people wait for, when the counters are open, what can be booked."""

from collections.abc import Iterator
from datetime import time
from typing import Annotated

from msgspec import Meta

from contract.messages import Name, ServiceCode
from contract.settings import Section


class QueueServiceConfig(Section, frozen=True, kw_only=True):
    """A service that people wait for: its name in both languages, the letter of its numbers, the counters that call
    for it, how long a case usually takes, and how many places of each slot can be booked.
    """

    code: ServiceCode
    vi: Name
    en: Name
    letter: Annotated[str, Meta(pattern="^[A-Z]$")]
    counters: Annotated[tuple[Name, ...], Meta(min_length=1)]
    minutes: Annotated[int, Meta(ge=1, le=240)] = 10
    places: Annotated[int, Meta(ge=0, le=100)] = 0


class QueueConfig(Section, frozen=True, kw_only=True):
    """The counters' line: services, opening hours of working days (`07:30-11:30`), the length of a bookable slot.

    Without services the hub has no line. The kiosks' [queue] names the same services.
    """

    services: tuple[QueueServiceConfig, ...] = ()
    hours: tuple[Annotated[str, Meta(pattern="^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$")], ...] = (
        "07:30-11:30",
        "13:30-17:00",
    )
    slot_min: Annotated[int, Meta(ge=10, le=120)] = 30

    @property
    def periods(self) -> tuple[tuple[time, time], ...]:
        """The opening hours as times."""
        return tuple((time.fromisoformat(each[:5]), time.fromisoformat(each[6:])) for each in self.hours)

    @property
    def counters(self) -> tuple[str, ...]:
        """All counters, each once."""
        return tuple(dict.fromkeys(counter for service in self.services for counter in service.counters))

    def service(self, code: str) -> QueueServiceConfig | None:
        """Return the service of a code."""
        return next((each for each in self.services if each.code == code), None)


def contradictions(queue: QueueConfig) -> Iterator[str]:
    """Yield what is wrong with the section, in sentences."""
    try:
        periods = queue.periods
    except ValueError as fault:
        yield f"[queue] hours: {fault}; write them as 07:30-11:30."
        return
    moments = [moment for period in periods for moment in period]
    if sorted(set(moments)) != moments:
        yield "[queue] hours must follow each other, each closing after it opens."
    for what, given in (
        ("code", [each.code for each in queue.services]),
        ("letter", [each.letter for each in queue.services]),
    ):
        if len(set(given)) < len(given):
            yield f"[queue] gives a {what} to two services; numbers and reports could not tell them apart."
    for each in queue.services:
        if each.places * each.minutes * 2 > queue.slot_min * len(each.counters):
            yield f"[queue] {each.code}: places book more than half of its counters' time; walk-ins need the rest."
    booked_min = sum(each.places * each.minutes for each in queue.services)
    if booked_min * 2 > queue.slot_min * len(queue.counters):
        yield "[queue] places of all services book more than half of all counters' time; walk-ins need the rest."
