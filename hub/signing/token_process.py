"""The inside of a token's worker process: one PKCS#11 session that nobody shares.

A process, not a thread: drivers may count on one thread alone (`C_Initialize(NULL)`), a login holds for the whole
process, and a driver that hangs can be killed only with its process.
"""

import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import pkcs11
from pkcs11.util.ec import encode_ec_public_key


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPlace:
    """Where a key lies: the driver (a shared library), the token's label, and the key's label where it has several."""

    module: Path
    token: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the process says: a value, or the name of the fault (`CKR_PIN_INCORRECT` is `PinIncorrect`)."""

    value: bytes = b""
    fault: str = ""


def serve(connection: Connection, place: TokenPlace, pin: str) -> None:
    """Log in and say so; then sign each SHA-256 digest (raw r‖s) until the connection ends or the token fails."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the hub ends its workers itself
    try:
        session = _token(place).open(user_pin=pin)
        key = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.KeyType.EC, label=place.key or None)
        assert isinstance(key, pkcs11.SignMixin)
        connection.send(Answer())
        with suppress(EOFError, ConnectionError):
            while True:
                digest = connection.recv_bytes()
                connection.send(Answer(value=key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)))
        session.close()
    except RuntimeError as fault:
        _tell(connection, fault)


def tell_public_key(connection: Connection, place: TokenPlace) -> None:
    """Say the public key (SubjectPublicKeyInfo, DER), which needs no PIN."""
    try:
        with _token(place).open() as session:
            key = session.get_key(pkcs11.ObjectClass.PUBLIC_KEY, pkcs11.KeyType.EC, label=place.key or None)
            assert isinstance(key, pkcs11.PublicKey)
            connection.send(Answer(value=encode_ec_public_key(key)))
    except RuntimeError as fault:
        _tell(connection, fault)


def _token(place: TokenPlace) -> pkcs11.Token:
    return pkcs11.lib(str(place.module)).get_token(token_label=place.token)


def _tell(connection: Connection, fault: RuntimeError) -> None:
    known = isinstance(fault, pkcs11.PKCS11Error)
    with suppress(ConnectionError):
        connection.send(Answer(fault=type(fault).__name__ if known else str(fault)))
