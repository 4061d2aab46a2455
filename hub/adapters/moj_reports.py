"""What the Ministry's system is told of the register: each entry once, in its own time, through any outage.

The list is made from the register itself, so that nothing is forgotten: what was signed or annulled before the adapter
was configured is reported too. A copy is never late for it.
"""

import asyncio
from datetime import datetime
from typing import NoReturn

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from hub.adapters.moj_register import Entry, MojEvent, MojRegister
from hub.adapters.pauses import LEASE, LOOK_EVERY_S, pause_after
from hub.adapters.peer import Refused, Source, Unavailable
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store.tables import AnnulmentRow, Issue, IssueState, MojReport, MojReportState, RegisterRow

KIND = "moj"
AT_A_TIME = 500


class MojReports:
    """Reports one entry at a time, those due first."""

    def __init__(self, hub: Hub, register: MojRegister, url: str) -> None:
        self._hub, self._register = hub, register
        self._source = Source(hub, KIND, url)

    async def run(self) -> NoReturn:
        """Report for ever."""
        while True:
            await asyncio.to_thread(self.report_all)
            await self._hub.clock.sleep(LOOK_EVERY_S)

    def report_all(self) -> None:
        """Report what is due, until nothing is or the system rests after a fault."""
        self._gather()
        while not self._source.rests and self._report_next():
            pass

    def _gather(self) -> None:
        """Enter what the register has and the list has not yet."""
        now = self._hub.clock.now()
        signed = select(Issue.copy_id).where(Issue.state == IssueState.SIGNED, ~_listed(Issue.copy_id, MojEvent.ISSUED))
        annulled = select(AnnulmentRow.copy_id).where(~_listed(AnnulmentRow.copy_id, MojEvent.ANNULLED))
        for event, query in ((MojEvent.ISSUED, signed), (MojEvent.ANNULLED, annulled)):
            with self._hub.database.reading() as session:
                found = session.scalars(query.limit(AT_A_TIME)).all()
            if not found:
                continue
            with self._hub.database.noting() as session:
                for copy_id in found:
                    if session.get(MojReport, (copy_id, event)) is None:
                        session.add(MojReport(copy_id=copy_id, event=event, wanted_at=now, next_at=now))

    def _report_next(self) -> bool:
        """Try the report that is due first; return whether there was one."""
        entry = self._claimed()
        if entry is None:
            return False
        try:
            receipt = self._source.tried(lambda: self._register.report(entry))
        except Unavailable as fault:
            self._settle(entry, MojReportState.WAITING, str(fault))
        except Refused as fault:
            self._settle(entry, MojReportState.REFUSED, str(fault))
        else:
            self._settle(entry, MojReportState.DONE, receipt=receipt)
        return True

    def _claimed(self) -> Entry | None:
        now = self._hub.clock.now()
        with self._hub.database.noting() as session:
            report = session.scalars(_due(now).with_for_update(skip_locked=True)).first()
            if report is None:
                return None
            report.next_at = now + LEASE
            return _entry(session, self._hub, report)

    def _settle(self, entry: Entry, state: MojReportState, fault: str = "", *, receipt: str = "") -> None:
        now = self._hub.clock.now()
        with self._hub.database.noting() as session:
            report = session.get_one(MojReport, (entry.copy_id, entry.event), with_for_update=True)
            report.state, report.last_fault, report.receipt = state, fault, receipt
            if state == MojReportState.WAITING:
                report.failures += 1
                report.next_at = now + pause_after(report.failures)
            else:
                report.ended_at = now


def counted(session: Session) -> dict[MojReportState, int]:
    """Return how many reports stand where."""
    rows = session.execute(select(MojReport.state, func.count()).group_by(MojReport.state))
    found = {state: count for state, count in rows}
    return {state: found.get(state, 0) for state in MojReportState}


def _listed(copy_id: object, event: MojEvent) -> ColumnElement[bool]:
    return exists().where(MojReport.copy_id == copy_id, MojReport.event == event)


def _due(now: datetime) -> Select[MojReport]:
    """Select the report that is due first; an annulment follows the report of its copy."""
    issued = aliased(MojReport)
    told = exists().where(
        issued.copy_id == MojReport.copy_id, issued.event == MojEvent.ISSUED, issued.state == MojReportState.DONE
    )
    in_turn = or_(MojReport.event == MojEvent.ISSUED, told)
    waits = and_(MojReport.state == MojReportState.WAITING, MojReport.next_at <= now, in_turn)
    return select(MojReport).where(waits).order_by(MojReport.next_at, MojReport.copy_id).limit(1)


def _entry(session: Session, hub: Hub, report: MojReport) -> Entry:
    issue = session.get_one(Issue, report.copy_id)
    row = session.get_one(RegisterRow, issue.register_row)
    annulment = session.get(AnnulmentRow, report.copy_id) if report.event == MojEvent.ANNULLED else None
    return Entry(
        event=MojEvent(report.event),
        copy_id=issue.copy_id,
        agency=hub.config.agency.name,
        agency_code=hub.config.agency.code,
        label=register_label(row),
        title=row.title,
        signer=row.signer_name,
        signer_title=row.signer_title,
        copies=row.copies,
        at=annulment.at if annulment else row.at,
        decision_no=annulment.decision_no if annulment else "",
    )
