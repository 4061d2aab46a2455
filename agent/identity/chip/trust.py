"""The country signing certificates a kiosk believes, and the lists of what they revoked (ICAO Doc 9303-12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from agent.identity.chip import master_list
from agent.identity.chip.verdict import GENUINE, Reason, Verdict

_STATES = {"VNM": "VN"}
"""Issuing state in a zone to country in its signers' certificates; others are read, but not taken for genuine."""

_CERTIFICATES, _LISTS, _MASTER_LISTS = (".cer", ".crt", ".der", ".pem"), (".crl",), (".ml",)
_NOT_ISSUED = (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError)


class TrustUnreadable(Exception):
    """A file in the folder of country signers is not what its name says, or a list is not signed by any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountrySigners:
    """Certificates of country signing authorities (CSCA) and their revocation lists."""

    certificates: tuple[x509.Certificate, ...]
    lists: tuple[x509.CertificateRevocationList, ...] = ()

    def verdict(self, signer: x509.Certificate, *, signed_at: datetime | None, now: datetime, state: str) -> Verdict:
        """Return whether a document signer may sign for a state (as the zone names it), then and now."""
        issuers = [issuer for issuer in self.certificates if _issued(issuer, signer)]
        if not issuers:
            return _no(
                Reason.UNKNOWN_COUNTRY_SIGNER, f"no certificate of the list issued serial {signer.serial_number:x}"
            )
        if not any(_valid(issuer, now) for issuer in issuers):
            return _no(Reason.COUNTRY_SIGNER_EXPIRED, "the country signer's certificate is out of its time")
        if state not in _STATES or _STATES[state] not in _countries(issuers):
            named = ", ".join(sorted(_countries(issuers))) or "nobody"
            return _no(Reason.OTHER_STATE, f"the zone names {state or 'no state'}, {named} signed")
        return self._signer_verdict(signer, signed_at or now, now)

    def _signer_verdict(self, signer: x509.Certificate, signed_at: datetime, now: datetime) -> Verdict:
        if not _signs_documents(signer):
            return _no(Reason.SIGNER_UNFIT, "the signer's certificate is not for signing documents")
        if any(revoked.get_revoked_certificate_by_serial_number(signer.serial_number) for revoked in self._of(signer)):
            return _no(Reason.SIGNER_REVOKED, f"serial {signer.serial_number:x} is on the revocation list")
        if min(signed_at, now) < signer.not_valid_before_utc:
            return _no(Reason.SIGNER_NOT_YET_VALID, f"the signer is valid from {signer.not_valid_before_utc:%Y-%m-%d}")
        if max(signed_at, now) > signer.not_valid_after_utc:
            return _no(Reason.SIGNER_EXPIRED, f"the signer was valid until {signer.not_valid_after_utc:%Y-%m-%d}")
        return GENUINE

    def _of(self, signer: x509.Certificate) -> Iterable[x509.CertificateRevocationList]:
        return (revoked for revoked in self.lists if revoked.issuer == signer.issuer)


def load(folder: Path) -> CountrySigners:
    """Return what lies in a folder: certificates, revocation lists (DER or PEM), master lists; raise TrustUnreadable.

    Whoever fills the folder vouches for its certificates: each was compared with its state's own publication. Both
    kinds of list are checked against them; of a master list, the certificates of known states are taken.
    """
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    certificates = tuple(_certificate(path) for path in paths if path.suffix.lower() in _CERTIFICATES)
    masters = [path for path in paths if path.suffix.lower() in _MASTER_LISTS]
    certificates += tuple(one for path in masters for one in _listed(path, certificates))
    lists = tuple(_list(path, certificates) for path in paths if path.suffix.lower() in _LISTS)
    return CountrySigners(certificates=certificates, lists=lists)


def _certificate(path: Path) -> x509.Certificate:
    data = path.read_bytes()
    try:
        found = x509.load_pem_x509_certificate(data) if b"-----BEGIN" in data else x509.load_der_x509_certificate(data)
        if not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise TrustUnreadable(f"{path.name} is no certificate of an authority; remove it from the folder")
    except (ValueError, x509.ExtensionNotFound) as fault:
        raise TrustUnreadable(f"{path.name} is no certificate of an authority ({fault}); fetch it anew") from None
    return found


def _listed(path: Path, certificates: Iterable[x509.Certificate]) -> Iterable[x509.Certificate]:
    data = path.read_bytes()
    for country in _STATES.values():
        try:
            signer, listed = master_list.parse(data, country)
        except ValueError as fault:
            raise TrustUnreadable(f"{path.name} is no master list ({fault}); fetch it anew") from None
        if not any(_issued(issuer, signer) for issuer in certificates):
            raise TrustUnreadable(
                f"{path.name} is signed by a state without a certificate in the folder; put that state's beside it"
            )
        yield from listed


def _list(path: Path, certificates: Iterable[x509.Certificate]) -> x509.CertificateRevocationList:
    data = path.read_bytes()
    try:
        found = x509.load_pem_x509_crl(data) if b"-----BEGIN" in data else x509.load_der_x509_crl(data)
    except ValueError as fault:
        raise TrustUnreadable(f"{path.name} is no revocation list ({fault}); fetch it anew") from None
    if not any(_signed(found, issuer) for issuer in certificates if issuer.subject == found.issuer):
        raise TrustUnreadable(f"{path.name} is signed by no certificate of the folder; fetch it anew")
    return found


def _signed(revoked: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    return isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and revoked.is_signature_valid(key)


def _issued(issuer: x509.Certificate, signer: x509.Certificate) -> bool:
    try:
        signer.verify_directly_issued_by(issuer)
    except _NOT_ISSUED:
        return False
    return True


def _valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _countries(issuers: Iterable[x509.Certificate]) -> set[str]:
    names = (name for one in issuers for name in one.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME))
    return {str(name.value).upper() for name in names}


def _signs_documents(signer: x509.Certificate) -> bool:
    try:
        if not signer.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
            return False
        return not signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound as missing:
        return bool(missing.oid == x509.BasicConstraints.oid)
    except (ValueError, x509.DuplicateExtension):
        return False


def _no(reason: Reason, detail: str) -> Verdict:
    return Verdict(reason=reason, detail=detail)
