"""The signed trust bundle `trust.jws`: the statement of `trust.json` as compact JWS (RFC 7515), ES256.

`x5c` carries the chain from the signing certificate to the root. Whoever knows the root's fingerprint (from a notice
board, a letter, an earlier visit) can take the bundle from anybody.
"""

import asyncio
import base64
import hashlib
import re
from datetime import datetime, timedelta

from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_der_x509_certificate
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError, PathBuildingError, PathValidationError

from hub.verify.trust import BUNDLE_SIGNING, Trust, TrustUnreadable, parse

ALGORITHM = "ES256"
TYPE = "tram-trust+jws"


class _Sizes(JWSRegistry):
    """A chain of certificates in the header, and every annulment there ever was in the payload."""

    max_header_length = 32 * 1024
    max_payload_length = 64 * 1024 * 1024


REGISTRY = _Sizes(algorithms=[ALGORITHM])

OLD_AFTER = timedelta(days=30)
_PIN = re.compile(r"sha256:[0-9a-f]{64}")
_AGAIN = "Fetch trust.jws from the agency again."


class NotPinned(TrustUnreadable):
    """A signed bundle without a root fingerprint to hold it against; the text says where to get one."""


def fingerprint(der: bytes) -> str:
    """Return `sha256:<hex>` of a certificate."""
    return f"sha256:{hashlib.sha256(der).hexdigest()}"


def tidy_pin(text: str) -> str:
    """Return a fingerprint as people write it (capitals, colons, blanks) in the one form; raise TrustUnreadable."""
    pin = "sha256:" + re.sub(r"[\s:]", "", text.strip().lower().removeprefix("sha256:"))
    if not _PIN.fullmatch(pin):
        raise TrustUnreadable("The anchor is no SHA-256 fingerprint: sha256: and 64 hexadecimal digits.")
    return pin


def is_signed(payload: bytes) -> bool:
    """Return whether these bytes are a signed bundle and no plain statement."""
    return payload[:2] == b"ey"


def opened(payload: bytes, pin: str, now: datetime) -> Trust:
    """Return the statement in a bundle signed under the root of this fingerprint; raise TrustUnreadable."""
    try:
        header = jws.extract_compact(payload.strip(), registry=REGISTRY).headers()
        chain = [base64.b64decode(each, validate=True) for each in header["x5c"]]
        if header.get("typ") != TYPE or len(chain) < 2:
            raise TrustUnreadable(f"This is a signed file, but no trust bundle. {_AGAIN}")
        _check_chain(chain, pin, now)
        key = ECKey.import_key(_public_key(chain[0]))
        content = jws.deserialize_compact(payload.strip(), key, registry=REGISTRY).payload
    except (JoseError, KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, TrustUnreadable):
            raise
        raise TrustUnreadable(f"The bundle's signature does not hold: {fault}. {_AGAIN}") from fault
    return parse(content)


def age(trust: Trust, now: datetime) -> timedelta:
    """Return how old the statement is; negative where this machine's clock is behind."""
    return now - trust.issued_at


def _check_chain(chain: list[bytes], pin: str, now: datetime) -> None:
    given = fingerprint(chain[-1])
    if given != pin:
        raise TrustUnreadable(f"The bundle's root is {given}, not the pinned {pin}. Don't use it; ask the agency.")
    signer, *between, root = [x509.Certificate.load(each) for each in chain]
    context = ValidationContext(trust_roots=[root], allow_fetching=False, revocation_mode="soft-fail", moment=now)
    validator = CertificateValidator(signer, intermediate_certs=between, validation_context=context)
    wanted = validator.async_validate_usage({"digital_signature"}, {BUNDLE_SIGNING}, extended_optional=False)
    try:
        asyncio.run(wanted)
    except (InvalidCertificateError, PathBuildingError, PathValidationError) as fault:
        raise TrustUnreadable(f"The certificate that signed the bundle may not do so: {fault} {_AGAIN}") from fault


def _public_key(der: bytes) -> bytes:
    key = load_der_x509_certificate(der).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
