"""Digitised papers that wait for a person's look, each with its metadata to correct."""

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from contract.dossiers import procedure
from hub.console import render
from hub.console.access import Decider, ServedHub
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.dossiers import documents
from hub.store.tables import DocumentRow, DossierRow

router = APIRouter(include_in_schema=False)

NAV = Nav(order=15, path="/console/digitised", words="nav.digitised", permit=Permit.DECIDE)


@router.get("/console/digitised")
def digitised_page(hub: ServedHub, request: Request, officer: Decider) -> HTMLResponse:
    """Return the papers that wait, oldest first."""
    waiting = documents.waiting(hub)
    with hub.database.reading() as session:
        named = {row.base_code: _where(session.get(DossierRow, row.dossier or ""), row) for row, _ in waiting}
    said = {row.base_code: msgspec.json.encode(metadata).decode() for row, metadata in waiting}
    return render.page(request, "digitised.html", officer=officer, waiting=waiting, named=named, said=said)


def _where(dossier: DossierRow | None, row: DocumentRow) -> str:
    """Return the procedure's and the component's Vietnamese names."""
    known = procedure(dossier.procedure) if dossier else None
    component = known.component(row.component) if known else None
    return " · ".join(filter(None, (known.vi if known else "", component.vi if component else row.component)))
