"""Vitals as they were: the newest of each minute for 36 hours, mean, lowest and highest of each hour for a year.

A kiosk's row holds all its vitals of that span, so a fleet of 200 writes some 300,000 rows a day and keeps no more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from contract.messages import Telemetry
from hub.fleet.view import measured
from hub.store import upsert
from hub.store.tables import VitalsKept

Summary = tuple[float, float, float]
"""Mean, lowest, highest."""
_MINUTES = msgspec.json.Decoder(dict[str, float])
_HOURS = msgspec.json.Decoder(dict[str, Summary])


class Span(StrEnum):
    """How finely a stretch of time is kept."""

    MINUTE = "minute"
    HOUR = "hour"


KEPT: Mapping[Span, timedelta] = {Span.MINUTE: timedelta(hours=36), Span.HOUR: timedelta(days=365)}
_LATE = timedelta(minutes=5)
"""An hour is summed up so long after its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure of a series, with the lowest and highest of its span (the same where it is a minute)."""

    at: datetime
    value: float
    low: float
    high: float


def note(session: Session, said: Mapping[str, Telemetry], now: datetime) -> None:
    """Keep what kiosks (at least one) said as that minute's, in the caller's transaction."""
    minute = {"span": Span.MINUTE, "at": now.replace(second=0, microsecond=0)}
    rows = [
        {**minute, "kiosk": kiosk, "body": msgspec.json.encode(measured(telemetry, now))}
        for kiosk, telemetry in said.items()
    ]
    upsert.put_all(session, VitalsKept, rows)


def series(session: Session, kiosk: str, span: Span, since: datetime) -> dict[str, list[Point]]:
    """Return every vital's points from `since` on, oldest first."""
    found: dict[str, list[Point]] = defaultdict(list)
    for row in session.scalars(_rows(span).where(VitalsKept.kiosk == kiosk, VitalsKept.at >= since)):
        for name, (value, low, high) in _summaries(row).items():
            found[name].append(Point(at=row.at, value=value, low=low, high=high))
    return dict(found)


def sum_up(session: Session, now: datetime) -> None:
    """Sum up the hours that are over, in the caller's transaction; an hour summed up twice is the same."""
    ended = (now - _LATE).replace(minute=0, second=0, microsecond=0)
    newest = session.scalar(
        select(VitalsKept.at).where(VitalsKept.span == Span.HOUR).order_by(VitalsKept.at.desc()).limit(1)
    )
    since = max(newest or ended - KEPT[Span.MINUTE], ended - KEPT[Span.MINUTE])
    minutes: dict[tuple[str, datetime], list[Mapping[str, float]]] = defaultdict(list)
    for row in session.scalars(_rows(Span.MINUTE).where(VitalsKept.at >= since, VitalsKept.at < ended)):
        minutes[row.kiosk, row.at.replace(minute=0)].append(_MINUTES.decode(row.body))
    for (kiosk, at), said in minutes.items():
        body = msgspec.json.encode(_summed(said))
        upsert.put(session, VitalsKept, {"kiosk": kiosk, "span": Span.HOUR, "at": at, "body": body})


def purge(session: Session, now: datetime) -> None:
    """Remove what is older than it is kept, in the caller's transaction."""
    for span, kept in KEPT.items():
        session.execute(delete(VitalsKept).where(VitalsKept.span == span, VitalsKept.at < now - kept))


def _rows(span: Span) -> Select[VitalsKept]:
    return select(VitalsKept).where(VitalsKept.span == span).order_by(VitalsKept.at)


def _summaries(row: VitalsKept) -> Mapping[str, Summary]:
    if row.span == Span.HOUR:
        return _HOURS.decode(row.body)
    return {name: (value, value, value) for name, value in _MINUTES.decode(row.body).items()}


def _summed(said: Iterable[Mapping[str, float]]) -> Mapping[str, Summary]:
    values: dict[str, list[float]] = defaultdict(list)
    for vitals in said:
        for name, value in vitals.items():
            values[name].append(value)
    return {name: (round(sum(each) / len(each), 3), min(each), max(each)) for name, each in values.items()}
