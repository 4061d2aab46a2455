"""The officer's own account: second factor, authority, and what is kept about his work."""

import io
from typing import Annotated

import segno
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from hub.console import render, second_factor, sessions
from hub.console.access import ServedHub, SomebodyPresent

router = APIRouter(include_in_schema=False)


class SecondFactorForm(BaseModel):
    """The secret that the page showed, and a code that proves that the app has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: Annotated[str, Field(pattern="^[A-Z2-7]{32}$", repr=False)]
    code: Annotated[str, Field(max_length=10, repr=False)]


@router.get("/console/account")
def account_page(hub: ServedHub, request: Request, present: SomebodyPresent) -> HTMLResponse:
    """Return the account's page; it is the only one open to somebody who has yet to set up the second factor."""
    officer = present.officer
    by_provider = present.via == sessions.BY_PROVIDER
    secret = "" if officer.totp_secret or by_provider else second_factor.new_secret()
    address = second_factor.address(secret, officer.login, hub.config.agency.name) if secret else ""
    return render.page(
        request,
        "account.html",
        officer=officer,
        by_provider=by_provider,
        secret=secret,
        code_picture=_picture(address) if address else "",
        must=hub.config.console.second_factor,
    )


@router.post("/api/account/second-factor", status_code=204)
def set_second_factor(hub: ServedHub, present: SomebodyPresent, form: SecondFactorForm) -> None:
    """Turn the second factor on."""
    second_factor.enrol(hub, present.officer.login, form.secret, form.code)


def _picture(address: str) -> str:
    svg = io.BytesIO()
    segno.make(address, error="m").save(svg, kind="svg", scale=5, border=2, xmldecl=False, svgns=True)
    return svg.getvalue().decode()
