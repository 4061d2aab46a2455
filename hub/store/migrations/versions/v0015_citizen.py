"""One-time links to electronic copies."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "copy_link",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_fetch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetches", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_copy_link_request")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_copy_link")),
    )
    op.create_index("ix_copy_link_request", "copy_link", ["request"])
