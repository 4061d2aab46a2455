"""Revocation in the test PKI: a list of serial numbers, the CRLs and OCSP answers made from it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from hub.signing.credentials import Credential

OCSP_VALIDITY = CRL_VALIDITY = timedelta(days=365)
"""How long an answer of the embedded PKI is current. A broker refuses every client once its list is out of date; every
start of the hub makes a new one."""
_DER = serialization.Encoding.DER


class Revoked(msgspec.Struct, frozen=True, kw_only=True):
    """One certificate that must not be used after `at` (UTC); the serial number is upper-case hex."""

    serial: str
    at: datetime


def by_serial(revoked: Iterable[Revoked]) -> dict[int, datetime]:
    """Return since when each serial number is revoked."""
    return {int(each.serial, 16): each.at for each in revoked}


def crl(
    issuer: Credential, revoked: Iterable[Revoked], now: datetime, *, validity: timedelta = CRL_VALIDITY
) -> x509.CertificateRevocationList:
    """Return the signed list of `issuer`."""
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=issuer.certificate.subject, last_update=now, next_update=now + validity
    )
    builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    builder = builder.add_extension(_key_identifier(issuer), critical=False)
    for each in revoked:
        builder = builder.add_revoked_certificate(_entry(each))
    return builder.sign(issuer.key, hashes.SHA256())


def ocsp_answer(
    certificate: x509.Certificate,
    *,
    issuer: x509.Certificate,
    responder: Credential,
    revoked: Mapping[int, datetime],
    now: datetime,
    validity: timedelta = OCSP_VALIDITY,
) -> bytes:
    """Return a signed OCSP response about `certificate` (DER) with the responder's certificate.

    It is current for a year, so long a copy's last timestamp can be checked with nothing fetched, but never longer than
    the certificate: validators take its end as a moment at which the certificate was good.
    """
    at = revoked.get(certificate.serial_number)
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate,
        issuer=issuer,
        algorithm=hashes.SHA1(),  # noqa: S303 - names the issuer, protects nothing (RFC 6960 §4.3, RFC 5019)
        cert_status=ocsp.OCSPCertStatus.REVOKED if at else ocsp.OCSPCertStatus.GOOD,
        this_update=now,
        next_update=min(now + validity, certificate.not_valid_after_utc),
        revocation_time=at,
        revocation_reason=x509.ReasonFlags.unspecified if at else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
    builder = builder.certificates([responder.certificate])
    return builder.sign(responder.key, hashes.SHA256()).public_bytes(_DER)


def _entry(revoked: Revoked) -> x509.RevokedCertificate:
    serial = int(revoked.serial, 16)
    return x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revoked.at).build()


def _key_identifier(issuer: Credential) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
