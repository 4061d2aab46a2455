"""Officers' keys in PKCS#12 files that only a PIN opens (embedded set-up).

A fresh key lies under a random transport passphrase, as a new token does under its transport PIN. The officer's first
PIN locks it anew under argon2id(PIN) with that passphrase as salt, so the folder alone signs nothing; who steals the
folder must try PINs at a tenth of a second each, which is why keys belong into tokens in the field.
"""

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography import x509
from msgspec import Struct

from contract.clock import Clock, vietnam_text
from hub.faults import PinBlocked, PinUnfit, PinWrong
from hub.signing import records
from hub.signing.credentials import Credential, read_pkcs12, write_pkcs12
from hub.signing.faults import KeyLocked, PkiDamaged
from hub.signing.signers import PinState, SignerSession

PINS = "pins.json"
TRIES = 5
BLOCKED_FOR = timedelta(minutes=15)
_PIN = re.compile(r"\d{6,12}")


class Pin(Struct, frozen=True, kw_only=True):
    """What is remembered of a PIN: how often it was mistyped in a row, and until when the key is blocked."""

    failures: int = 0
    blocked_until: datetime | None = None


@dataclass(slots=True)
class Pkcs12Session:
    """A key out of its file, in memory until it is closed."""

    credential: Credential | None = field(repr=False)
    certificate: x509.Certificate

    def sign(self, message: bytes) -> bytes:
        """Return the signature (DER) over SHA-256; raise KeyLocked after `close`."""
        if self.credential is None:
            raise KeyLocked("The officer's key was locked")
        return self.credential.sign(message)

    def close(self) -> None:
        """Forget the key."""
        self.credential = None


class Pkcs12Keys:
    """The files of one folder; `file_of` finds a person's file and `issuing` is put into it as chain."""

    def __init__(
        self, folder: Path, clock: Clock, *, file_of: Callable[[str], tuple[Path, str] | None], chain: x509.Certificate
    ) -> None:
        self._pins_path = folder / PINS
        self._clock, self._file_of, self._chain = clock, file_of, chain
        self._lock = threading.Lock()

    def pin_state(self, name: str) -> PinState:
        """Return whether there is a key and its PIN."""
        found = self._file_of(name)
        if found is None:
            return PinState.NO_KEY
        return PinState.CHOSEN if found[0].stem in self._pins() else PinState.NOT_CHOSEN

    def choose_pin(self, name: str, pin: str) -> None:
        """Lock the key under its first PIN; raise PinUnfit, PkiDamaged."""
        if not _PIN.fullmatch(pin) or len(set(pin)) == 1 or pin in "01234567890123" or pin in "98765432109876":
            raise PinUnfit("This PIN is too easily guessed.")
        with self._lock:
            path, transport = self._file(name)
            if path.stem in self._pins():
                raise PinUnfit("This key has its PIN already.")
            locked_with = _passphrase(pin, transport)
            credential = _fresh_key(path, transport, locked_with)
            write_pkcs12(credential, path, chain=[self._chain], passphrase=locked_with)
            self._remember(path.stem, Pin())

    def open(self, name: str, pin: str) -> SignerSession:
        """Return the key in memory; raise PinWrong or PinBlocked."""
        with self._lock:
            path, transport = self._file(name)
            known = self._usable(path.stem)
            self._remember(path.stem, _after_failure(known, self._clock.now()))  # before trying: a crash is no free try
            try:
                credential = read_pkcs12(path, passphrase=_passphrase(pin, transport))
            except PkiDamaged as fault:
                raise PinWrong("The PIN does not open the key.") from fault
            self._remember(path.stem, Pin())
        return Pkcs12Session(credential, credential.certificate)

    def _file(self, name: str) -> tuple[Path, str]:
        found = self._file_of(name)
        if found is None:
            raise PinWrong(f"There is no key of {name} here.")
        return found

    def _usable(self, file: str) -> Pin:
        known = self._pins().get(file)
        if known is None:
            raise PinWrong("No PIN was chosen yet.")
        if known.blocked_until is None:
            return known
        if self._clock.now() < known.blocked_until:
            raise PinBlocked(f"The key is blocked until {vietnam_text(known.blocked_until)}.")
        return Pin()

    def _pins(self) -> dict[str, Pin]:
        return records.read(self._pins_path, dict[str, Pin]) if self._pins_path.exists() else {}

    def _remember(self, file: str, pin: Pin) -> None:
        records.write(self._pins_path, self._pins() | {file: pin})


def _fresh_key(path: Path, transport: str, locked_with: str) -> Credential:
    try:
        return read_pkcs12(path, passphrase=transport)
    except PkiDamaged:  # a power cut after the file was locked and before that was remembered: the same PIN opens it
        return read_pkcs12(path, passphrase=locked_with)


def _after_failure(known: Pin, now: datetime) -> Pin:
    failures = known.failures + 1
    return Pin(failures=failures, blocked_until=now + BLOCKED_FOR if failures >= TRIES else None)


def _passphrase(pin: str, transport: str) -> str:
    salt = hashlib.sha256(transport.encode()).digest()
    return hash_secret_raw(
        pin.encode(), salt, time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=32, type=Type.ID
    ).hex()
