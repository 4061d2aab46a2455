"""Since when a kiosk's key is revoked: what it signs is no voucher any more."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the moment."""
    op.add_column("device_certificate", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
