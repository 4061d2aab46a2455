"""Who is at the console: login with a password, then a token of which only the hash is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete
from sqlalchemy.orm import Session as Transaction

from contract.clock import vietnam_text
from contract.ids import sha256_hex
from hub.faults import LockedOut, NotLoggedIn
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Officer, Session

SESSION_LASTS = timedelta(hours=9)
FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A fresh session: the token goes into `Authorization: Bearer …`."""

    token: str
    expires_at: datetime
    name: str
    role: str


def hash_password(password: str) -> str:
    """Return what stands as `password_hash` in hub.toml (argon2id)."""
    return _HASHER.hash(password)


def log_in(hub: Hub, login: str, password: str) -> Login:
    """Return a session; raise NotLoggedIn, or LockedOut for 15 minutes after 5 wrong passwords."""
    with hub.database.reading() as session:
        officer = session.get(Officer, login)
    now = hub.clock.now()
    if officer is not None and officer.locked_until is not None and now < officer.locked_until:
        raise LockedOut(f"The login is locked until {vietnam_text(officer.locked_until)}.")
    right = _fits(officer.password_hash if officer else _hash_of_nobody(), password)
    if officer is None or not right:
        _count_failure(hub, officer, now)
        raise NotLoggedIn("Login and password do not fit together.")
    return _open(hub, officer, now)


def log_out(hub: Hub, token: str) -> None:
    """End the session; no error where there is none."""
    with hub.database.writing() as session:
        session.execute(delete(Session).where(Session.token_sha256 == sha256_hex(token.encode())))


def officer_of(hub: Hub, token: str) -> Officer:
    """Return who holds the token; raise NotLoggedIn."""
    with hub.database.reading() as session:
        known = session.get(Session, sha256_hex(token.encode()))
        if known is None or known.expires_at <= hub.clock.now():
            raise NotLoggedIn("There is no session, or it is over.")
        return session.get_one(Officer, known.officer)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):  # an officer who left the roster has no hash
        return False


@cache
def _hash_of_nobody() -> str:
    """Return what unknown logins are checked against, so that time does not tell who exists."""
    return _HASHER.hash(secrets.token_urlsafe())


def _open(hub: Hub, officer: Officer, now: datetime) -> Login:
    token, expires_at = secrets.token_urlsafe(32), now + SESSION_LASTS
    with hub.database.writing() as session:
        session.execute(delete(Session).where(Session.expires_at <= now))
        session.add(Session(token_sha256=sha256_hex(token.encode()), officer=officer.login, expires_at=expires_at))
        _set_failures(session, officer.login, 0, None)
        audit.append(session, at=now, who=officer.login, what=audit.Act.LOGGED_IN, subject=officer.login)
    return Login(token=token, expires_at=expires_at, name=officer.name, role=officer.role)


def _count_failure(hub: Hub, officer: Officer | None, now: datetime) -> None:
    if officer is None:
        return
    with hub.database.writing() as session:
        failures = session.get_one(Officer, officer.login).failed_logins + 1
        locks = failures >= FAILURES_ALLOWED
        _set_failures(session, officer.login, 0 if locks else failures, now + LOCKED_FOR if locks else None)
        act = audit.Act.LOCKED_OUT if locks else audit.Act.LOGIN_FAILED
        audit.append(session, at=now, who="console", what=act, subject=officer.login)


def _set_failures(session: Transaction, login: str, failures: int, locked_until: datetime | None) -> None:
    row = session.get_one(Officer, login)
    row.failed_logins, row.locked_until = failures, locked_until
