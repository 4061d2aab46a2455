"""The counters at work: whom they call for, when they will be free, how long a case takes there today."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from hub.queue.estimate import RECENT_CASES, Case, Desk, case
from hub.queue.hours import Hours
from hub.queue.settings import QueueConfig
from hub.store.tables import QueueTicket, TicketState

AT_WORK = timedelta(minutes=30)
"""A counter that has called nobody for so long while it was open is not reckoned with."""
USUAL_CASE = timedelta(minutes=10)
"""Of a service that a kiosk knows and hub.toml does not."""


def booked_in_a_row(queue: QueueConfig, counter: str, rows: Sequence[QueueTicket]) -> int:
    """Return how many of the last first calls for a counter's services were of booked people."""
    own = (row for row in rows if row.first_called_at and serves(queue, counter, row.service))
    called = sorted(own, key=_first_called, reverse=True)
    run = 0
    for row in called:
        if row.slot_at is None:
            break
        run += 1
    return run


def serves(queue: QueueConfig, counter: str, service: str) -> bool:
    """Return whether a counter calls for a service; one that hub.toml does not know is everybody's: nobody is lost."""
    known = queue.service(service)
    return known is None or counter in known.counters


def cases(queue: QueueConfig, hours: Hours, rows: Sequence[QueueTicket]) -> dict[str, Case]:
    """Return what a case of each service is like today."""
    recent: dict[str, list[timedelta]] = defaultdict(list)
    for row in sorted((row for row in rows if row.finished_at), key=_finished):
        if row.state == TicketState.DONE:
            recent[row.service].append(hours.open_between(_called(row), _finished(row)))
    known = {each.code: timedelta(minutes=each.minutes) for each in queue.services}
    return {
        code: case(known.get(code, USUAL_CASE), recent[code][-RECENT_CASES:])
        for code in known.keys() | {row.service for row in rows}
    }


def at_work(
    queue: QueueConfig, hours: Hours, rows: Sequence[QueueTicket], lengths: Mapping[str, timedelta], now: datetime
) -> list[Desk]:
    """Return the counters at work, by the length of a case of each service; before a day's first call all are."""
    last: dict[str, QueueTicket] = {}
    for row in sorted((row for row in rows if row.called_at), key=_called):
        last[row.counter] = row
    services = {row.service for row in rows}
    return [
        Desk(
            name=counter,
            services=frozenset(each for each in services if serves(queue, counter, each)),
            free_at=_free_at(last.get(counter), lengths, now),
            booked_in_a_row=booked_in_a_row(queue, counter, rows),
        )
        for counter in queue.counters
        if not last or _is_at_work(last.get(counter), hours, now)
    ]


def _is_at_work(last: QueueTicket | None, hours: Hours, now: datetime) -> bool:
    if last is None:
        return False
    seen = last.finished_at or _called(last)
    return last.state == TicketState.CALLED or hours.open_between(seen, now) < AT_WORK


def _free_at(last: QueueTicket | None, lengths: Mapping[str, timedelta], now: datetime) -> datetime:
    if last is None or last.state != TicketState.CALLED:
        return now
    return max(now, _called(last) + lengths[last.service])


def _first_called(row: QueueTicket) -> datetime:
    assert row.first_called_at is not None
    return row.first_called_at


def _called(row: QueueTicket) -> datetime:
    assert row.called_at is not None
    return row.called_at


def _finished(row: QueueTicket) -> datetime:
    assert row.finished_at is not None
    return row.finished_at
