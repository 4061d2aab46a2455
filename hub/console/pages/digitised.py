"""Digitised papers that wait for a person's look: the list, and one paper beside what was read of it."""

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from contract.digital import Metadata
from contract.dossiers import component_name, procedure_name
from hub.console import render
from hub.console.access import Decider, ServedHub
from hub.console.pages import Nav
from hub.console.places import place_of
from hub.console.roles import Permit
from hub.dossiers import documents
from hub.draft_pdf import words
from hub.faults import DocumentDecided, UnknownThing
from hub.store.tables import DocumentRow, DossierRow

router = APIRouter(include_in_schema=False)

NAV = Nav(order=15, path="/console/digitised", words="nav.digitised", permit=Permit.DECIDE)
FIELDS = ("type_name", "code_number", "code_notation", "issued_date", "organ_name", "subject")
"""What a person has to see right; the guidance's mandatory fields, but for the code."""


@router.get("/console/digitised")
def digitised_page(hub: ServedHub, request: Request, officer: Decider) -> HTMLResponse:
    """Return the papers that wait, oldest first."""
    waiting = documents.waiting(hub)
    with hub.database.reading() as session:
        dossiers = {row.base_code: session.get(DossierRow, row.dossier or "") for row, _ in waiting}
    named = {row.base_code: _named(dossiers[row.base_code], row) for row, _ in waiting}
    return render.page(request, "digitised.html", officer=officer, waiting=waiting, named=named)


@router.get("/console/digitised/next")
def next_paper(hub: ServedHub, officer: Decider, after: str = "", back: bool = False) -> RedirectResponse:
    """Go to the waiting paper behind this one, with `back` to the one before it; to the list where there is none."""
    codes = [row.base_code for row, _ in documents.waiting(hub)]
    if back:
        codes.reverse()
    others = codes[codes.index(after) + 1 :] if after in codes else codes
    return RedirectResponse("/console/digitised" + (f"/{others[0]}" if others else ""), status_code=303)


@router.get("/console/digitised/{base_code}")
def paper_page(hub: ServedHub, request: Request, officer: Decider, base_code: str) -> Response:
    """Return one paper that waits: its scan, and each field with the place that it was read from."""
    waiting = {row.base_code: (row, metadata) for row, metadata in documents.waiting(hub)}
    if base_code not in waiting:
        return render.page(request, "digitised_gone.html", officer=officer, status=409)
    row, metadata = waiting[base_code]
    try:
        scan = documents.draft(hub, base_code, officer.login)
    except (DocumentDecided, UnknownThing):
        return render.page(request, "digitised_gone.html", officer=officer, status=409)
    with hub.database.reading() as session:
        dossier = session.get(DossierRow, row.dossier or "")
    printed = words(scan)
    fields = {name: _written(metadata, name) for name in FIELDS}
    places = {name: place for name, value in fields.items() if (place := place_of(value, printed))}
    data = {
        "code": base_code,
        "pages": row.pages,
        "differs": row.pages != row.pages_counted,
        "metadata": msgspec.to_builtins(metadata),
        "places": places,
    }
    return render.page(
        request, "digitised_paper.html", officer=officer, row=row, metadata=metadata, fields=fields, places=places,
        named=_named(dossier, row), waiting=len(waiting), data=data,
    )  # fmt: skip


def _written(metadata: Metadata, name: str) -> str:
    value = getattr(metadata, name)
    return f"{value:%d/%m/%Y}" if name == "issued_date" and value else str(value or "")


def _named(dossier: DossierRow | None, row: DocumentRow) -> tuple[str, str]:
    """Return the Vietnamese names of procedure and component, blank for a paper of no dossier."""
    if dossier is None:
        return "", row.component
    return procedure_name(dossier.procedure), component_name(dossier.procedure, row.component)
