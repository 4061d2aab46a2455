"""The accounts, for the administrator: who may log in, who is locked out, whose second factor was lost."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from hub.console import render, second_factor
from hub.console.access import ServedHub, allowed
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.faults import UnknownThing
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Officer

router = APIRouter(include_in_schema=False)

NAV = Nav(order=90, path="/console/accounts", words="nav.accounts", permit=Permit.MANAGE_ACCOUNTS)
Administrator = Annotated[Officer, Depends(allowed(Permit.MANAGE_ACCOUNTS))]


@router.get("/console/accounts")
def accounts_page(hub: ServedHub, request: Request, officer: Administrator) -> HTMLResponse:
    """Return the list of accounts."""
    with hub.database.reading() as session:
        accounts = session.scalars(select(Officer).order_by(Officer.login)).all()
    return render.page(request, "accounts.html", officer=officer, accounts=accounts, now=hub.clock.now())


@router.delete("/api/accounts/{login}/second-factor", status_code=204)
def remove_second_factor(hub: ServedHub, officer: Administrator, login: str) -> None:
    """Take a lost second factor off an account."""
    _require(hub, login)
    second_factor.remove(hub, officer.login, login)


@router.delete("/api/accounts/{login}/lock", status_code=204)
def unlock(hub: ServedHub, officer: Administrator, login: str) -> None:
    """Let somebody who was locked out try again at once."""
    _require(hub, login)
    with hub.database.writing() as session:
        row = session.get_one(Officer, login)
        row.failed_logins, row.locked_until = 0, None
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.UNLOCKED, subject=login)


def _require(hub: Hub, login: str) -> None:
    with hub.database.reading() as session:
        if session.get(Officer, login) is None:
            raise UnknownThing("There is no such account.")
