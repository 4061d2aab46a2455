"""How the outside services are: who answered last, who failed and why. In memory, for the console and /metrics."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contract.clock import Clock

RESTS_FOR = timedelta(seconds=30)
"""A service that failed is left alone for so long, so that not every copy waits for its deadline."""


KINDS = ("tsa", "ocsp", "crl", "csc", "moj", "portal", "vneid", "population", "ihanoi", "mail")
"""The services that a hub may speak with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """One service; `fault` is empty where its last answer was good.

    `kind` is `tsa`, `ocsp`, `crl`, `csc`, `moj` or the channel of a carrier (`hub.delivery`).
    """

    name: str
    kind: str
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    fault: str = ""
    failures: int = 0

    @property
    def is_good(self) -> bool:
        """Whether it answered well when it was asked last, or was not asked yet."""
        return not self.fault


class SourceBoard:
    """What is known of each service; safe to use from many threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], SourceState] = {}

    def enter(self, kind: str, name: str) -> None:
        """Make a service known before it is asked."""
        with self._lock:
            self._known.setdefault((kind, name), SourceState(kind=kind, name=name))

    def answered(self, kind: str, name: str) -> None:
        """Note a good answer."""
        self._note(kind, name, answered_at=self._clock.now(), fault="")

    def failed(self, kind: str, name: str, fault: str) -> None:
        """Note why there was none."""
        failures = self._of(kind, name).failures + 1
        self._note(kind, name, failed_at=self._clock.now(), fault=fault, failures=failures)

    def rests(self, kind: str, name: str) -> bool:
        """Return whether the service failed a moment ago, so that it need not be asked again yet."""
        state = self._of(kind, name)
        now = self._clock.now()
        return bool(state.fault and state.failed_at and timedelta() <= now - state.failed_at < RESTS_FOR)

    def all(self) -> list[SourceState]:
        """Return every service, in the order in which they became known."""
        with self._lock:
            return list(self._known.values())

    def _of(self, kind: str, name: str) -> SourceState:
        with self._lock:
            return self._known.get((kind, name), SourceState(kind=kind, name=name))

    def _note(self, kind: str, name: str, **changes: object) -> None:
        with self._lock:
            before = self._known.get((kind, name), SourceState(kind=kind, name=name))
            self._known[kind, name] = replace(before, **changes)  # type: ignore[arg-type]
