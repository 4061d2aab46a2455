"""Figures of a period for the agency and the city's operations centre (F26, F30): counts and medians, nobody's name.

A paper counts on the Vietnamese day on which it was whole at the hub. It is on time where its end (signature, refusal,
wish to rescan) is not after the promised time (R8).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.clock import VIETNAM
from hub.store.tables import DecisionRow, Issue, RequestRow, RequestState


class By(StrEnum):
    """What papers are counted by. By officer is for the agency alone and stands in no export."""

    DAY = "day"
    KIOSK = "kiosk"
    CHANNEL = "channel"
    OFFICER = "officer"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Papers under one key. `waiting_s` runs from whole to decided, `signing_s` from decided to signed; None: none."""

    key: str
    received: int
    certified: int
    refused: int
    rescans: int
    expired: int
    on_time: int
    late: int
    waiting_s: float | None
    signing_s: float | None

    @property
    def on_time_share(self) -> float | None:
        """Which share of the papers that ended did so by the promised time, 0 to 1."""
        ended = self.on_time + self.late
        return self.on_time / ended if ended else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    request: RequestRow
    officer: str
    decided_at: datetime | None
    signed_at: datetime | None

    @property
    def ended_at(self) -> datetime | None:
        if self.request.state == RequestState.CERTIFIED:
            return self.signed_at
        return self.request.ended_at


_KEY: dict[By, Callable[[_Paper], str]] = {
    By.DAY: lambda paper: _day(paper.request).isoformat(),
    By.KIOSK: lambda paper: paper.request.kiosk,
    By.CHANNEL: lambda paper: paper.request.legal_mode,
    By.OFFICER: lambda paper: paper.officer,
    By.ALL: lambda paper: "all",
}


def figures(session: Session, first_day: date, last_day: date, by: By) -> list[Figures]:
    """Return the figures of the papers of these days (both inclusive), by key."""
    groups: dict[str, list[_Paper]] = defaultdict(list)
    for paper in _papers(session, first_day, last_day):
        groups[_KEY[by](paper)].append(paper)
    return [_counted(key, papers) for key, papers in sorted(groups.items())]


def kpis(session: Session, first_day: date, last_day: date) -> dict[str, float | None]:
    """Return what the hub can say of the national portal's codes (DOMAIN §2.6, R24), as shares from 0 to 1.

    `ON_TIME` is the portal's figure of dossiers settled in time; `ELECTRONIC_CERTIFIED_COPY` the share of certified
    papers that have an electronic copy, which is every one, since the hub issues nothing else. The portal's other codes
    (publication, dossier synchronisation, satisfaction, payment) are measured elsewhere and are absent, not zero.
    """
    total = next(iter(figures(session, first_day, last_day, By.ALL)), None)
    if total is None:
        return {"ON_TIME": None, "ELECTRONIC_CERTIFIED_COPY": None}
    return {"ON_TIME": total.on_time_share, "ELECTRONIC_CERTIFIED_COPY": 1.0 if total.certified else None}


def _papers(session: Session, first_day: date, last_day: date) -> Iterable[_Paper]:
    begin = datetime.combine(first_day, time(), VIETNAM)
    end = datetime.combine(last_day + timedelta(days=1), time(), VIETNAM)
    rows = (
        select(RequestRow, DecisionRow.officer, DecisionRow.at, Issue.signed_at)
        .outerjoin(DecisionRow, DecisionRow.request == RequestRow.id)
        .outerjoin(Issue, Issue.request == RequestRow.id)
        .where(RequestRow.queued_at >= begin, RequestRow.queued_at < end)
    )
    for request, officer, decided_at, signed_at in session.execute(rows):
        yield _Paper(request=request, officer=officer or "", decided_at=decided_at, signed_at=signed_at)


def _day(request: RequestRow) -> date:
    assert request.queued_at is not None
    return request.queued_at.astimezone(VIETNAM).date()


def _counted(key: str, papers: list[_Paper]) -> Figures:
    states = [paper.request.state for paper in papers]
    on_time = [_in_time(paper) for paper in papers if paper.ended_at is not None]
    return Figures(
        key=key,
        received=len(papers),
        certified=states.count(RequestState.CERTIFIED),
        refused=states.count(RequestState.REFUSED),
        rescans=states.count(RequestState.RESCAN),
        expired=states.count(RequestState.EXPIRED),
        on_time=on_time.count(True),
        late=on_time.count(False),
        waiting_s=_median((paper.request.queued_at, paper.decided_at) for paper in papers),
        signing_s=_median((paper.decided_at, paper.signed_at) for paper in papers),
    )


def _in_time(paper: _Paper) -> bool:
    assert paper.ended_at is not None and paper.request.promised_at is not None
    return paper.request.state != RequestState.EXPIRED and paper.ended_at <= paper.request.promised_at


def _median(spans: Iterable[tuple[datetime | None, datetime | None]]) -> float | None:
    known = [(end - begin).total_seconds() for begin, end in spans if begin is not None and end is not None]
    return round(median(known), 1) if known else None
