"""Vouchers and device certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "device_certificate",
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_device_certificate_kiosk")),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_device_certificate")),
    )
    op.create_table(
        "voucher",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("amount_vnd", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redeemed_by", sa.String(), nullable=True),
        sa.Column("redeemed_under", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_voucher_kiosk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
    )
