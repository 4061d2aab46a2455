"""Alerts: one for each cause at each kiosk, raised once, over once, acknowledged by a person with a note."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from contract.ids import new_ulid
from hub.faults import UnknownThing
from hub.fleet.rules import HELP, RULES, Finding, Judged, Severity, Verdict, judge
from hub.fleet.view import sights
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import AlertRow

MOST_DETAIL = 500
KEPT = timedelta(days=365)
CALL_LASTS = timedelta(hours=12)
"""A kiosk withdraws its calls itself; one that no longer can leaves them no longer than this."""
_Key = tuple[str, str, str]
_OPEN: ColumnElement[bool] = AlertRow.cleared_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What is to be done about one cause."""

    key: _Key
    finding: Finding


def review(hub: Hub) -> None:
    """Judge every kiosk once; two hubs that do it at a time come to one row a cause."""
    now = hub.clock.now()
    with hub.database.reading() as session:
        judged = {sight.kiosk.id: judge(sight, hub.config.fleet, now) for sight in sights(session)}
        if not list(_steps(judged, _open_rows(session), now)):
            return
    with hub.database.writing() as session:
        rows = _open_rows(session)
        for step in list(_steps(judged, rows, now)):
            _take(session, rows.get(step.key), step, now)


def acknowledge(hub: Hub, login: str, alert_id: str, note: str) -> AlertRow:
    """Record that an operator has taken an alert up; the first one's word stands. Raise UnknownThing."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = session.get(AlertRow, alert_id)
        if row is None or row.raised_at is None:
            raise UnknownThing(f"There is no alert {alert_id[:26]}.", remedy="Load the page again.")
        if row.acknowledged_at is None:
            row.acknowledged_by, row.acknowledged_at, row.note = login, now, note.strip()
            subject = f"{row.id} {row.kiosk} {row.rule}"
            audit.append(session, at=now, who=login, what=audit.Act.ALERT_ACKNOWLEDGED, subject=subject)
    return row


def raised(session: Session, kiosk: str = "") -> Sequence[AlertRow]:
    """Return the alerts there are: unacknowledged ones first, then the worst, then the newest."""
    wanted = select(AlertRow).where(_OPEN, AlertRow.raised_at.is_not(None))
    rows = session.scalars(wanted.where(AlertRow.kiosk == kiosk) if kiosk else wanted)
    newest_first = sorted(rows, key=lambda row: (row.raised_at, row.id), reverse=True)
    return sorted(newest_first, key=lambda row: (row.acknowledged_at is not None, row.severity != Severity.STOP))


def over(session: Session, count: int, kiosk: str = "") -> Sequence[AlertRow]:
    """Return the last alerts that are over, newest first."""
    wanted = select(AlertRow).where(AlertRow.cleared_at.is_not(None)).order_by(AlertRow.cleared_at.desc())
    return session.scalars((wanted.where(AlertRow.kiosk == kiosk) if kiosk else wanted).limit(count)).all()


def call(session: Session, kiosk: str, request: str, said: tuple[str, str], now: datetime) -> AlertRow:
    """Return the alert of a citizen's call `request`, raised once, in the caller's transaction.

    `said` are its detail and its remedy. A kiosk has one call at a time; an older one is over.
    """
    named = select(AlertRow).where(AlertRow.kiosk == kiosk, AlertRow.rule == HELP, AlertRow.cause == request)
    if (row := session.scalars(named).first()) is None:
        row = AlertRow(
            id=new_ulid(now), kiosk=kiosk, rule=HELP, cause=request, severity=RULES[HELP].severity, since=now,
            raised_at=now, detail=said[0][:MOST_DETAIL], remedy=said[1][:MOST_DETAIL],
        )  # fmt: skip
        older = (AlertRow.kiosk == kiosk, AlertRow.rule == HELP, _OPEN)
        session.execute(update(AlertRow).where(*older).values(cleared_at=now))
        session.add(row)
        session.flush()
    return row


def end_call(session: Session, kiosk: str, request: str, now: datetime) -> None:
    """Note in the caller's transaction that nobody is wanted any more for this call."""
    of_call = (AlertRow.kiosk == kiosk, AlertRow.rule == HELP, AlertRow.cause == request, _OPEN)
    session.execute(update(AlertRow).where(*of_call).values(cleared_at=now))


def purge(session: Session, now: datetime) -> None:
    """End calls that nobody ends, and forget what is over long enough, in the caller's transaction."""
    forgotten = (AlertRow.rule == HELP, _OPEN, AlertRow.since < now - CALL_LASTS)
    session.execute(update(AlertRow).where(*forgotten).values(cleared_at=now))
    session.execute(delete(AlertRow).where(AlertRow.cleared_at < now - KEPT))


def _open_rows(session: Session) -> Mapping[_Key, AlertRow]:
    judged = select(AlertRow).where(_OPEN, AlertRow.rule != HELP)
    return {(row.kiosk, row.rule, row.cause): row for row in session.scalars(judged)}


def _steps(judged: Mapping[str, Judged], rows: Mapping[_Key, AlertRow], now: datetime) -> Iterator[_Step]:
    """Yield the findings that change a row."""
    named: set[_Key] = set()
    for kiosk, result in judged.items():
        for finding in result.findings:
            key = (kiosk, finding.rule, finding.cause)
            named.add(key)
            if _changes(rows.get(key), finding, now):
                yield _Step(key=key, finding=finding)
    for key, row in rows.items():
        others = judged[key[0]].others if key[0] in judged else Verdict.CLEAR
        unnamed = Finding(rule=row.rule, cause=row.cause, verdict=others)
        if key not in named and _changes(row, unnamed, now):
            yield _Step(key=key, finding=unnamed)


def _changes(row: AlertRow | None, finding: Finding, now: datetime) -> bool:
    if row is None:
        return finding.verdict is Verdict.RAISE
    if finding.verdict is Verdict.RAISE:
        ripe = row.raised_at is None and now - row.since >= RULES[row.rule].lasts
        return ripe or row.quiet_since is not None or row.detail != finding.detail[:MOST_DETAIL]
    if finding.verdict is Verdict.HOLD:
        return False
    quiet_enough = row.quiet_since is not None and now - row.quiet_since >= RULES[row.rule].quiet
    return row.raised_at is None or row.quiet_since is None or quiet_enough


def _take(session: Session, row: AlertRow | None, step: _Step, now: datetime) -> None:
    finding, rule = step.finding, RULES[step.finding.rule]
    if finding.verdict is Verdict.RAISE:
        if row is None:
            kiosk, name, cause = step.key
            row = AlertRow(id=new_ulid(now), kiosk=kiosk, rule=name, cause=cause, severity=rule.severity, since=now)
            session.add(row)
        row.detail, row.remedy, row.quiet_since = finding.detail[:MOST_DETAIL], finding.remedy[:MOST_DETAIL], None
        if row.raised_at is None and now - row.since >= rule.lasts:
            row.raised_at = now
        return
    assert row is not None
    if row.raised_at is None:
        session.delete(row)
        return
    row.quiet_since = row.quiet_since or now
    if now - row.quiet_since >= rule.quiet:
        row.cleared_at = now
