"""How often an officer's PIN was mistyped in a row, kept on disk so that a restart gives no free tries."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from contract.clock import Clock, vietnam_text
from hub.faults import PinBlocked, TokenUnready
from hub.signing import records

BLOCKED_FOR = timedelta(minutes=15)


class Pin(Struct, frozen=True, kw_only=True):
    """What is remembered of a PIN: how often it was mistyped in a row, and until when the key is blocked."""

    failures: int = 0
    blocked_until: datetime | None = None


class PinTries:
    """The tries at the keys of one store, by the key's file or token; after `most` wrong ones a key rests a while."""

    def __init__(self, path: Path, clock: Clock, *, most: int) -> None:
        self._path, self._clock, self._most = path, clock, most
        self._lock = threading.Lock()

    def knows(self, key: str) -> bool:
        """Return whether the key was opened, tried or given its PIN before."""
        return key in self._pins()

    def clear(self, key: str) -> None:
        """Remember that nothing was mistyped since."""
        self._remember(key, Pin())

    @contextmanager
    def attempt(self, key: str) -> Iterator[None]:
        """Try a PIN inside: it counts as wrong unless the block ends well or says TokenUnready; raise PinBlocked."""
        before = self._usable(self._pins().get(key, Pin()))
        self._remember(key, self._after_failure(before))  # before trying: a crash is no free try
        try:
            yield
        except TokenUnready:
            self._remember(key, before)
            raise
        self.clear(key)

    def _usable(self, known: Pin) -> Pin:
        if known.blocked_until is None:
            return known
        if self._clock.now() < known.blocked_until:
            raise PinBlocked(f"The key is blocked until {vietnam_text(known.blocked_until)}.")
        return Pin()

    def _after_failure(self, known: Pin) -> Pin:
        failures = known.failures + 1
        until = self._clock.now() + BLOCKED_FOR if failures >= self._most else None
        return Pin(failures=failures, blocked_until=until)

    def _pins(self) -> dict[str, Pin]:
        return records.read(self._path, dict[str, Pin]) if self._path.exists() else {}

    def _remember(self, key: str, pin: Pin) -> None:
        with self._lock:
            records.write(self._path, self._pins() | {key: pin})
