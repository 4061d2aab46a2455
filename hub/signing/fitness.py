"""May this certificate be used now? Asked of both signers, the timestamp authority and the seal for every copy (R1)."""

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from hub.signing.faults import (
    CertificateExpired,
    CertificateIssuer,
    CertificateNotYetValid,
    CertificatePurpose,
    CertificateRevoked,
)
from hub.signing.profiles import DOCUMENT_SIGNING


def check(certificate: x509.Certificate, *, whose: str, issuer: x509.Certificate, revoked: bool, now: datetime) -> None:
    """Return if `certificate` may sign documents at `now`; else raise the CertificateFault that names `whose` it is."""
    check_current(certificate, whose=whose, revoked=revoked, now=now)
    if not _is_for_documents(certificate):
        raise CertificatePurpose(f"The certificate of {whose} was not issued for signing documents")
    if not is_issued_by(certificate, issuer) or not isinstance(certificate.public_key(), ec.EllipticCurvePublicKey):
        raise CertificateIssuer(f"The certificate of {whose} was not issued by the authority of this hub")


def check_current(certificate: x509.Certificate, *, whose: str, revoked: bool, now: datetime) -> None:
    """Return if `now` is in the certificate's days and it was not revoked; else raise a CertificateFault."""
    if now < certificate.not_valid_before_utc:
        raise CertificateNotYetValid(f"The certificate of {whose} begins on {_day(certificate.not_valid_before_utc)}")
    if now > certificate.not_valid_after_utc:
        raise CertificateExpired(f"The certificate of {whose} ended on {_day(certificate.not_valid_after_utc)}")
    if revoked:
        raise CertificateRevoked(f"The certificate of {whose} was revoked")


def _is_for_documents(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.digital_signature and usage.content_commitment and DOCUMENT_SIGNING in purposes


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Return whether `issuer` is the name in the certificate and its key signed it."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M} UTC"
