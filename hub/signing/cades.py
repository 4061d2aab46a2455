"""CMS signatures as PAdES wants them (RFC 5652, RFC 5035, EN 319 122-1) and RFC 3161 timestamps, with P-256 keys.

A copy takes five of these, each nearly all constant, so the constant parts are encoded once per key: a signature then
costs half a millisecond where pyHanko's general encoder takes fifteen.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from contract.clock import Clock
from hub.signing import algorithms, der
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
_DIGESTS = {
    "sha256": der.sequence(der.oid("2.16.840.1.101.3.4.2.1")),
    "sha384": der.sequence(der.oid("2.16.840.1.101.3.4.2.2")),
    "sha512": der.sequence(der.oid("2.16.840.1.101.3.4.2.3")),
}
_SHA256 = _DIGESTS["sha256"]
_ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
_LONGEST_DIGEST = bytes(64)
_LONGEST_SIGNATURE = bytes(72)  # two numbers of P-256, which vary in length, in DER

Stamp = Callable[[bytes], bytes | None]
"""Returns an RFC 3161 token (DER) over the SHA-256 digest of what is stamped, or None where none can be had."""


class TokenMaker(Protocol):
    """Something that fills the gap of a PDF signature: a signer or a timestamp authority."""

    @property
    def most_bytes(self) -> int:
        """The size that a token never exceeds."""

    def token(self, digest: bytes) -> bytes:
        """Return the token (DER) over the `digest` of the document."""


class TokenWriter:
    """Writes a timestamp authority's tokens on the injected clock; serial numbers are random, so never repeated."""

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer = _SignedData(signer, content_type=_TST_INFO, version=3)
        self._clock = clock
        self.most_bytes = self._signer.most_bytes(content=self._info(_LONGEST_DIGEST, 1 << 63))

    def token(self, digest: bytes, nonce: int | None = None) -> bytes:
        """Return a token with the authority's certificate, with the request's nonce where there was one."""
        info = self._info(digest, nonce)
        return self._signer.over(hashlib.sha256(info).digest(), content=info)

    def _info(self, digest: bytes, nonce: int | None) -> bytes:
        return der.sequence(
            der.integer(1),
            TEST_POLICY,
            der.sequence(_DIGESTS[algorithms.of_length(len(digest))], der.octets(digest)),
            der.integer(1 << 63 | secrets.randbits(63)),
            der.generalized_time(self._clock.now()),
            b"" if nonce is None else der.integer(nonce),
        )


class DocumentSigner:
    """A person's or an agency's PAdES signature with its own certificate and, where one can be had, a timestamp.

    `stamp_bytes` is the size that a timestamp never exceeds. `chain` (from the issuer on) goes inside where nothing
    will follow that carries it: with `alone`, and without a timestamp.
    """

    def __init__(
        self,
        signer: Signer,
        stamp: Stamp,
        *,
        stamp_bytes: int,
        chain: Sequence[x509.Certificate] = (),
        alone: bool = False,
    ) -> None:
        self._signer = _SignedData(signer, content_type=_DATA, version=1, chain=chain, alone=alone)
        self._stamp = stamp
        self.most_bytes = max(self._signer.most_bytes(stamp_bytes=stamp_bytes), self._signer.most_bytes())

    def token(self, digest: bytes) -> bytes:
        """Return the signature over a document's digest."""
        return self._signer.over(digest, stamp=self._stamp)


class _SignedData:
    """The constant parts of one key's SignedData, and how a signature is put between them."""

    def __init__(
        self,
        signer: Signer,
        *,
        content_type: bytes,
        version: int,
        chain: Sequence[x509.Certificate] = (),
        alone: bool = False,
    ) -> None:
        own, *others = (each.public_bytes(serialization.Encoding.DER) for each in (signer.certificate, *chain))
        self._key = signer
        self._content_type = content_type
        self._head = der.integer(version) + der.set_of(_SHA256)
        self._all = der.retagged(0, der.set_of(own, *others))
        self._certificates = self._all if alone else der.retagged(0, der.set_of(own))
        issuer, serial = signer.certificate.issuer.public_bytes(), signer.certificate.serial_number
        self._signer = der.integer(1) + der.sequence(issuer, der.integer(serial)) + _SHA256
        identifier = der.sequence(der.octets(hashlib.sha256(own).digest()))
        self._constant_attributes = (
            _attribute(_CONTENT_TYPE, content_type),
            _attribute(_SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(identifier))),
        )

    def most_bytes(self, *, content: bytes | None = None, stamp_bytes: int = 0) -> int:
        """Return how long the ContentInfo gets at most; nothing is signed for that."""
        attributes = self._attributes(bytes(32))
        return len(self._put_together(attributes, _LONGEST_SIGNATURE, content, bytes(stamp_bytes) or None))

    def over(self, digest: bytes, *, content: bytes | None = None, stamp: Stamp | None = None) -> bytes:
        """Return the ContentInfo; `content` goes inside, `stamp` adds a timestamp over the signature."""
        attributes = self._attributes(digest)
        signature = self._key.sign(attributes)
        token = stamp(hashlib.sha256(signature).digest()) if stamp else None
        return self._put_together(attributes, signature, content, token)

    def _attributes(self, digest: bytes) -> bytes:
        return der.set_of(*self._constant_attributes, _attribute(_MESSAGE_DIGEST, der.octets(digest)))

    def _put_together(self, attributes: bytes, signature: bytes, content: bytes | None, token: bytes | None) -> bytes:
        info = [self._signer, der.retagged(0, attributes), _ECDSA_SHA256, der.octets(signature)]
        if token is not None:
            info.append(der.context(1, _attribute(_SIGNATURE_TIMESTAMP, token)))
        certificates = self._all if token is None else self._certificates
        inside = b"" if content is None else der.context(0, der.octets(content))
        encapsulated = der.sequence(self._content_type, inside)
        signed = der.sequence(self._head, encapsulated, certificates, der.set_of(der.sequence(*info)))
        return der.sequence(_SIGNED_DATA, der.context(0, signed))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der.sequence(kind, der.set_of(value))
