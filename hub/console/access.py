"""What every console route declares: the hub it serves, and who is asking."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hub.console import sessions
from hub.faults import NotLoggedIn
from hub.rooms import Hub
from hub.store.tables import Officer

_BEARER = HTTPBearer(auto_error=False)


def hub_of(request: Request) -> Hub:
    """Return the hub that the application serves."""
    hub = request.app.state.hub
    assert isinstance(hub, Hub)
    return hub


ServedHub = Annotated[Hub, Depends(hub_of)]


def token_of(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> str:
    """Return the bearer token; raise NotLoggedIn."""
    if credentials is None:
        raise NotLoggedIn("The request carries no session (Authorization: Bearer …).")
    return credentials.credentials


Token = Annotated[str, Depends(token_of)]


def officer_of(hub: ServedHub, token: Token) -> Officer:
    """Return who is logged in; raise NotLoggedIn."""
    return sessions.officer_of(hub, token)


LoggedIn = Annotated[Officer, Depends(officer_of)]
