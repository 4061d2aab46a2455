"""When to send again: soon after the first time, then ever less often, at once after a new connection."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Pauses in seconds: to the first and at most to later repetitions; until a blob that stopped is asked for."""

    first_s: float = 3.0
    longest_s: float = 30.0
    collect_again_s: float = 2.0


class Schedule:
    """The moments at which unanswered messages are due, on a monotonic clock."""

    def __init__(self, pace: Pace) -> None:
        self._first_s, self._longest_s = pace.first_s, pace.longest_s
        self._due: dict[str, tuple[float, float]] = {}

    def due(self, message: str, now_s: float) -> bool:
        """Return whether the message is to be sent now."""
        return self._due.get(message, (now_s, 0.0))[0] <= now_s

    def sent(self, message: str, now_s: float) -> None:
        """Note that it was sent: the pause to the next time doubles."""
        pause_s = self._due.get(message, (0.0, self._first_s / 2))[1]
        pause_s = min(self._longest_s, max(self._first_s, 2 * pause_s))
        self._due[message] = (now_s + pause_s, pause_s)

    def hurry(self, message: str) -> None:
        """Make the message due now."""
        self._due.pop(message, None)

    def pause_s(self, pending: Iterable[str], now_s: float) -> float:
        """Return how long until the next pending message is due, and forget those that are no longer pending."""
        self._due = {message: self._due[message] for message in pending if message in self._due}
        return max(0.0, min((at_s for at_s, _ in self._due.values()), default=now_s + self._longest_s) - now_s)


class Backoff:
    """Pauses between attempts to connect: doubling, spread by chance so that a fleet does not return at once."""

    def __init__(self, first_s: float = 0.5, longest_s: float = 30.0) -> None:
        self._first_s, self._longest_s = first_s, longest_s
        self._next_s = first_s

    def pause_s(self, chance: float) -> float:
        """Return the next pause; `chance` in 0..1 spreads it over its upper half."""
        pause_s, self._next_s = self._next_s, min(self._longest_s, self._next_s * 2)
        return pause_s * (0.5 + chance / 2)

    def restart(self) -> None:
        """Begin again with the first pause."""
        self._next_s = self._first_s
