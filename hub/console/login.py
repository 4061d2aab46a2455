"""Logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.console import sessions
from hub.console.access import COOKIE, ServedHub, Token

router = APIRouter(prefix="/api")


class LoginForm(BaseModel):
    """Login, password, and the authenticator's code where the account has a second factor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    login: Annotated[str, Field(max_length=40)]
    password: Annotated[str, Field(max_length=200, repr=False)]
    code: Annotated[str, Field(max_length=10, repr=False)] = ""


@router.post("/session", status_code=201)
def log_in(hub: ServedHub, form: LoginForm) -> sessions.Login:
    """Open a session of nine hours."""
    return sessions.log_in(hub, form.login, form.password, form.code)


@router.delete("/session", status_code=204)
def log_out(hub: ServedHub, token: Token, response: Response) -> None:
    """End the session and lock the officer's key."""
    sessions.log_out(hub, token)
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")
