"""Signatures after signing: upgrades to B-LTA, appended evidence, the certificates that signed each copy."""

import sqlalchemy as sa
from alembic import op

from hub.store.migrations.permanent import make_permanent

revision = "0009"
down_revision = "0008"

_MOMENT = sa.DateTime(timezone=True)
_COPY = "issue.copy_id"


def upgrade() -> None:
    """Make the tables; copies signed before name no certificates."""
    for column in ("certifier_certificate", "agency_certificate"):
        op.add_column("issue", sa.Column(column, sa.String(length=64), nullable=True))
    op.create_table(
        "upgrade",
        sa.Column("copy_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lacks", sa.String(), nullable=False),
        sa.Column("wanted_at", _MOMENT, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_fault", sa.String(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("claimed_by", sa.String(length=26), nullable=True),
        sa.Column("claimed_until", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["copy_id"], [_COPY], name=op.f("fk_upgrade_copy_id")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_upgrade")),
    )
    op.create_index("ix_upgrade_waiting", "upgrade", ["state", "next_at"])
    op.create_table(
        "copy_extension",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("copy_id", sa.String(length=26), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("appended_sha256", sa.String(length=64), nullable=False),
        sa.Column("appended_bytes", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("protected_until", _MOMENT, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["copy_id"], [_COPY], name=op.f("fk_copy_extension_copy_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_copy_extension")),
        sa.UniqueConstraint("base_sha256", name=op.f("uq_copy_extension_base_sha256")),
    )
    op.create_index(op.f("ix_copy_extension_copy_id"), "copy_extension", ["copy_id"])
    op.create_table(
        "certificate",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("pem", sa.String(), nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.Column("not_after", _MOMENT, nullable=False),
        sa.Column("first_seen_at", _MOMENT, nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_certificate")),
    )
    make_permanent("copy_extension")
