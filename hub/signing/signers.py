"""Where an officer's key plugs in: a store of keys that a PIN opens, and the sessions that are open now.

Kinds of key: PKCS#12 files (`hub.signing.pkcs12_keys`, embedded), PKCS#11 tokens (`hub.signing.pkcs11_keys`) and remote
signing by the CSC API v2 (`hub.signing.csc_keys`). Each brings an `OfficerKeys`; nothing else of the hub knows the
kind. An open key lives in memory (of this process or the token's worker) alone: after a restart, a log-out or a
time-out the officer opens it again, and what he approved waits.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cryptography import x509

from contract.clock import Clock


class Signer(Protocol):
    """A P-256 key in use, wherever it lies."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate that belongs to the key."""

    def sign(self, message: bytes) -> bytes:
        """Return the ECDSA signature (DER) over the SHA-256 of `message`; raise SigningFault."""


class SignerSession(Signer, Protocol):
    """An officer's key, opened with his PIN for a while."""

    @property
    def is_open(self) -> bool:
        """Whether it signs without the PIN; a token that fails is locked by that."""

    def close(self) -> None:
        """Lock the key again; signing fails from then on. Closing twice is the same as once."""


class PinState(StrEnum):
    """Whether the officer can open his key."""

    NO_KEY = "NO_KEY"
    NOT_CHOSEN = "NOT_CHOSEN"
    CHOSEN = "CHOSEN"


class OfficerKeys(Protocol):
    """The keys of an agency's certifiers, found by the person's name."""

    def pin_state(self, name: str) -> PinState:
        """Return whether there is a key and its PIN."""

    def choose_pin(self, name: str, pin: str) -> None:
        """Put the first PIN on a key that has none; raise PinUnfit, also where one was chosen before."""

    def open(self, name: str, pin: str) -> SignerSession:
        """Return the key, unlocked; raise PinWrong, PinBlocked or TokenUnready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    session: SignerSession
    console: str
    until: datetime


class OpenKeys:
    """The keys that are open now, by login; safe to use from many threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._opened: dict[str, _Opened] = {}

    def put(self, login: str, session: SignerSession, *, console: str, until: datetime) -> None:
        """Keep a key open for the console session `console`, at most until then; one opened before is closed."""
        self.close(login)
        with self._lock:
            self._opened[login] = _Opened(session=session, console=console, until=until)

    def of(self, login: str) -> SignerSession | None:
        """Return the officer's open key, or None where he has none, its time is over or its token failed."""
        with self._lock:
            opened = self._opened.get(login)
        if opened is not None and not self._is_usable(opened):
            self.close(login)
            return None
        return opened.session if opened else None

    def until(self, login: str) -> datetime | None:
        """Return when the officer's open key is locked by itself, or None."""
        with self._lock:
            opened = self._opened.get(login)
        return opened.until if opened and self._is_usable(opened) else None

    def prolong(self, login: str, *, console: str, until: datetime) -> None:
        """Let a key that this console session opened stay open until then."""
        with self._lock:
            opened = self._opened.get(login)
            if opened is not None and opened.console == console and self._is_usable(opened):
                self._opened[login] = _Opened(session=opened.session, console=console, until=until)

    def close(self, login: str) -> bool:
        """Lock the officer's key; return whether it was open."""
        with self._lock:
            opened = self._opened.pop(login, None)
        if opened is not None:
            opened.session.close()
        return opened is not None

    def _is_usable(self, opened: _Opened) -> bool:
        return self._clock.now() < opened.until and opened.session.is_open
