"""What every console route declares: the hub it serves, who is asking, and what he must be allowed to do.

A browser carries the token in a cookie that scripts can't read; whatever changes something must then also carry the
session's CSRF token in a header, which only the console's own pages know. Programs send `Authorization: Bearer …`.
"""

import hmac
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hub.console import sessions
from hub.console.roles import Permit, may
from hub.console.sessions import Present
from hub.enrolment.devices import Devices
from hub.faults import EnrolmentClosed, ForeignRequest, NotLoggedIn, RoleMissing, SecondFactorMissing
from hub.rooms import Hub
from hub.signing.signers import OfficerKeys
from hub.store.tables import Officer

COOKIE = "__Host-tram"
CSRF_HEADER = "x-csrf-token"
PASSIVE_HEADER = "x-passive"
"""Sent with what a page asks by itself; it keeps no session alive."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = HTTPBearer(auto_error=False)


def hub_of(request: Request) -> Hub:
    """Return the hub that the application serves."""
    hub = request.app.state.hub
    assert isinstance(hub, Hub)
    return hub


def keys_of(request: Request) -> OfficerKeys:
    """Return the store of the officers' keys."""
    keys: OfficerKeys = request.app.state.officer_keys
    return keys


def devices_of(request: Request) -> Devices:
    """Return the authority over kiosks; raise EnrolmentClosed where the application has none."""
    devices: Devices | None = request.app.state.devices
    if devices is None:
        raise EnrolmentClosed("This hub does not enrol kiosks.")
    return devices


ServedHub = Annotated[Hub, Depends(hub_of)]
ServedDevices = Annotated[Devices, Depends(devices_of)]
ServedKeys = Annotated[OfficerKeys, Depends(keys_of)]


def token_of(request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> str:
    """Return the session's token; raise NotLoggedIn, or ForeignRequest where an act lacks the CSRF token."""
    if credentials is not None:
        return credentials.credentials
    token = request.cookies.get(COOKIE)
    if token is None:
        raise NotLoggedIn("The request carries no session (cookie, or Authorization: Bearer …).")
    if request.method not in _SAFE:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), sessions.csrf_token(token).encode()):
            raise ForeignRequest("The call carries no CSRF token of this session.")
    return token


Token = Annotated[str, Depends(token_of)]


def present_of(hub: ServedHub, request: Request, token: Token) -> Present:
    """Return who is logged in, also one who has yet to set up the second factor; raise NotLoggedIn."""
    return sessions.present(hub, token, active=PASSIVE_HEADER not in request.headers)


SomebodyPresent = Annotated[Present, Depends(present_of)]


def known_of(hub: ServedHub, present: SomebodyPresent) -> Present:
    """Return who is logged in with all factors that the agency asks for; raise SecondFactorMissing."""
    wanted = hub.config.console.second_factor and present.via == sessions.BY_PASSWORD
    if wanted and not present.officer.totp_secret:
        raise SecondFactorMissing("This account has no second factor yet.")
    return present


FullyPresent = Annotated[Present, Depends(known_of)]


def officer_of(present: FullyPresent) -> Officer:
    """Return who is logged in."""
    return present.officer


LoggedIn = Annotated[Officer, Depends(officer_of)]


def allowed(permit: Permit) -> Callable[[Officer], Officer]:
    """Return a dependency that gives the officer if his role includes the act; raise RoleMissing."""

    def permitted(officer: LoggedIn) -> Officer:
        if not may(officer.role, permit):
            raise RoleMissing(f"The role {officer.role} does not {permit}.")
        return officer

    return permitted


Reader = Annotated[Officer, Depends(allowed(Permit.SEE_PAPERS))]
Decider = Annotated[Officer, Depends(allowed(Permit.DECIDE))]
Bookkeeper = Annotated[Officer, Depends(allowed(Permit.READ_REGISTER))]
Cashier = Annotated[Officer, Depends(allowed(Permit.PAY_VOUCHERS))]
Caller = Annotated[Officer, Depends(allowed(Permit.CALL_NUMBERS))]
