"""A certificate in words: whose it is, who issued it, and its fingerprint."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from hub.verify.bundle import fingerprint
from hub.verify.trust import Trust

_SHOWN = (NameOID.COMMON_NAME, NameOID.TITLE, NameOID.ORGANIZATION_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWords:
    """What the public is told of a certificate; `serial` is upper-case hex, `sha256` as `sha256:…`."""

    subject: str
    issuer: str
    serial: str
    sha256: str
    not_before: datetime
    not_after: datetime


def in_words(pem: str) -> CertificateWords:
    """Return the certificate (PEM) in words."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    return CertificateWords(
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        sha256=fingerprint(certificate.public_bytes(serialization.Encoding.DER)),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def of_certifier(trust: Trust, name: str, at: datetime) -> CertificateWords | None:
    """Return the certificate with which a person signed at a moment, or None where that is not certain."""
    pems = {each.pem for each in trust.certifiers if each.name == name and each.pem}
    fitting = [each for each in map(in_words, pems) if each.not_before <= at <= each.not_after]
    return fitting[0] if len(fitting) == 1 else None


def _name(name: x509.Name) -> str:
    parts = [str(each.value) for oid in _SHOWN for each in name.get_attributes_for_oid(oid)]
    return ", ".join(dict.fromkeys(parts)) or name.rfc4514_string()
