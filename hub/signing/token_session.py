"""An officer's token from the hub's side: a worker process that is logged in, and the deadline of each answer.

Whatever goes wrong while signing ends the process and with it the login: only the PIN opens the token again.
"""

import hashlib
import multiprocessing
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hub.faults import PinBlocked, PinWrong, TokenUnready
from hub.signing import ecdsa, token_process
from hub.signing.faults import KeyLocked, TokenGone, TokenSlow
from hub.signing.token_process import Answer, TokenPlace

OPENS_WITHIN_S = 30.0
"""What a process may take to start, load the driver and log in."""

_ENDS_WITHIN_S = 2.0
_SPAWN = multiprocessing.get_context("spawn")
_WRONG = {"PinIncorrect", "PinInvalid", "PinLenRange"}
_ISSUER_UNBLOCKS = "The token has locked itself; its issuer unblocks it or replaces it. Decided papers wait."
_TRY_AGAIN = "Type the PIN once more; a token locks itself for good after some wrong ones."


class TokenSession:
    """A key on a token, opened with its PIN; safe to call from many threads, which queue."""

    def __init__(
        self, place: TokenPlace, certificate: x509.Certificate, worker: "_Worker", *, deadline_s: float
    ) -> None:
        self.certificate = certificate
        self._place, self._worker, self._deadline_s = place, worker, deadline_s
        self._turn = threading.Lock()
        self._open = True

    @property
    def is_open(self) -> bool:
        """Whether the token can sign without the PIN being typed again."""
        return self._open and self._worker.is_alive()

    def sign(self, message: bytes) -> bytes:
        """Return the signature (DER) over SHA-256; raise KeyLocked after `close`, TokenSlow, TokenGone."""
        until = time.monotonic() + self._deadline_s
        if not self._turn.acquire(timeout=self._deadline_s):
            raise TokenSlow(f"The token {self._place.token} had others to serve for {self._deadline_s:g} s")
        try:
            if not self._open:
                raise KeyLocked("The officer's token was locked")
            return ecdsa.der(self._raw(hashlib.sha256(message).digest(), until))
        finally:
            self._turn.release()

    def close(self) -> None:
        """Log out and end the process."""
        self._open = False
        mine = self._turn.acquire(timeout=self._deadline_s)  # a signature that is being made may come to its end
        self._worker.end()
        if mine:
            self._turn.release()

    def _raw(self, digest: bytes, until: float) -> bytes:
        try:
            answer = self._worker.ask(digest, until)
        except (EOFError, OSError) as fault:
            self._lose()
            raise TokenGone(f"The worker of the token {self._place.token} died") from fault
        if answer is None:
            self._lose(patience_s=0.0)
            raise TokenSlow(f"The token {self._place.token} did not answer within {self._deadline_s:g} s")
        if answer.fault:
            self._lose()
            raise TokenGone(f"The token {self._place.token} said {answer.fault}")
        return answer.value

    def _lose(self, patience_s: float = _ENDS_WITHIN_S) -> None:
        self._open = False
        self._worker.end(patience_s)


def opened(place: TokenPlace, pin: str, certificate: x509.Certificate, *, deadline_s: float) -> TokenSession:
    """Return the token, logged in, with the key of `certificate`; raise PinWrong, PinBlocked, TokenUnready."""
    worker = _Worker(token_process.serve, place, pin)
    _first_answer(worker, place)
    session = TokenSession(place, certificate, worker, deadline_s=deadline_s)
    try:
        _require_key_of(certificate, session, place)
    except (TokenGone, TokenSlow) as fault:
        raise TokenUnready(f"The token {place.token} opened but does not sign ({fault}).") from fault
    return session


def public_key(place: TokenPlace) -> ec.EllipticCurvePublicKey:
    """Return the public key that the token shows without a PIN; raise TokenUnready."""
    worker = _Worker(token_process.tell_public_key, place)
    answer = _first_answer(worker, place)
    worker.end()
    key = serialization.load_der_public_key(answer.value)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TokenUnready(f"The key on the token {place.token} is not on P-256.")
    return key


class _Worker:
    """One process and the line to it."""

    def __init__(self, target: Callable[..., None], place: TokenPlace, *secret: str) -> None:
        self._line, theirs = _SPAWN.Pipe()
        self._process: SpawnProcess = _SPAWN.Process(target=target, args=(theirs, place, *secret), daemon=True)
        self._process.start()
        theirs.close()

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def ask(self, digest: bytes, until: float) -> Answer | None:
        """Return the answer, or None where there is none in time; raise EOFError, OSError."""
        self._line.send_bytes(digest)
        return self.answer(until)

    def answer(self, until: float) -> Answer | None:
        if not self._line.poll(max(0.0, until - time.monotonic())):
            return None
        answer = self._line.recv()
        assert isinstance(answer, Answer)
        return answer

    def end(self, patience_s: float = _ENDS_WITHIN_S) -> None:
        """Let the process log out and end; kill it if it does not. Ending twice is the same as once."""
        _hang_up(self._line)
        self._process.join(patience_s)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _hang_up(line: Connection) -> None:
    with suppress(OSError):
        line.close()


def _first_answer(worker: _Worker, place: TokenPlace) -> Answer:
    try:
        answer = worker.answer(time.monotonic() + OPENS_WITHIN_S)
    except (EOFError, OSError):
        answer = Answer(fault="nothing: its driver crashed")
    if answer is not None and not answer.fault:
        return answer
    worker.end()
    if answer is None:
        raise TokenUnready(f"The token {place.token} did not open within {OPENS_WITHIN_S:g} s.")
    if answer.fault in _WRONG:
        raise PinWrong("The PIN does not open the token.", remedy=_TRY_AGAIN)
    if answer.fault == "PinLocked":
        raise PinBlocked(f"The token {place.token} is locked.", remedy=_ISSUER_UNBLOCKS)
    raise TokenUnready(f"The token {place.token} said {answer.fault}.")


def _require_key_of(certificate: x509.Certificate, session: TokenSession, place: TokenPlace) -> None:
    """Return if a signature of the token verifies with the certificate: asked of the key, not of labels."""
    challenge = secrets.token_bytes(32)
    if not ecdsa.is_of(certificate, session.sign(challenge), challenge):
        session.close()
        raise TokenUnready(f"The key on the token {place.token} is not that of the officer's certificate.")
