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
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography import x509

from contract.clock import Clock
from hub.faults import PinUnfit, PinWrong
from hub.signing.credentials import Credential, read_pkcs12, write_pkcs12
from hub.signing.faults import KeyLocked, PkiDamaged
from hub.signing.pin_tries import PinTries
from hub.signing.signers import PinState, SignerSession

PINS = "pins.json"
TRIES = 5
_PIN = re.compile(r"\d{6,12}")


@dataclass(slots=True)
class Pkcs12Session:
    """A key out of its file, in memory until it is closed."""

    credential: Credential | None = field(repr=False)
    certificate: x509.Certificate

    @property
    def is_open(self) -> bool:
        """Whether the key is still in memory."""
        return self.credential is not None

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
        self._tries = PinTries(folder / PINS, clock, most=TRIES)
        self._file_of, self._chain = file_of, chain
        self._lock = threading.Lock()

    def pin_state(self, name: str) -> PinState:
        """Return whether there is a key and its PIN."""
        found = self._file_of(name)
        if found is None:
            return PinState.NO_KEY
        return PinState.CHOSEN if self._tries.knows(found[0].stem) else PinState.NOT_CHOSEN

    def choose_pin(self, name: str, pin: str) -> None:
        """Lock the key under its first PIN; raise PinUnfit, PkiDamaged."""
        if not _PIN.fullmatch(pin) or len(set(pin)) == 1 or pin in "01234567890123" or pin in "98765432109876":
            raise PinUnfit("This PIN is too easily guessed.")
        with self._lock:
            path, transport = self._file(name)
            if self._tries.knows(path.stem):
                raise PinUnfit("This key has its PIN already.")
            locked_with = _passphrase(pin, transport)
            credential = _fresh_key(path, transport, locked_with)
            write_pkcs12(credential, path, chain=[self._chain], passphrase=locked_with)
            self._tries.clear(path.stem)

    def open(self, name: str, pin: str) -> SignerSession:
        """Return the key in memory; raise PinWrong or PinBlocked."""
        with self._lock:
            path, transport = self._file(name)
            if not self._tries.knows(path.stem):
                raise PinWrong("No PIN was chosen yet.")
            with self._tries.attempt(path.stem):
                try:
                    credential = read_pkcs12(path, passphrase=_passphrase(pin, transport))
                except PkiDamaged as fault:
                    raise PinWrong("The PIN does not open the key.") from fault
        return Pkcs12Session(credential, credential.certificate)

    def _file(self, name: str) -> tuple[Path, str]:
        found = self._file_of(name)
        if found is None:
            raise PinWrong(f"There is no key of {name} here.")
        return found


def _fresh_key(path: Path, transport: str, locked_with: str) -> Credential:
    try:
        return read_pkcs12(path, passphrase=transport)
    except PkiDamaged:  # a power cut after the file was locked and before that was remembered: the same PIN opens it
        return read_pkcs12(path, passphrase=locked_with)


def _passphrase(pin: str, transport: str) -> str:
    salt = hashlib.sha256(transport.encode()).digest()
    return hash_secret_raw(
        pin.encode(), salt, time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=32, type=Type.ID
    ).hex()
