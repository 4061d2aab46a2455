"""Who is at the console: password and second factor, then a token of which only the hash is kept.

A session ends after nine hours, after twenty minutes in which nobody did anything, or at log-out; the officer's key is
locked with it.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, or_
from sqlalchemy.orm import Session as Transaction

from contract.clock import vietnam_text
from contract.ids import sha256_hex
from hub.console import second_factor
from hub.faults import LockedOut, NotLoggedIn
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Officer, Session

SESSION_LASTS = timedelta(hours=9)
IDLE_FOR_AT_MOST = timedelta(minutes=20)
FAILURES_ALLOWED = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
BY_PASSWORD, BY_PROVIDER = "password", "oidc"
_NOTED_EVERY = timedelta(minutes=1)
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A fresh session: the token goes into `Authorization: Bearer …`, in browsers into a cookie."""

    token: str
    expires_at: datetime
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is logged in; `console` names the session without giving the token away."""

    officer: Officer
    console: str
    via: str
    expires_at: datetime


def hash_password(password: str) -> str:
    """Return what stands as `password_hash` in hub.toml (argon2id)."""
    return _HASHER.hash(password)


def log_in(hub: Hub, login: str, password: str, code: str = "") -> Login:
    """Return a session; raise NotLoggedIn, or LockedOut after 5 failures (1 min, doubled by each further, ≤ 1 h)."""
    with hub.database.reading() as session:
        officer = session.get(Officer, login)
    now = hub.clock.now()
    if officer is not None and officer.locked_until is not None and now < officer.locked_until:
        raise LockedOut(f"The login is locked until {vietnam_text(officer.locked_until)}.")
    right = _fits(officer.password_hash if officer else _hash_of_nobody(), password)
    if officer is None or not right or not _second_fits(hub, officer, code, now):
        _count_failure(hub, officer, now)
        raise NotLoggedIn("Login, password and code do not fit together.")
    return open_for(hub, officer, via=BY_PASSWORD)


def open_for(hub: Hub, officer: Officer, *, via: str) -> Login:
    """Open a session for somebody who has proved who he is."""
    now = hub.clock.now()
    token, expires_at = secrets.token_urlsafe(32), now + SESSION_LASTS
    row = Session(
        token_sha256=sha256_hex(token.encode()), officer=officer.login, via=via, expires_at=expires_at, seen_at=now
    )
    with hub.database.writing() as session:
        session.execute(
            delete(Session).where(or_(Session.expires_at <= now, Session.seen_at <= now - IDLE_FOR_AT_MOST))
        )
        session.add(row)
        _set_failures(session, officer.login, 0, None)
        audit.append(session, at=now, who=officer.login, what=audit.Act.LOGGED_IN, subject=officer.login)
    return Login(token=token, expires_at=expires_at, name=officer.name, role=officer.role)


def log_out(hub: Hub, token: str) -> None:
    """End the session and lock the officer's key; no error where there is none."""
    with hub.database.writing() as session:
        known = session.get(Session, sha256_hex(token.encode()))
        if known is None:
            return
        session.delete(known)
        now = hub.clock.now()
        audit.append(session, at=now, who=known.officer, what=audit.Act.LOGGED_OUT, subject=known.officer)
        if hub.open_keys.close(known.officer):
            audit.append(session, at=now, who=known.officer, what=audit.Act.KEY_CLOSED, subject=known.officer)


def present(hub: Hub, token: str, *, active: bool = True) -> Present:
    """Return who holds the token; raise NotLoggedIn. `active`: a person did something, not a page by itself."""
    console, now = sha256_hex(token.encode()), hub.clock.now()
    with hub.database.reading() as session:
        known = session.get(Session, console)
        if known is None or known.expires_at <= now or known.seen_at + IDLE_FOR_AT_MOST <= now:
            raise NotLoggedIn("There is no session, or it is over.")
        officer = session.get_one(Officer, known.officer)
    if active:
        _note_activity(hub, known, now)
    return Present(officer=officer, console=console, via=known.via, expires_at=known.expires_at)


def csrf_token(token: str) -> str:
    """Return what the console's own pages send with every act, so that no other page acts in an officer's name."""
    return hmac.digest(token.encode(), b"tram console csrf", "sha256").hex()


def key_may_stay_open_until(known: Present, now: datetime) -> datetime:
    """Return when an officer's key is locked if he does nothing more."""
    return min(known.expires_at, now + IDLE_FOR_AT_MOST)


def _note_activity(hub: Hub, known: Session, now: datetime) -> None:
    hub.open_keys.prolong(
        known.officer, console=known.token_sha256, until=min(known.expires_at, now + IDLE_FOR_AT_MOST)
    )
    if now - known.seen_at < _NOTED_EVERY:
        return
    with hub.database.writing() as session:
        row = session.get(Session, known.token_sha256)
        if row is not None:
            row.seen_at = now


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):  # an officer who left the roster has no hash
        return False


def _second_fits(hub: Hub, officer: Officer, code: str, now: datetime) -> bool:
    if not officer.totp_secret:
        return True
    with hub.database.writing() as session:
        row = session.get_one(Officer, officer.login, with_for_update=True)
        step = second_factor.matching_step(row.totp_secret, code, now, after=row.totp_last_step)
        if step is not None:
            row.totp_last_step = step
    return step is not None


@cache
def _hash_of_nobody() -> str:
    """Return what unknown logins are checked against, so that time does not tell who exists."""
    return _HASHER.hash(secrets.token_urlsafe())


def _count_failure(hub: Hub, officer: Officer | None, now: datetime) -> None:
    if officer is None:
        return
    with hub.database.writing() as session:
        failures = session.get_one(Officer, officer.login).failed_logins + 1
        locked_until = now + _lock(failures) if failures >= FAILURES_ALLOWED else None
        _set_failures(session, officer.login, failures, locked_until)
        act = audit.Act.LOCKED_OUT if locked_until else audit.Act.LOGIN_FAILED
        audit.append(session, at=now, who="console", what=act, subject=officer.login)


def _lock(failures: int) -> timedelta:
    doublings = min(failures - FAILURES_ALLOWED, 10)
    return min(FIRST_LOCK * int(2**doublings), LONGEST_LOCK)


def _set_failures(session: Transaction, login: str, failures: int, locked_until: datetime | None) -> None:
    row = session.get_one(Officer, login)
    row.failed_logins, row.locked_until = failures, locked_until
