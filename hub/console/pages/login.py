"""The way in: login page, the cookie, and where somebody who is in goes first."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from hub.console import render, sessions
from hub.console.access import COOKIE, LoggedIn, ServedHub
from hub.console.roles import may
from hub.console.sessions import Login
from hub.faults import ForeignRequest, LockedOut, NotLoggedIn

router = APIRouter(include_in_schema=False)

_WHY = frozenset({"over", "refused"})


@router.get("/")
@router.get("/console")
def home(request: Request, officer: LoggedIn) -> RedirectResponse:
    """Go to the first page that the officer's role may see."""
    first = next(nav.path for nav in request.app.state.navigation if may(officer.role, nav.permit))
    return RedirectResponse(first, status_code=303)


@router.get("/console/login")
def login_page(hub: ServedHub, request: Request, why: str = "") -> HTMLResponse:
    """Return the login form."""
    return _form(hub, request, why if why in _WHY else "")


@router.post("/console/login")
def log_in(
    hub: ServedHub,
    request: Request,
    login: Annotated[str, Form(max_length=40)],
    password: Annotated[str, Form(max_length=200)],
    code: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Open a session, or say on the form why not."""
    require_own_page(request)
    try:
        opened = sessions.log_in(hub, login, password, code)
    except LockedOut:
        return _form(hub, request, "locked", status=429)
    except NotLoggedIn:
        return _form(hub, request, "wrong", status=401)
    answer = RedirectResponse("/console", status_code=303)
    give_cookie(answer, opened)
    return answer


def give_cookie(answer: Response, opened: Login) -> None:
    """Put the session into a cookie that scripts can't read and other sites' pages can't use to act.

    `Lax`, not `Strict`: the return from an OpenID Connect provider is a navigation that began elsewhere.
    """
    answer.set_cookie(COOKIE, opened.token, secure=True, httponly=True, samesite="lax", path="/")


def require_own_page(request: Request) -> None:
    """Return if the form was sent from a page of this console; raise ForeignRequest."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if site not in ("same-origin", "none") or elsewhere:
        raise ForeignRequest("The login form was sent from another site's page.")


def _form(hub: ServedHub, request: Request, why: str, *, status: int = 200) -> HTMLResponse:
    by_provider = hub.config.console.oidc is not None
    return render.page(request, "login.html", status=status, why=why, by_provider=by_provider)
