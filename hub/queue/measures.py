"""What a day's line was like: waits by class, and how far the estimates that were told lay from the waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean

from contract.messages import Priority
from hub.store.tables import QueueTicket


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateError:
    """Over `count` people who were told a wait: the mean of |told − waited|, and of told − waited, in seconds."""

    count: int
    mean_absolute_s: float
    bias_s: float


def waited_s(ticket: QueueTicket) -> float | None:
    """Return how long somebody waited for the first call; who booked waits from the slot's beginning, if later."""
    if ticket.first_called_at is None:
        return None
    since = max(ticket.came_at, ticket.slot_at or ticket.came_at)
    return max(0.0, (ticket.first_called_at - since).total_seconds())


def estimate_error(tickets: Iterable[QueueTicket]) -> EstimateError | None:
    """Return the error of the estimates that were told; None where nobody who was told one has been called yet."""
    errors = [
        each.told_wait_s - (each.first_called_at - each.received_at).total_seconds()
        for each in tickets
        if each.told_wait_s is not None and each.first_called_at is not None
    ]
    if not errors:
        return None
    return EstimateError(count=len(errors), mean_absolute_s=fmean(map(abs, errors)), bias_s=fmean(errors))


def class_of(ticket: QueueTicket) -> str:
    """Return `booked`, `priority` or `line`."""
    if ticket.slot_at is not None:
        return "booked"
    return "line" if ticket.priority == Priority.NONE else "priority"
