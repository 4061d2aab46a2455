"""The public log: entries as they are published, stored subtrees, signed checkpoints."""

import sqlalchemy as sa
from alembic import op
from alembic.util.exc import CommandError

from hub.store.migrations.permanent import make_permanent

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make both tables and the columns; a log that was kept without entries can't be published."""
    if op.get_bind().scalar(sa.text("SELECT COUNT(*) FROM log_leaf")):
        raise CommandError("its log was begun before entries were kept; begin with an empty data folder")
    for name in ("entry", "private_salt"):
        op.add_column("log_leaf", sa.Column(name, sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "log_subtree",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_log_subtree")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )
    for table in ("log_subtree", "log_checkpoint"):
        make_permanent(table)
