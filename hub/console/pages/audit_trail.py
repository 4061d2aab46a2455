"""The audit trail, for administrators and auditors: the newest rows, and whether the chain holds."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from hub.console import render
from hub.console.access import ServedHub, allowed
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.store import audit
from hub.store.tables import AuditRow, Officer

router = APIRouter(include_in_schema=False)

NAV = Nav(order=95, path="/console/audit", words="nav.audit", permit=Permit.READ_AUDIT)
SHOWN = 200


@router.get("/console/audit")
def audit_page(
    hub: ServedHub, request: Request, officer: Annotated[Officer, Depends(allowed(Permit.READ_AUDIT))]
) -> HTMLResponse:
    """Return the newest rows of the trail; the whole chain is checked."""
    with hub.database.writing() as session:
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.AUDIT_READ, subject=officer.login)
    with hub.database.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(SHOWN)).all()
        broken = audit.first_broken_row(session)
    return render.page(request, "audit.html", officer=officer, rows=rows, broken=broken)
