"""What must hold of a day, judged from the hub's tables and the visitors' own memory; none of the line's code is asked.

The rule of fairness is written down here a second time, in other words: for each first call, everybody who stood there
then (heard of by the hub, not yet called, due) and had come earlier must be explained by a slot that had begun, by a
right that reaches back twenty minutes, or by the third call after two booked ones.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median

from contract import waits as waits_as_told
from contract.messages import Priority
from hub.store.tables import QueueTicket, TicketState

HEAD_START = timedelta(minutes=20)
BOOKED_IN_A_ROW = 2
MOST_ERROR_S = 300.0
"""The promise: the waits that are told lie this close to those that were waited, on average."""
LATE, MOST_LATE = timedelta(minutes=5), 0.1
"""The promise: hardly anybody waits so much longer than the end of the range that they were told."""

MOST_UNHELD_S = 120.0
"""So long a place that nobody holds may stand at most: the hub is away for a minute, the kiosk asks for a quarter."""


class PromiseBroken(AssertionError):
    """The day was not as it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a visitor holds after the kiosk: the number on screen, when, whether the hub had confirmed it."""

    visitor: int
    visit: str
    ticket: str
    number: str
    at: datetime
    confirmed: bool
    slips: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Minutes waited by one class of people."""

    count: int
    p50: float
    p90: float
    most: float


def nothing_lost(given: Sequence[Given], rows: Sequence[QueueTicket], reports_unanswered: int) -> int:
    """Raise PromiseBroken where a number is lost, doubled, never came to an end, or had not one slip.

    Return how many nobody holds: reports with a booking that the hub recorded and died over before it answered, and
    that were called before the kiosk could take them back. There are no others.
    """
    known = {row.id: row for row in rows}
    lost = [each.number for each in given if each.ticket not in known]
    require(not lost, f"lost at the hub: {lost}")
    unheld = [known[each] for each in known.keys() - {each.ticket for each in given}]
    require(len(unheld) <= reports_unanswered, "the hub has numbers that nobody holds")
    for row in unheld:
        was_called = row.state == TicketState.SKIPPED and row.first_called_at is not None
        gap_s = (row.first_called_at - row.received_at).total_seconds() if row.first_called_at else 0.0
        require(
            was_called and row.number[1] == "0" and gap_s <= MOST_UNHELD_S, f"{row.number}, which nobody holds, stood"
        )
    doubled = [number for number, count in Counter(row.number for row in rows).items() if count > 1]
    require(not doubled, f"called twice: {doubled}")
    for each in given:
        require(known[each.ticket].number == each.number, f"{each.number} is called {known[each.ticket].number}")
        require(each.slips == 1, f"{each.number} has {each.slips} slips")
    waiting = [row.number for row in rows if row.state in (TicketState.WAITING, TicketState.CALLED)]
    require(not waiting, f"never came to an end: {waiting}")
    return len(unheld)


def overtakings(rows: Sequence[QueueTicket]) -> tuple[int, int, list[str]]:
    """Return how many overtakings the rule allows, how many the hub could not know of, and those beyond the rule."""
    called = sorted((row for row in rows if row.first_called_at), key=lambda row: (row.first_called_at, row.number))
    allowed, unknown, wrong, run = 0, 0, [], 0
    for place, row in enumerate(called):
        at = row.first_called_at
        assert at is not None
        for other in called[place + 1 :]:
            if other.came_at >= row.came_at or not (other.slot_at is None or other.slot_at <= at):
                continue
            if other.received_at > at:
                unknown += 1
            elif _may_overtake(row, other, at, run):
                allowed += 1
            else:
                wrong.append(f"{row.number} before {other.number} at {at:%H:%M:%S}")
        begun_wait = [each for each in called[place + 1 :] if _is_due(each, at)]
        if row.slot_at is None and begun_wait and run < BOOKED_IN_A_ROW:
            wrong.append(f"{row.number} of the line before {begun_wait[0].number}, whose slot had begun")
        run = run + 1 if row.slot_at else 0
    return allowed, unknown, wrong


def _is_due(row: QueueTicket, at: datetime) -> bool:
    return row.slot_at is not None and row.slot_at <= at and row.received_at <= at


def _may_overtake(row: QueueTicket, other: QueueTicket, at: datetime, run: int) -> bool:
    if other.slot_at is not None:
        earlier_slot = row.slot_at is not None and row.slot_at < other.slot_at
        return run >= BOOKED_IN_A_ROW if row.slot_at is None else earlier_slot
    if row.slot_at is not None:
        return row.slot_at <= at and run < BOOKED_IN_A_ROW
    has_right = row.priority != Priority.NONE and other.priority == Priority.NONE
    return has_right and row.came_at - other.came_at <= HEAD_START


def waits(rows: Sequence[QueueTicket]) -> dict[str, Waits]:
    """Return the waits of those who were called, by class; who booked waits from the slot's beginning, if later."""
    minutes: dict[str, list[float]] = {"booked": [], "priority": [], "line": []}
    for row in rows:
        if row.first_called_at:
            since = max(row.came_at, row.slot_at or row.came_at)
            kind = "booked" if row.slot_at else "line" if row.priority == Priority.NONE else "priority"
            minutes[kind].append(max(0.0, (row.first_called_at - since).total_seconds() / 60))
    return {
        kind: Waits(count=len(all_), p50=median(all_), p90=sorted(all_)[int(0.9 * (len(all_) - 1))], most=max(all_))
        for kind, all_ in minutes.items()
        if all_
    }


def error_s(rows: Sequence[QueueTicket]) -> tuple[int, float, float]:
    """Return of how many told waits, the mean absolute error and the bias (told minus waited) in seconds."""
    errors = [
        row.told_wait_s - (row.first_called_at - row.received_at).total_seconds()
        for row in rows
        if row.told_wait_s is not None and row.first_called_at
    ]
    return len(errors), fmean(map(abs, errors)), fmean(errors)


def late_share(rows: Sequence[QueueTicket]) -> float:
    """Return the share of those who were told a range that waited longer than its end and LATE."""
    over = [
        row.first_called_at - row.received_at > timedelta(seconds=row.told_to_s) + LATE
        for row in rows
        if row.told_to_s is not None and row.first_called_at
    ]
    return fmean(over)


def kept_share(rows: Sequence[QueueTicket]) -> float:
    """Return the share of the ranges that held, as they are told: in minutes, rounded outwards."""
    kept = []
    for row in rows:
        if row.told_from_s is not None and row.told_to_s is not None and row.first_called_at:
            least, most = waits_as_told.bounds(row.told_from_s, row.told_to_s)
            kept.append(least * 60 <= (row.first_called_at - row.received_at).total_seconds() <= most * 60)
    return fmean(kept)


def require(held: bool, what: str) -> None:
    """Raise PromiseBroken unless it held."""
    if not held:
        raise PromiseBroken(what)
