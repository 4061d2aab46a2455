"""CMS signatures as PAdES wants them (RFC 5652, RFC 5035, EN 319 122-1) and RFC 3161 timestamps, with P-256 keys.

A copy takes five of these, each nearly all constant, so the constant parts are encoded once per key: a signature then
costs half a millisecond where pyHanko's general encoder takes fifteen.
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import Protocol

from cryptography.hazmat.primitives import serialization

from contract.clock import Clock
from hub.signing import der
from hub.signing.credentials import Credential
from hub.signing.signers import Signer

TEST_POLICY = der.oid("1.3.6.1.4.1.4146.2.2")
"""The policy that pyHanko's test authority names; it promises nothing."""

_SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
_DATA = der.oid("1.2.840.113549.1.7.1")
_TST_INFO = der.oid("1.2.840.113549.1.9.16.1.4")
_CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")
_SIGNATURE_TIMESTAMP = der.oid("1.2.840.113549.1.9.16.2.14")
_SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
_ZERO_DIGEST = bytes(32)
_SIZE_MARGIN_BYTES = 16  # the two numbers of each ECDSA signature vary in length

Stamp = Callable[[bytes], bytes]
"""Returns an RFC 3161 token (DER) over the SHA-256 digest of what is stamped."""


class TokenMaker(Protocol):
    """Something that fills the gap of a PDF signature: a signer or a timestamp authority."""

    @property
    def most_bytes(self) -> int:
        """The size that a token never exceeds."""

    def token(self, digest: bytes) -> bytes:
        """Return the token (DER) over the SHA-256 `digest` of the document."""


class LocalTsa:
    """A timestamp authority in this process, on the injected clock; serial numbers are random, so never repeated."""

    def __init__(self, credential: Credential, clock: Clock) -> None:
        self._signer = _SignedData(credential, content_type=_TST_INFO, version=3)
        self._clock = clock
        self.most_bytes = len(self.token(_ZERO_DIGEST)) + _SIZE_MARGIN_BYTES

    def token(self, digest: bytes) -> bytes:
        """Return a token with the TSA's certificate; there is no request, so no nonce."""
        info = der.sequence(
            der.integer(1),
            TEST_POLICY,
            der.sequence(_SHA256, der.octets(digest)),
            der.integer(1 << 63 | secrets.randbits(63)),
            der.generalized_time(self._clock.now()),
        )
        return self._signer.over(hashlib.sha256(info).digest(), content=info)


class DocumentSigner:
    """A person's or an agency's PAdES signature with a signature timestamp (level B-T by itself)."""

    def __init__(self, signer: Signer, stamp: Stamp) -> None:
        self._signer = _SignedData(signer, content_type=_DATA, version=1)
        self._stamp = stamp
        self.most_bytes = len(self.token(_ZERO_DIGEST)) + 2 * _SIZE_MARGIN_BYTES

    def token(self, digest: bytes) -> bytes:
        """Return the signature over a document's digest with its own certificate; the chain lies in the DSS."""
        return self._signer.over(digest, stamp=self._stamp)


class _SignedData:
    """The constant parts of one key's SignedData, and how a signature is put between them."""

    def __init__(self, signer: Signer, *, content_type: bytes, version: int) -> None:
        own = signer.certificate.public_bytes(serialization.Encoding.DER)
        self._key = signer
        self._content_type = content_type
        self._head = der.integer(version) + der.set_of(_SHA256)
        self._certificates = der.retagged(0, der.set_of(own))
        issuer, serial = signer.certificate.issuer.public_bytes(), signer.certificate.serial_number
        self._signer = der.integer(1) + der.sequence(issuer, der.integer(serial)) + _SHA256
        identifier = der.sequence(der.octets(hashlib.sha256(own).digest()))
        self._constant_attributes = (
            _attribute(_CONTENT_TYPE, content_type),
            _attribute(_SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(identifier))),
        )

    def over(self, digest: bytes, *, content: bytes | None = None, stamp: Stamp | None = None) -> bytes:
        """Return the ContentInfo; `content` goes inside, `stamp` adds a timestamp over the signature."""
        attributes = der.set_of(*self._constant_attributes, _attribute(_MESSAGE_DIGEST, der.octets(digest)))
        signature = self._key.sign(attributes)
        info = [self._signer, der.retagged(0, attributes), _ECDSA_SHA256, der.octets(signature)]
        if stamp is not None:
            token = stamp(hashlib.sha256(signature).digest())
            info.append(der.context(1, _attribute(_SIGNATURE_TIMESTAMP, token)))
        inside = b"" if content is None else der.context(0, der.octets(content))
        encapsulated = der.sequence(self._content_type, inside)
        signed = der.sequence(self._head, encapsulated, self._certificates, der.set_of(der.sequence(*info)))
        return der.sequence(_SIGNED_DATA, der.context(0, signed))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der.sequence(kind, der.set_of(value))
