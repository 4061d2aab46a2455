"""What happened at one kiosk, newest first: its own changes, its alerts, and what was asked of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from hub.fleet import alerts, events, jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line; `kind` is an event's, or ALERT, ALERT_OVER, JOB; `who` is an operator's login, or empty."""

    at: datetime
    kind: str
    subject: str
    detail: str = ""
    remedy: str = ""
    who: str = ""


def of(session: Session, kiosk: str, count: int) -> list[Moment]:
    """Return a kiosk's last moments."""
    return sorted(_moments(session, kiosk, count), key=lambda moment: moment.at, reverse=True)[:count]


def _moments(session: Session, kiosk: str, count: int) -> Iterator[Moment]:
    for event in events.newest(session, kiosk, count):
        yield Moment(at=event.at, kind=event.kind, subject=event.subject, detail=event.detail, remedy=event.remedy)
    for alert in (*alerts.raised(session, kiosk), *alerts.over(session, count, kiosk)):
        if alert.raised_at:
            subject = f"{alert.rule} {alert.cause}".strip()
            yield Moment(at=alert.raised_at, kind="ALERT", subject=subject, detail=alert.detail, remedy=alert.remedy)
            if alert.cleared_at:
                yield Moment(at=alert.cleared_at, kind="ALERT_OVER", subject=subject)
    for job in jobs.of_kiosk(session, kiosk, count):
        yield Moment(at=job.asked_at, kind="JOB", subject=job.verb, who=job.asked_by)
        if job.ended_at:
            yield Moment(at=job.ended_at, kind="JOB", subject=f"{job.verb} {job.state}", detail=job.detail)
