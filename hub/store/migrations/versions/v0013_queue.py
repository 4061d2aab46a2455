"""Queue numbers, and places booked from a phone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "queue_ticket",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("printed", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("came_at", moment, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("slot_at", moment, nullable=True),
        sa.Column("told_before", sa.Integer(), nullable=False),
        sa.Column("told_wait_s", sa.Integer(), nullable=True),
        sa.Column("answered", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("first_called_at", moment, nullable=True),
        sa.Column("called_at", moment, nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_queue_ticket_kiosk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_ticket")),
    )
    op.create_index("ix_queue_ticket_day", "queue_ticket", ["day", "state"])
    op.create_index("ux_queue_number", "queue_ticket", ["day", "number"], unique=True)
    op.create_table(
        "queue_booking",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("slot_at", moment, nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("cancelled_at", moment, nullable=True),
        sa.Column("ticket", sa.String(length=26), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_queue_booking")),
    )
    op.create_index("ix_queue_booking_slot", "queue_booking", ["service", "slot_at"])
