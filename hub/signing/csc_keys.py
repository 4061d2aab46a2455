"""Officers' keys at a remote signing service (CSC API v2): a credential for each officer, its PIN is the officer's PIN.

The PIN stays in memory while the key is open, as a token's login does; each signature is authorised for its own hash
(SCAL 2). A credential that wants a one-time password too can't sign while its officer looks at the next paper, so it is
refused with the reason.
"""

import base64
import hashlib
import logging
import secrets
import threading
from collections.abc import Callable, Mapping

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from hub.faults import PinUnfit, PinWrong, TokenUnready
from hub.signing import ecdsa
from hub.signing.csc_client import ECDSA_SHA256, CscClient, CscFault, CscRefused
from hub.signing.faults import KeyLocked, RemoteKeyFault
from hub.signing.pin_tries import PinTries
from hub.signing.signers import PinState, SignerSession

log = logging.getLogger(__name__)

PINS = "csc-pins.json"
TRIES = 3
_PIN, _WRONG_PIN = "PIN", ("invalid_pin",)
_RAW_BYTES = 64


class CscSession:
    """A remote key, its PIN in memory until it is closed; safe to call from many threads."""

    def __init__(self, client: CscClient, credential: str, pin: str, certificate: x509.Certificate) -> None:
        self.certificate = certificate
        self._client, self._credential, self._pin = client, credential, pin

    @property
    def is_open(self) -> bool:
        """Whether the PIN is still known."""
        return bool(self._pin)

    def sign(self, message: bytes) -> bytes:
        """Return the signature (DER) over SHA-256, proven to be of this key; raise KeyLocked, RemoteKeyFault.

        A service that is down leaves the key open: the paper is tried again. A PIN that it refuses locks the key.
        """
        pin = self._pin
        if not pin:
            raise KeyLocked("The officer's remote key was locked")
        try:
            (given,) = self._client.signatures(self._credential, [hashlib.sha256(message).digest()], pin)
        except CscRefused as fault:
            if fault.error in _WRONG_PIN:
                self.close()
            raise RemoteKeyFault(f"The remote signing service did not sign: {fault}") from fault
        except CscFault as fault:
            raise RemoteKeyFault(f"The remote signing service did not sign: {fault}") from fault
        signature = ecdsa.der(given) if len(given) == _RAW_BYTES else given
        if not ecdsa.is_of(self.certificate, signature, message):
            raise RemoteKeyFault("The remote signing service signed with another key than the officer's")
        return signature

    def close(self) -> None:
        """Forget the PIN."""
        self._pin = ""


class CscKeys:
    """The credentials of an agency's certifiers by name."""

    def __init__(
        self,
        client: CscClient,
        credentials: Mapping[str, str],
        tries: PinTries,
        *,
        certificate_of: Callable[[str], x509.Certificate],
    ) -> None:
        self._client, self._credentials, self._tries = client, credentials, tries
        self._certificate_of = certificate_of
        self._opening = threading.Lock()

    def pin_state(self, name: str) -> PinState:
        """Return whether the person has a credential; its PIN comes with it."""
        return PinState.CHOSEN if name in self._credentials else PinState.NO_KEY

    def choose_pin(self, name: str, pin: str) -> None:
        """Raise PinUnfit: the PIN is changed at the service."""
        raise PinUnfit("A remote key has its PIN already.", remedy="Change it at the remote signing service.")

    def open(self, name: str, pin: str) -> SignerSession:
        """Return the key after a first signature over a random challenge; raise PinWrong, PinBlocked, TokenUnready."""
        credential = self._credentials.get(name)
        if credential is None:
            raise PinWrong(f"There is no remote key of {name}.")
        session = CscSession(self._client, credential, pin, self._certificate_of(name))
        with self._opening, self._tries.attempt(credential):
            try:
                session.sign(secrets.token_bytes(32))
            except RemoteKeyFault as fault:
                cause = fault.__cause__
                if isinstance(cause, CscRefused) and cause.error in _WRONG_PIN:
                    raise PinWrong("The PIN does not open the remote key.") from fault
                raise TokenUnready(f"The remote key {credential} does not sign: {fault}") from fault
        return session


def public_key(client: CscClient, credential: str) -> ec.EllipticCurvePublicKey:
    """Return the key of a credential that the hub can sign with; raise TokenUnready with the reason if it can't."""
    try:
        found = client.credential(credential)
        certificate = x509.load_der_x509_certificate(base64.b64decode(found.cert.certificates[0]))
    except (CscFault, ValueError, IndexError) as fault:
        raise TokenUnready(f"The remote key {credential} can't be looked at: {fault}.") from fault
    wanted = {each.id for each in found.auth.objects} - {_PIN}
    key = certificate.public_key()
    if found.key.status != "enabled" or found.cert.status != "valid":
        raise TokenUnready(f"The remote key {credential} is {found.key.status}, its certificate {found.cert.status}.")
    if found.auth.mode != "explicit" or wanted:
        remedy = "Ask the service for a credential that signs with a PIN alone."
        raise TokenUnready(
            f"The remote key {credential} also asks for {', '.join(wanted) or 'consent'}.", remedy=remedy
        )
    if found.scal != "2":
        remedy = "Ask the service for a SCAL 2 credential."
        raise TokenUnready(f"The remote key {credential} is authorised for no particular hash.", remedy=remedy)
    if ECDSA_SHA256 not in found.key.algo or not isinstance(key, ec.EllipticCurvePublicKey):
        raise TokenUnready(f"The remote key {credential} does not sign with ECDSA and SHA-256.")
    return key
