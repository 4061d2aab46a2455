"""Sealed evidence of who stood at the kiosk, and the officer's word on it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "identity_evidence",
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("case", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("same_person", sa.Boolean(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_identity_evidence_request")),
        sa.ForeignKeyConstraint(["answered_by"], ["officer.login"], name=op.f("fk_identity_evidence_answered_by")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_identity_evidence")),
    )
    op.create_index("ix_identity_evidence_sha256", "identity_evidence", ["sha256"])
