"""The register: search, the year's months to print and bind, closing, checks afterwards, the proof of purging."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from contract.clock import VIETNAM
from hub.console import render
from hub.console.access import Bookkeeper, ServedHub
from hub.console.books import Month, SearchForm, Year, searched
from hub.console.pages import Nav
from hub.console.roles import Permit, may
from hub.register import bound_book, months, post_check, purge_proof
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store.tables import YearClosing

router = APIRouter(include_in_schema=False)

NAV = Nav(order=30, path="/console/register", words="nav.register", permit=Permit.READ_REGISTER)


@router.get("/console/register")
def register_page(
    hub: ServedHub, request: Request, officer: Bookkeeper, year: Annotated[int, Query(ge=0, le=2999)] = 0
) -> HTMLResponse:
    """Return the page of a year (before 2000: this one), with its newest entries."""
    wanted = SearchForm(year=year if year >= 2000 else hub.clock.now().astimezone(VIETNAM).year)
    found = searched(hub, officer, wanted)
    return render.page(
        request,
        "register.html",
        officer=officer,
        found=found,
        label=register_label,
        proof=purge_proof.prove(hub, officer.login),
        may_keep=may(officer.role, Permit.KEEP_BOOKS),
        may_check=may(officer.role, Permit.POST_CHECK),
        **_year(hub, wanted.year),
    )


@router.post("/console/register/rows")
def register_rows(hub: ServedHub, request: Request, officer: Bookkeeper, form: SearchForm) -> HTMLResponse:
    """Return what was searched for, without the frame."""
    found = searched(hub, officer, form)
    return render.page(request, "register_rows.html", officer=officer, found=found, label=register_label)


@router.get("/console/register/{year}/{month}/checks")
def checks_page(hub: ServedHub, request: Request, officer: Bookkeeper, year: Year, month: Month) -> HTMLResponse:
    """Return a month's sample with the results of its checks."""
    with hub.database.reading() as session:
        figures = post_check.figures(session, year, month)
        checks = post_check.of_month(session, year, month)
    may_check = may(officer.role, Permit.POST_CHECK)
    shown: dict[str, Any] = {"year": year, "month": month, "figures": figures, "checks": checks}
    results = post_check.RESULTS
    return render.page(
        request, "checks.html", officer=officer, may_check=may_check, results=results, label=register_label, **shown
    )


def _year(hub: Hub, year: int) -> dict[str, Any]:
    now = hub.clock.now()
    with hub.database.reading() as session:
        book = bound_book.of_year(session, hub.config, year)
        return {
            "year": year,
            "months": [(each, now >= months.bounds(year, each.month)[1]) for each in book],
            "checks": {each.month: post_check.figures(session, year, each.month) for each in book},
            "closing": session.get(YearClosing, year),
            "over": now >= months.bounds(year, 12)[1],
        }
