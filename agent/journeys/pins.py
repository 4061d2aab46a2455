"""Who may do what only staff may: names with PINs from kiosk.toml, kept as scrypt hashes; wrong ones shut the door."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from contract.clock import Clock, Deadline, SystemClock

ATTEMPTS: Final = 5
SHUT_S: Final = 900.0
LEAST_DIGITS: Final = 6

_COST: Final = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}


class PinRefused(Exception):
    """The PIN does not open this door."""

    remedy: ClassVar[str] = ""


class WrongPin(PinRefused):
    """There is nobody of this name with this PIN."""

    remedy = "Check the name and the PIN; they stand in kiosk.toml (`tram cash pin` makes one)."


class TooManyWrongPins(PinRefused):
    """The PIN was wrong too often."""

    remedy = f"Wait {SHUT_S / 60:.0f} minutes, or restart the kiosk's agent if you may."


class Pins:
    """The people of one door, collectors or staff who vouch; `pins` are hashes by name."""

    def __init__(self, pins: Mapping[str, str] = MappingProxyType({}), clock: Clock | None = None) -> None:
        self._pins, self._clock = dict(pins), clock or SystemClock()
        self._wrong = 0
        self._shut = Deadline.after(self._clock, 0.0)

    @property
    def names(self) -> tuple[str, ...]:
        """The people, in the order of kiosk.toml."""
        return tuple(self._pins)

    def check(self, name: str, pin: str) -> None:
        """Return where the PIN is this person's; raise WrongPin or TooManyWrongPins."""
        if not self._shut.passed:
            raise TooManyWrongPins("the PIN was wrong too often")
        if not _fits(pin, self._pins.get(name, "")):
            self._wrong += 1
            if self._wrong >= ATTEMPTS:
                self._wrong, self._shut = 0, Deadline.after(self._clock, SHUT_S)
            raise WrongPin("name or PIN is wrong")
        self._wrong = 0


def hashed(pin: str) -> str:
    """Return a PIN as kiosk.toml keeps it: `scrypt:<salt>:<hash>`."""
    salt = secrets.token_bytes(16)
    return f"scrypt:{salt.hex()}:{_hash(pin, salt)}"


def _fits(pin: str, kept: str) -> bool:
    _, salt, expected = kept.split(":") if kept else ("", "00", "")
    return hmac.compare_digest(_hash(pin, bytes.fromhex(salt)), expected)


def _hash(pin: str, salt: bytes) -> str:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST["n"], r=_COST["r"], p=_COST["p"], dklen=_COST["dklen"]).hex()
