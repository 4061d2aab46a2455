"""Rollouts go ring by ring and halt after too many failures."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns; rollouts from before were all at once."""
    for name in ("ring", "most_failed"):
        op.add_column("rollout", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
