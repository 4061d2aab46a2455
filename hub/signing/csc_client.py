"""The Cloud Signature Consortium's API v2 for remote signing, as much of it as a SCAL2 signature of one hash needs.

info → oauth2/token (client credentials) → credentials/info
for each signature: credentials/authorize (PIN, bound to the hash) → SAD, used once → signatures/signHash
"""

import base64
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec
from msgspec import Struct

from hub.signing.source_board import SourceBoard
from hub.signing.wire import Answer, Wire, WireFault

SHA256, ECDSA_SHA256 = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
_KIND = "csc"
_UNAUTHORIZED, _OK = 401, 200

T = TypeVar("T", bound=Struct)


class CscFault(Exception):
    """The service gave no usable answer; the text says why."""


class CscRefused(CscFault):
    """The service answered with an error of the API: `error` is its code, such as `invalid_pin`."""

    def __init__(self, method: str, error: str, description: str) -> None:
        super().__init__(f"it refused {method} ({error}: {description or 'no description'})")
        self.error, self.description = error, description


class Info(Struct, frozen=True, kw_only=True):
    """What the service says of itself (11.1)."""

    specs: str
    oauth2: str = ""


class Key(Struct, frozen=True, kw_only=True):
    """The key of a credential."""

    status: str
    algo: tuple[str, ...]


class Certificates(Struct, frozen=True, kw_only=True):
    """The certificate of a credential and its chain, base64 of DER."""

    status: str = "valid"
    certificates: tuple[str, ...] = ()


class AuthObject(Struct, frozen=True, kw_only=True):
    """One thing that the signer must give: a PIN, a one-time password."""

    id: str


class Auth(Struct, frozen=True, kw_only=True):
    """How a signature is authorised."""

    mode: str
    objects: tuple[AuthObject, ...] = ()


class Credential(Struct, frozen=True, kw_only=True):
    """A key with its certificate at the service (11.5); with SCAL 2 each authorisation is bound to the hashes."""

    key: Key
    cert: Certificates
    auth: Auth
    scal: str = msgspec.field(name="SCAL", default="1")


class _Token(Struct, frozen=True, kw_only=True):
    access_token: str
    expires_in: int = 3600


class _Authorised(Struct, frozen=True, kw_only=True):
    sad: str = msgspec.field(name="SAD")


class _Signed(Struct, frozen=True, kw_only=True):
    signatures: tuple[str, ...]


class _Error(Struct, frozen=True, kw_only=True):
    error: str
    error_description: str = ""


class CscClient:
    """One account at a remote signing service; safe to use from many threads. `url` ends with `/csc/v2`."""

    def __init__(
        self, url: str, *, client_id: str, client_secret: str, deadline_s: float, wire: Wire, board: SourceBoard
    ) -> None:
        self._url, self._deadline_s, self._wire, self._board = url.rstrip("/"), deadline_s, wire, board
        self._client = (client_id, client_secret)
        self._token, self._token_until_s = "", 0.0
        self._oauth2 = ""
        board.enter(_KIND, self._url)

    def credential(self, credential_id: str) -> Credential:
        """Return what is known of a credential; raise CscFault."""
        asked = {"credentialID": credential_id, "certificates": "chain", "certInfo": True, "authInfo": True}
        return self._call("credentials/info", asked, Credential, self._until())

    def signatures(self, credential_id: str, hashes: Sequence[bytes], pin: str) -> list[bytes]:
        """Return one ECDSA signature for each SHA-256 hash, in order, all within the deadline; raise CscFault.

        The authorisation is bound to these very hashes and used once; one that ran out meanwhile is asked for again.
        """
        until = self._until()
        try:
            return self._signatures(credential_id, hashes, pin, until)
        except CscRefused as fault:
            if "expired" not in fault.description.lower():
                raise
            return self._signatures(credential_id, hashes, pin, until)

    def _signatures(self, credential_id: str, hashes: Sequence[bytes], pin: str, until: float) -> list[bytes]:
        encoded = [base64.b64encode(each).decode() for each in hashes]
        bound = {"credentialID": credential_id, "hashes": encoded, "hashAlgorithmOID": SHA256}
        authorise = bound | {"numSignatures": len(encoded), "authData": [{"id": "PIN", "value": pin}]}
        sad = self._call("credentials/authorize", authorise, _Authorised, until).sad
        sign = bound | {"SAD": sad, "signAlgo": ECDSA_SHA256, "operationMode": "S"}
        given = self._call("signatures/signHash", sign, _Signed, until).signatures
        if len(given) != len(encoded):
            raise CscFault(f"it gave {len(given)} signatures for {len(encoded)} hashes")
        try:
            return [base64.b64decode(each, validate=True) for each in given]
        except ValueError as fault:
            raise CscFault("its signatures are not base64") from fault

    def _call(self, method: str, body: Mapping[str, object], kind: type[T], until: float) -> T:
        try:
            answer = self._ask(method, body, until)
            if answer.status == _UNAUTHORIZED:  # the token ran out, or was taken back
                self._token_until_s = 0.0
                answer = self._ask(method, body, until)
            found = _read(method, answer, kind)
        except CscRefused:
            self._board.answered(_KIND, self._url)
            raise
        except (CscFault, WireFault) as fault:
            self._board.failed(_KIND, self._url, str(fault))
            raise CscFault(str(fault)) from fault
        self._board.answered(_KIND, self._url)
        return found

    def _ask(self, method: str, body: Mapping[str, object], until: float) -> Answer:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._access_token(until)}"}
        return self._wire.post(
            f"{self._url}/{method}", msgspec.json.encode(body), headers=headers, deadline_s=_left(until)
        )

    def _access_token(self, until: float) -> str:
        if time.monotonic() >= self._token_until_s:
            client_id, secret = self._client
            form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
            answer = self._wire.post(
                f"{self._oauth2_url(until)}/oauth2/token",
                urllib.parse.urlencode(form).encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                deadline_s=_left(until),
            )
            token = _read("oauth2/token", answer, _Token)
            self._token, self._token_until_s = token.access_token, time.monotonic() + token.expires_in * 0.9
        return self._token

    def _oauth2_url(self, until: float) -> str:
        """Return where tokens are given out, as the service itself says."""
        if not self._oauth2:
            answer = self._wire.post(
                f"{self._url}/info", b"{}", headers={"Content-Type": "application/json"}, deadline_s=_left(until)
            )
            info = _read("info", answer, Info)
            if not info.specs.startswith("2."):
                raise CscFault(f"it speaks version {info.specs} of the API, not 2")
            self._oauth2 = (info.oauth2 or self._url).rstrip("/")
        return self._oauth2

    def _until(self) -> float:
        return time.monotonic() + self._deadline_s


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise WireFault("its answers took longer than the deadline")
    return left


def _read(method: str, answer: Answer, kind: type[T]) -> T:
    try:
        if answer.status == _OK:
            return msgspec.json.decode(answer.content, type=kind)
        told = msgspec.json.decode(answer.content, type=_Error)
    except msgspec.DecodeError as fault:
        raise CscFault(f"its answer to {method} (HTTP status {answer.status}) can't be read") from fault
    raise CscRefused(method, told.error, told.error_description)
