"""What stays of a copy's words, so that a printed copy can be compared (hub.fingerprint)."""

import sqlalchemy as sa
from alembic import op

from hub.store.migrations.permanent import make_permanent

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "fingerprint",
        sa.Column("copy_id", sa.String(length=26), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["copy_id"], ["issue.copy_id"], name=op.f("fk_fingerprint_copy_id")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_fingerprint")),
    )
    make_permanent("fingerprint")
