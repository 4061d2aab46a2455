"""The way through the OpenID Connect provider and back."""

import hmac
import logging
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.console import oidc
from hub.console.access import ServedHub
from hub.console.pages.login import give_cookie
from hub.faults import ProviderRefused

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)

_COOKIE = "__Host-tram-oidc"


@router.get("/console/oidc/login")
def leave_for_provider(hub: ServedHub) -> Response:
    """Send the browser to the provider."""
    try:
        started = oidc.begin(hub)
    except ProviderRefused as fault:
        return _refused(fault)
    answer = RedirectResponse(started.address, status_code=303)
    lasts = int(oidc.TAKES_AT_MOST.total_seconds())
    answer.set_cookie(_COOKIE, started.state, secure=True, httponly=True, samesite="lax", path="/", max_age=lasts)
    return answer


@router.get("/console/oidc/return")
def return_from_provider(
    hub: ServedHub,
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Open a session for whom the provider sent back, in the browser that set out."""
    try:
        if not state or not hmac.compare_digest(state.encode(), request.cookies.get(_COOKIE, "").encode()):
            raise ProviderRefused("This browser did not begin the login.")
        opened = oidc.finish(hub, state, code)
    except ProviderRefused as fault:
        return _refused(fault)
    answer = RedirectResponse("/console", status_code=303)
    answer.delete_cookie(_COOKIE, secure=True, httponly=True, samesite="lax", path="/")
    give_cookie(answer, opened)
    return answer


def _refused(fault: ProviderRefused) -> Response:
    log.warning("a login through the provider was refused: %s", fault)
    return RedirectResponse("/console/login?why=refused", status_code=303)
