"""How signing is: services outside, copies below B-LTA (open ones first), certificates that end soon."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from hub.adapters import moj_reports
from hub.console import render
from hub.console.access import ServedHub, allowed
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.delivery import deliveries
from hub.register import certificates
from hub.store.tables import Officer, Upgrade, UpgradeState

router = APIRouter(include_in_schema=False)

NAV = Nav(order=80, path="/console/health", words="nav.health", permit=Permit.SEE_HEALTH)
SOON = timedelta(days=90)
SHOWN = 50


@router.get("/console/health")
def health_page(
    hub: ServedHub, request: Request, officer: Annotated[Officer, Depends(allowed(Permit.SEE_HEALTH))]
) -> HTMLResponse:
    """Return the page."""
    open_first = (Upgrade.state == UpgradeState.DONE, Upgrade.wanted_at.desc())
    with hub.database.reading() as session:
        counted = dict(session.execute(select(Upgrade.state, func.count()).group_by(Upgrade.state)).all())
        reports = moj_reports.counted(session)
        sent = deliveries.counted(session)
        upgrades = session.scalars(select(Upgrade).order_by(*open_first).limit(SHOWN)).all()
    return render.page(
        request,
        "health.html",
        officer=officer,
        sources=hub.sources.all(),
        counted={state: counted.get(state, 0) for state in UpgradeState},
        upgrades=upgrades,
        reports=reports,
        reports_to_moj=hub.config.adapters.moj is not None,
        sent=sent,
        failed=[state.value for state in deliveries.FAILED],
        expiring=certificates.expiring(hub, SOON),
        days=SOON.days,
        now=hub.clock.now(),
    )
