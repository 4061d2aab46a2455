"""Figures for the city's operations centre (F26, F30) as JSON and CSV, without personal data; by officer at home."""

from dataclasses import asdict, fields
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response

from hub.console.access import Bookkeeper, ServedHub, allowed
from hub.console.books import Day, csv_answer
from hub.console.media import Csv
from hub.console.roles import Permit
from hub.register import statistics
from hub.register.statistics import By, Figures
from hub.store.tables import Officer

router = APIRouter(prefix="/api/statistics")

Statistician = Annotated[Officer, Depends(allowed(Permit.READ_STATISTICS))]
Exported = Annotated[Literal["day", "kiosk", "channel", "all"], Query()]


@router.get("/papers")
def papers(
    hub: ServedHub, officer: Statistician, first_day: Day, last_day: Day, by: Exported = "day"
) -> dict[str, Any]:
    """Return the figures of these days and the portal's KPI codes that the hub can say."""
    with hub.database.reading() as session:
        rows = statistics.figures(session, first_day, last_day, By(by))
        kpis = statistics.kpis(session, first_day, last_day)
    return {
        "agency": hub.config.agency.code,
        "first_day": first_day,
        "last_day": last_day,
        "by": by,
        "kpi": kpis,
        "figures": [asdict(row) | {"on_time_share": row.on_time_share} for row in rows],
    }


@router.get("/papers.csv", response_class=Csv)
def papers_csv(hub: ServedHub, officer: Statistician, first_day: Day, last_day: Day, by: Exported = "day") -> Response:
    """Return the same figures as CSV, one line per key."""
    with hub.database.reading() as session:
        rows = statistics.figures(session, first_day, last_day, By(by))
    names = [field.name for field in fields(Figures)]
    lines = [(*(getattr(row, name) for name in names), row.on_time_share) for row in rows]
    return csv_answer([by, *names[1:], "on_time_share"], lines)


@router.get("/officers")
def officers(hub: ServedHub, officer: Bookkeeper, first_day: Day, last_day: Day) -> list[dict[str, Any]]:
    """Return the figures by officer (login; empty: not decided), for the agency alone."""
    with hub.database.reading() as session:
        return [asdict(row) for row in statistics.figures(session, first_day, last_day, By.OFFICER)]
