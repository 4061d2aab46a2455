"""Speaking with a system of another agency: one question, one answer, within a deadline, from whom it should come.

AdapterFault
├── Unavailable   no usable answer: it may be asked again later
└── Refused       it says no for good: a person must look
"""

import ssl
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from msgspec import Struct

from hub.adapters.settings import PeerConfig, read
from hub.faults import ConfigInvalid
from hub.rooms import Hub
from hub.signing.wire import Answer, Wire, WireFault

T = TypeVar("T")
S = TypeVar("S", bound=Struct)

SIGNATURE = "x-jws-signature"
JSON = "application/json"
_REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


class AdapterFault(Exception):
    """The system did not do what it was asked for; the text says why, in words for a technician."""


class Unavailable(AdapterFault):
    """No usable answer; the same may be asked again later."""


class Refused(AdapterFault):
    """The system refuses for good; the text is what it said."""


class Peer:
    """One system at the address of the configuration; safe to use from many threads."""

    def __init__(self, config: PeerConfig) -> None:
        self._url, self._deadline_s = config.url.rstrip("/"), config.deadline_s
        self._secret = config.secret()
        self._wire = Wire(verify=_tls(config))
        self._signed_by = _public_key(config)

    def post(self, path: str, content: bytes, *, headers: Mapping[str, str]) -> bytes:
        """Return the body of a good answer whose signature holds; raise Unavailable or Refused."""
        try:
            answer = self._wire.post(f"{self._url}{path}", content, headers=headers, deadline_s=self._deadline_s)
        except WireFault as fault:
            raise Unavailable(str(fault)) from fault
        if answer.status in _REFUSALS:
            raise Refused(f"HTTP {answer.status}: {answer.content[:300].decode(errors='replace')}")
        if answer.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            raise Unavailable(f"it answered with HTTP status {answer.status}")
        self._require_signature(answer)
        return answer.content

    def ask(self, path: str, question: Struct, kind: type[S], *, key: str) -> S:
        """Return the answer to a JSON question under the bearer token; `key` makes the same question one effect."""
        headers = {**self.bearer, "Content-Type": JSON, "Idempotency-Key": key}
        return decoded(self.post(path, msgspec.json.encode(question), headers=headers), kind)

    @property
    def bearer(self) -> dict[str, str]:
        """The header that shows who asks."""
        return {"Authorization": f"Bearer {self._secret}"}

    def _require_signature(self, answer: Answer) -> None:
        if self._signed_by is None:
            return
        given = answer.headers.get(SIGNATURE, "")
        try:
            jws.deserialize_compact(given, self._signed_by, algorithms=["ES256"], payload=answer.content)
        except (
            JoseError,
            ValueError,
            TypeError,
        ) as fault:  # joserfc trusts the types of a header that is not signed yet
            raise Unavailable("the signature of its answer does not hold") from fault


class Source:
    """One system as the hub sees it: its answers are noted on the board, and after a fault it is left alone a while."""

    def __init__(self, hub: Hub, kind: str, url: str) -> None:
        self._board, self._kind, self._name = hub.sources, kind, url
        self._board.enter(kind, url)

    @property
    def rests(self) -> bool:
        """Whether it failed a moment ago and is not to be asked yet."""
        return self._board.rests(self._kind, self._name)

    def tried(self, act: Callable[[], T]) -> T:
        """Return what `act` returns, noting how it went; raise what it raises."""
        try:
            found = act()
        except Unavailable as fault:
            self._board.failed(self._kind, self._name, str(fault))
            raise
        except Refused:
            self._board.answered(self._kind, self._name)
            raise
        self._board.answered(self._kind, self._name)
        return found


def decoded(content: bytes, kind: type[S]) -> S:
    """Return a JSON answer; raise Unavailable where it is none of this kind."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unavailable(f"its answer can't be understood: {fault}") from fault


def _tls(config: PeerConfig) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=config.ca)
        if config.certificate and config.private_key:
            context.load_cert_chain(config.certificate, config.private_key)
    except OSError as fault:
        raise ConfigInvalid(f"The TLS files of [adapters] for {config.url} can't be used: {fault}.") from fault
    return context


def _public_key(config: PeerConfig) -> ECKey | None:
    if config.signed_by is None:
        return None
    pem = read(config.signed_by)
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError as fault:
        raise ConfigInvalid(f"{config.signed_by}, which [adapters] names, is no public key: {fault}.") from fault
    if not isinstance(key, EllipticCurvePublicKey):
        raise ConfigInvalid(f"{config.signed_by}, which [adapters] names, is no P-256 public key.")
    return ECKey.import_key(pem)
