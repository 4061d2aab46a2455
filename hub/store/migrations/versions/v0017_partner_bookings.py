"""Places booked through the city's application."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "partner_booking",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["queue_booking.code"], name=op.f("fk_partner_booking_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_booking")),
    )
    op.create_index("ix_partner_booking_account_sha256", "partner_booking", ["account_sha256"])
