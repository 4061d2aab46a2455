"""Vouchers: a kiosk's signed debt, paid once, at any kiosk or counter.

The signature proves that a kiosk of this hub made the voucher, also where its own report has not arrived yet; the row
under its id keeps it from being paid twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from sqlalchemy import select
from sqlalchemy.orm import Session

from contract import vds, voucher
from contract.seal import from_qr_text
from contract.seal_faults import SealError
from contract.voucher import Voucher
from hub.faults import VoucherContradiction, VoucherForged, VoucherUsed
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DeviceCertificate, Kiosk, VoucherRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who pays a voucher out: a kiosk's id or an officer's login, and the key under which (a repeated call is one)."""

    name: str
    key: str


def know_certificates(
    hub: Hub, certificates: Mapping[str, x509.Certificate], revoked: Mapping[str, datetime] = MappingProxyType({})
) -> None:
    """Keep the certificates of enrolled kiosks (by id) for as long as vouchers may name them; others are left out.

    `revoked` says since when which serial numbers (upper-case hex) are revoked.
    """
    now = hub.clock.now()
    with hub.database.writing() as session:
        for kiosk, certificate in certificates.items():
            serial = f"{certificate.serial_number:X}"
            if session.get(Kiosk, kiosk) and session.get(DeviceCertificate, serial) is None:
                der = certificate.public_bytes(serialization.Encoding.DER)
                session.add(DeviceCertificate(serial=serial, kiosk=kiosk, der=der, recorded_at=now))
        for row in session.scalars(select(DeviceCertificate).where(DeviceCertificate.serial.in_(revoked))):
            row.revoked_at = revoked[row.serial]


def note_issued(session: Session, kiosk: Kiosk, voucher_id: str, amount_vnd: int, issued_at: datetime) -> None:
    """Record in the caller's transaction what a kiosk reports to have made; raise VoucherContradiction."""
    row = session.get(VoucherRow, voucher_id)
    if row is None:
        session.add(VoucherRow(id=voucher_id, kiosk=kiosk.id, amount_vnd=amount_vnd, issued_at=issued_at))
    elif (row.kiosk, row.amount_vnd) != (kiosk.id, amount_vnd):
        raise VoucherContradiction(f"Voucher {voucher_id} is known with {row.amount_vnd} đ of {row.kiosk}.")


def redeem(hub: Hub, code: str, payee: Payee) -> Voucher:
    """Mark the voucher of a QR as paid out by `payee` and return it; the same payee and key get the same answer.

    Raises VoucherForged, VoucherUsed or VoucherContradiction; then nothing is to be paid.
    """
    now = hub.clock.now()
    with hub.database.writing() as session:
        claim = _proven(session, code)
        kiosk = session.get_one(Kiosk, claim.kiosk)
        note_issued(session, kiosk, claim.voucher_id, claim.amount_vnd, claim.issued_at)
        row = session.get_one(VoucherRow, claim.voucher_id, with_for_update=True)
        if row.redeemed_at is None:
            row.redeemed_at, row.redeemed_by, row.redeemed_under = now, payee.name, payee.key
            audit.append(session, at=now, who=payee.name, what=audit.Act.VOUCHER_PAID, subject=row.id)
        elif (row.redeemed_by, row.redeemed_under) != (payee.name, payee.key):
            raise VoucherUsed(
                f"Voucher {row.id} was paid by {row.redeemed_by} at {row.redeemed_at:%Y-%m-%d %H:%M} UTC."
            )
    return claim


def _proven(session: Session, code: str) -> Voucher:
    try:
        claim, outer = voucher.decode(from_qr_text(code))
        known = session.get(DeviceCertificate, outer.header.cert_ref)
        if known is None or known.kiosk != claim.kiosk:
            raise VoucherForged(f"No kiosk {claim.kiosk} of this hub has a certificate {outer.header.cert_ref}.")
        vds.verify(outer, x509.load_der_x509_certificate(known.der).public_key())
        shut_out = known.revoked_at or session.get_one(Kiosk, claim.kiosk).revoked_at
        if shut_out and session.get(VoucherRow, claim.voucher_id) is None:
            raise VoucherForged(
                f"The key that signed it was revoked, and {claim.kiosk} never told of this voucher. Look at its books."
            )
    except SealError as fault:
        raise VoucherForged(f"The code is no voucher of this hub: {fault}") from fault
    return claim
