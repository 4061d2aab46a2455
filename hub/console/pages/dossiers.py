"""A digitised dossier is used again: the clerk scans the citizen's receipt, sees what is in it, and takes it."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from contract.digital import reuse_parts
from hub.console import render
from hub.console.access import ServedHub, allowed
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.dossiers import reuse
from hub.store.tables import Officer

router = APIRouter(include_in_schema=False)

NAV = Nav(order=36, path="/console/dossiers", words="nav.dossiers", permit=Permit.REUSE_DOSSIERS)

Clerk = Annotated[Officer, Depends(allowed(Permit.REUSE_DOSSIERS))]


class Scanned(BaseModel):
    """What a reader reads of a receipt."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(min_length=1, max_length=1000)]


class Taken(Scanned):
    """What the dossier is taken for; `only` is the code, without version, of the one paper that is wanted."""

    purpose: Annotated[str, Field(min_length=3, max_length=200)]
    only: Annotated[str, Field(max_length=30)] = ""


@router.get("/console/dossiers")
def dossiers_page(request: Request, officer: Clerk) -> HTMLResponse:
    """Return the field for a receipt's QR."""
    return render.page(request, "dossiers.html", officer=officer)


@router.post("/api/dossiers/contents")
def contents(hub: ServedHub, request: Request, officer: Clerk, form: Scanned) -> HTMLResponse:
    """Return what is in the dossier of a receipt, as a part of the page; the look is recorded."""
    found = reuse.look(hub, *reuse_parts(form.code), officer.login)
    return render.page(request, "dossier_contents.html", officer=officer, dossier=found)


@router.post("/api/dossiers/package")
def take(hub: ServedHub, officer: Clerk, form: Taken) -> Response:
    """Give the dossier, or one paper of it, out as a ZIP; the receipt is used up, and what for is recorded."""
    dossier, secret = reuse_parts(form.code)
    content = reuse.reuse(hub, dossier, secret, officer.login, purpose=form.purpose.strip(), only=form.only)
    disposition = f"attachment; filename*=UTF-8''{quote(form.only or dossier)}.zip"
    return Response(content, media_type="application/zip", headers={"Content-Disposition": disposition})
