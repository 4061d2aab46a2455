"""What a verifier must know beforehand: trust anchors, seal certificates, and which copies were annulled."""

from datetime import date, datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from msgspec import Struct

BUNDLE_SIGNING = "2.25.295165632180278379391252774484931063008"
"""The purpose of the certificate that signs trust bundles, and of no other; 2.25 needs no registration (X.667)."""


class TrustUnreadable(ValueError):
    """The trust bundle is missing or malformed; the text names the file and the remedy."""


class SealSignerCertificate(Struct, frozen=True, kw_only=True):
    """A certificate that seals may be signed with, found by signer id and certificate reference."""

    signer_id: str
    cert_ref: str
    pem: str


class Annulment(Struct, frozen=True, kw_only=True):
    """A copy that lost its legal value (TT 01/2020 Art. 7)."""

    copy_id: str
    decision_no: str
    at: datetime
    reason: str


class CertifierEntry(Struct, frozen=True, kw_only=True):
    """A person who certifies (R2): by which document, from when to when (both days inclusive), with which certificate.

    `pem` is empty for a person without a certificate here; who left the roster is no longer `current`.
    """

    name: str
    title: str
    authority_document: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    current: bool = True
    pem: str = ""


class Trust(Struct, frozen=True, kw_only=True):
    """The published bundle `trust.json`: enough to check any copy of this agency without network.

    `log_key` is the public log's verifier key (C2SP signed-note). `issuers` are the authorities between anchors and
    end entities; they, `agency_certificate` and `certifiers` tell people what they will meet in a copy's signatures.
    `tsa_anchors` may vouch for timestamps and nothing else. `crls` (PEM) say what is revoked, for copies below B-LTA,
    which carry no such evidence yet, and for timestamps that outlived theirs.
    """

    v: int
    agency: str
    verify_base_url: str
    issued_at: datetime
    anchors: tuple[str, ...]
    seal_signers: tuple[SealSignerCertificate, ...]
    annulled: tuple[Annulment, ...]
    log_key: str = ""
    issuers: tuple[str, ...] = ()
    agency_certificate: str = ""
    certifiers: tuple[CertifierEntry, ...] = ()
    tsa_anchors: tuple[str, ...] = ()
    crls: tuple[str, ...] = ()

    def seal_key(self, signer_id: str, cert_ref: str) -> PublicKeyTypes | None:
        """Return the public key of the named seal certificate, or None where it is not trusted here."""
        for signer in self.seal_signers:
            if (signer.signer_id, signer.cert_ref) == (signer_id, cert_ref):
                return x509.load_pem_x509_certificate(signer.pem.encode()).public_key()
        return None

    def annulment_of(self, copy_id: str) -> Annulment | None:
        """Return the annulment of a copy, or None."""
        return next((each for each in self.annulled if each.copy_id == copy_id), None)


def parse(payload: bytes) -> Trust:
    """Return the bundle in `payload`; raise TrustUnreadable."""
    try:
        return msgspec.json.decode(payload, type=Trust)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise TrustUnreadable(f"This is no trust bundle: {fault}. Fetch trust.json from the agency again.") from fault
