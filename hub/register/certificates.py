"""Every certificate that the hub signs with, or did: shown by fingerprint beside the copies it signed, for good."""

import asyncio
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.register import vouchers
from hub.rooms import Hub
from hub.signing import rotation, services
from hub.signing.credentials import certificate_pem
from hub.signing.pki import Pki
from hub.signing.roles import Role
from hub.signing.values import SignedCopy
from hub.store import audit
from hub.store.tables import CertificateRow


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def keep(session: Session, role: Role, whose: str, certificate: x509.Certificate, now: datetime) -> bool:
    """Remember a certificate in use; others of the same role and owner are retired. Return whether it is a new one.

    Of trust anchors an authority may have several at a time, so none of them is retired.
    """
    known = session.get(CertificateRow, fingerprint(certificate))
    if known is not None and known.retired_at is None:
        return False
    others = select(CertificateRow).where(
        CertificateRow.role == role, CertificateRow.whose == whose, CertificateRow.retired_at.is_(None)
    )
    for other in session.scalars(others) if role is not Role.TSA_ANCHOR else ():
        other.retired_at = now
    if known is not None:
        known.retired_at = None
        return True
    session.add(
        CertificateRow(
            sha256=fingerprint(certificate),
            role=role,
            whose=whose,
            pem=certificate_pem(certificate).decode("ascii"),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            first_seen_at=now,
        )
    )
    return True


def keep_all(hub: Hub, pki: Pki) -> None:
    """Remember every certificate in use."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        known = {row.role for row in session.scalars(select(CertificateRow))}
        for role, whose, certificate in pki.in_use():
            if keep(session, role, whose, certificate, now) and role in known:
                subject = f"{role} {fingerprint(certificate)[:16]}"
                audit.append(session, at=now, who="hub", what=audit.Act.KEY_ROTATED, subject=subject)
        for tsa in hub.config.evidence.tsa:
            for anchor in services.anchors_of(tsa):
                keep(session, Role.TSA_ANCHOR, tsa.name, anchor, now)


async def follow(hub: Hub, pki: Pki) -> None:
    """Take over for ever what is replaced or revoked in the folder of keys."""
    while True:
        await rotation.watch(pki, hub.clock)
        await asyncio.to_thread(keep_all, hub, pki)
        await asyncio.to_thread(keep_devices, hub, pki)


def keep_devices(hub: Hub, pki: Pki) -> None:
    """Remember the kiosks' certificates, and which are revoked."""
    vouchers.know_certificates(hub, pki.broker.kiosk_certificates(), pki.revoked_machines())


def expiring(hub: Hub, within: timedelta) -> list[CertificateRow]:
    """Return the certificates in use that end within this time, or did, the first to end first."""
    until = hub.clock.now() + within
    rows = select(CertificateRow).where(CertificateRow.retired_at.is_(None), CertificateRow.not_after <= until)
    with hub.database.reading() as session:
        return list(session.scalars(rows.order_by(CertificateRow.not_after, CertificateRow.sha256)))


def keep_signers(session: Session, signed: SignedCopy, certifier: str, now: datetime) -> None:
    """Remember the two certificates that signed a copy."""
    keep(session, Role.CERTIFIER, certifier, signed.certifier_certificate, now)
    keep(session, Role.AGENCY, "", signed.agency_certificate, now)


def published(session: Session, role: Role) -> list[x509.Certificate]:
    """Return all certificates that ever had a role here: what they signed while in use stays true."""
    rows = select(CertificateRow).where(CertificateRow.role == role)
    oldest_first = rows.order_by(CertificateRow.first_seen_at, CertificateRow.not_before)
    return [x509.load_pem_x509_certificate(row.pem.encode()) for row in session.scalars(oldest_first)]


def pem_of(session: Session, sha256: str | None) -> str:
    """Return the certificate of a fingerprint as PEM, empty where it is not known."""
    row = session.get(CertificateRow, sha256) if sha256 else None
    return row.pem if row else ""
