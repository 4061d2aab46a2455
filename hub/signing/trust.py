"""Publishing what anyone needs to check an agency's copies without asking it (R14): `trust.json` and `trust.jws`."""

import base64
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from joserfc import jws
from joserfc.jwk import ECKey

from hub.signing.credentials import certificate_pem, write_whole
from hub.signing.faults import UnknownCertifier
from hub.signing.pki import SEAL_SIGNER_ID, Pki
from hub.verify.bundle import ALGORITHM, REGISTRY, TYPE
from hub.verify.trust import Annulment, CertifierEntry, SealSignerCertificate, Trust

VERSION = 1


def statement(
    pki: Pki,
    now: datetime,
    *,
    verify_base_url: str,
    annulled: Sequence[Annulment] = (),
    roster: Sequence[CertifierEntry] = (),
    tsa_anchors: Sequence[x509.Certificate] = (),
    earlier_seals: Sequence[x509.Certificate] = (),
    lists: Sequence[bytes] = (),
) -> Trust:
    """Return what the agency publishes at `now`; the roster's entries get the certificates that `pki` issued.

    `lists` are revocation lists (DER) of authorities outside; `earlier_seals` are the certificates of seals printed
    before the key was changed: such papers stay valid.
    """
    seals = dict.fromkeys((pki.seal.certificate, *earlier_seals))
    return Trust(
        v=VERSION,
        agency=pki.agency,
        verify_base_url=verify_base_url,
        issued_at=now,
        anchors=(pem(pki.root),),
        seal_signers=tuple(map(_seal_signer, seals)),
        annulled=tuple(annulled),
        log_key=str(pki.log_signer(verify_base_url).public),
        issuers=(pem(pki.issuing),),
        agency_certificate=pem(pki.agency_credential.certificate),
        certifiers=tuple(msgspec.structs.replace(each, pem=_certificate_of(pki, each.name)) for each in roster),
        tsa_anchors=tuple(map(pem, tsa_anchors)),
        crls=tuple(map(_list_pem, dict.fromkeys((pki.evidence.root_crl(), pki.evidence.issuing_crl(), *lists)))),
    )


def signed(pki: Pki, payload: bytes) -> bytes:
    """Return the statement as compact JWS (RFC 7515): ES256, with the chain up to the root in `x5c`."""
    chain = [pki.bundle_signer.certificate, pki.issuing, pki.root]
    x5c = [base64.b64encode(each.public_bytes(serialization.Encoding.DER)).decode() for each in chain]
    key = pki.bundle_signer.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    header = {"alg": ALGORITHM, "typ": TYPE, "x5c": x5c}
    return jws.serialize_compact(header, payload, ECKey.import_key(key), registry=REGISTRY).encode()


def pem(certificate: x509.Certificate) -> str:
    """Return the certificate as PEM text."""
    return certificate_pem(certificate).decode("ascii")


def _seal_signer(certificate: x509.Certificate) -> SealSignerCertificate:
    return SealSignerCertificate(
        signer_id=SEAL_SIGNER_ID, cert_ref=f"{certificate.serial_number:X}", pem=pem(certificate)
    )


def _list_pem(der: bytes) -> str:
    return x509.load_der_x509_crl(der).public_bytes(serialization.Encoding.PEM).decode("ascii")


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step, readable by everyone."""
    write_whole(path, content, mode=0o644)


def _certificate_of(pki: Pki, name: str) -> str:
    try:
        return pem(pki.certificate_of(name))
    except UnknownCertifier:
        return ""
