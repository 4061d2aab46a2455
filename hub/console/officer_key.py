"""The officer's key: its PIN, opening it for a while, locking it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from hub.console import sessions
from hub.console.access import FullyPresent, ServedHub, ServedKeys, allowed
from hub.console.roles import Permit
from hub.faults import AccessFault
from hub.register import held
from hub.rooms import Hub
from hub.signing.signers import OfficerKeys, PinState
from hub.store import audit
from hub.store.tables import Officer

router = APIRouter(prefix="/api/key")

SigningOfficer = Annotated[Officer, Depends(allowed(Permit.SIGN))]


class PinForm(BaseModel):
    """The PIN."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pin: Annotated[str, Field(max_length=12, repr=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStanding:
    """Whether there is a key and a PIN, until when it is open (None: locked), how many decided papers wait for it."""

    pin: PinState
    open_until: datetime | None
    waiting: int


@router.get("")
def standing(hub: ServedHub, keys: ServedKeys, officer: SigningOfficer) -> KeyStanding:
    """Return how the officer's key stands."""
    return standing_of(hub, keys, officer)


@router.post("/pin", status_code=201)
def choose_pin(hub: ServedHub, keys: ServedKeys, officer: SigningOfficer, form: PinForm) -> KeyStanding:
    """Put the first PIN on the officer's key; 422 where one was chosen before or it is too simple."""
    keys.choose_pin(officer.name, form.pin)
    _note(hub, officer, audit.Act.PIN_CHOSEN)
    return standing_of(hub, keys, officer)


@router.post("/session", status_code=201)
def open_key(
    hub: ServedHub, keys: ServedKeys, officer: SigningOfficer, present: FullyPresent, form: PinForm
) -> KeyStanding:
    """Open the key until the session ends or nobody does anything for a while; what waited for it is signed."""
    try:
        opened = keys.open(officer.name, form.pin)
    except AccessFault:
        _note(hub, officer, audit.Act.PIN_WRONG)
        raise
    until = sessions.key_may_stay_open_until(present, hub.clock.now())
    hub.open_keys.put(officer.login, opened, console=present.console, until=until)
    _note(hub, officer, audit.Act.KEY_OPENED)
    held.settle_due(hub, officer.login)
    hub.to_sign.ring()
    return standing_of(hub, keys, officer)


@router.delete("/session", status_code=204)
def lock_key(hub: ServedHub, officer: SigningOfficer) -> None:
    """Lock the key; what is decided from now on waits."""
    if hub.open_keys.close(officer.login):
        _note(hub, officer, audit.Act.KEY_CLOSED)


def standing_of(hub: Hub, keys: OfficerKeys, officer: Officer) -> KeyStanding:
    """Return how the officer's key stands."""
    return KeyStanding(
        pin=keys.pin_state(officer.name),
        open_until=hub.open_keys.until(officer.login),
        waiting=held.waiting_for_key(hub, officer.login),
    )


def _note(hub: Hub, officer: Officer, act: audit.Act) -> None:
    with hub.database.writing() as session:
        audit.append(session, at=hub.clock.now(), who=officer.login, what=act, subject=officer.login)
