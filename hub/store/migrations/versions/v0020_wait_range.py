"""A wait is told as a range."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the columns; of tickets from before only the expected wait was told."""
    for name in ("told_from_s", "told_to_s"):
        op.add_column("queue_ticket", sa.Column(name, sa.Integer(), nullable=True))
