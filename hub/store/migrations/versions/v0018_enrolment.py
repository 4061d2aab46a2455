"""Enrolment codes; starts of kiosks, and the quarantine of one that two machines claim to be."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the tables, add the quarantine."""
    op.create_table(
        "enrolment_code",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_enrolment_code_kiosk")),
        sa.ForeignKeyConstraint(["made_by"], ["officer.login"], name=op.f("fk_enrolment_code_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_code")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_enrolment_code_code_sha256")),
    )
    op.create_index("ix_enrolment_code_kiosk", "enrolment_code", ["kiosk", "made_at"])
    op.create_table(
        "kiosk_start",
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_kiosk_start_kiosk")),
        sa.PrimaryKeyConstraint("kiosk", "number", name=op.f("pk_kiosk_start")),
    )
    op.add_column("kiosk", sa.Column("quarantined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("kiosk", sa.Column("quarantine_cause", sa.String(), nullable=False, server_default=""))
    op.add_column("kiosk", sa.Column("starts_from", sa.DateTime(timezone=True), nullable=True))
