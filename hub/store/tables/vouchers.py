"""Vouchers that kiosks gave for money they owed, and the device certificates that prove them."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Ulid


class DeviceCertificate(Base):
    """A certificate that a kiosk has or had (DER); kept after renewal, since old vouchers name it.

    What a key signed that is `revoked_at` counts only if the kiosk itself told of it while the key was good.
    """

    __tablename__ = "device_certificate"

    serial: Mapped[str] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    der: Mapped[bytes] = mapped_column(LargeBinary)
    recorded_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class VoucherRow(Base):
    """A voucher once known here. `redeemed_by` is a kiosk or a login, `redeemed_under` the request that used it."""

    __tablename__ = "voucher"

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    amount_vnd: Mapped[int]
    issued_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    redeemed_by: Mapped[str | None]
    redeemed_under: Mapped[str | None]
