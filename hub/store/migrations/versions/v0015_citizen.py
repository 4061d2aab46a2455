"""One-time links to electronic copies; what citizens think of the service; what the Ministry's system is told."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables."""
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
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("about", sa.String(length=26), nullable=True),
        sa.Column("face", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_feedback_kiosk")),
        sa.ForeignKeyConstraint(["about"], ["request.id"], name=op.f("fk_feedback_about")),
        sa.ForeignKeyConstraint(["answered_by"], ["officer.login"], name=op.f("fk_feedback_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_feedback_code_sha256")),
    )
    op.create_index("ix_feedback_received_at", "feedback", ["received_at"])
    op.create_table(
        "moj_report",
        sa.Column("copy_id", sa.String(length=26), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_fault", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["copy_id"], ["issue.copy_id"], name=op.f("fk_moj_report_copy_id")),
        sa.PrimaryKeyConstraint("copy_id", "event", name=op.f("pk_moj_report")),
    )
    op.create_index("ix_moj_report_waiting", "moj_report", ["state", "next_at"])
