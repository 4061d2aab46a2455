"""The second factor of a local account: time-based one-time passwords (RFC 6238), each worth one login."""

import hmac
from datetime import datetime

import pyotp

from hub.faults import NotLoggedIn
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Officer

_DRIFT_STEPS = 1


def new_secret() -> str:
    """Return a fresh secret (160 bits, base32)."""
    return pyotp.random_base32()


def address(secret: str, login: str, agency: str) -> str:
    """Return the `otpauth:` address that authenticator apps take from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"Trạm {agency}")


def matching_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Return the 30 s step whose password `code` is, if it is near `now` and later than the step `after`."""
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // totp.interval
    for step in range(current - _DRIFT_STEPS, current + _DRIFT_STEPS + 1):
        if step > after and hmac.compare_digest(totp.generate_otp(step), code.strip()):
            return step
    return None


def enrol(hub: Hub, login: str, secret: str, code: str) -> None:
    """Make `secret` the account's second factor once `code` proves that the app has it; raise NotLoggedIn."""
    now = hub.clock.now()
    step = matching_step(secret, code, now, after=0)
    if step is None:
        raise NotLoggedIn("The code is not the one that the authenticator shows now.", remedy="Type the newest code.")
    with hub.database.writing() as session:
        officer = session.get_one(Officer, login)
        if officer.totp_secret:
            raise NotLoggedIn("The account has a second factor already.", remedy="Ask the administrator to remove it.")
        officer.totp_secret, officer.totp_last_step = secret, step
        audit.append(session, at=now, who=login, what=audit.Act.SECOND_FACTOR_SET, subject=login)


def remove(hub: Hub, administrator: str, login: str) -> None:
    """Take the second factor off an account whose owner lost it; the next login sets up another."""
    with hub.database.writing() as session:
        officer = session.get_one(Officer, login)
        officer.totp_secret, officer.totp_last_step = "", 0
        act = audit.Act.SECOND_FACTOR_REMOVED
        audit.append(session, at=hub.clock.now(), who=administrator, what=act, subject=login)
