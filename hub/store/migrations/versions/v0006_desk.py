"""The officers' desk: claims, held decisions, time per paper, priority, second factor, sessions, OIDC."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the new tables and columns; everybody logs in again."""
    _claim()
    _held_decision()
    _paper_time()
    _oidc_login()
    op.add_column("request", sa.Column("priority", sa.String(), nullable=False, server_default="NONE"))
    op.add_column("officer", sa.Column("totp_secret", sa.String(), nullable=False, server_default=""))
    op.add_column("officer", sa.Column("totp_last_step", sa.Integer(), nullable=False, server_default="0"))
    op.drop_table("session")
    _session()


def _claim() -> None:
    op.create_table(
        "claim",
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("handed_by", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.login"], name=op.f("fk_claim_officer")),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_claim_request")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_claim")),
    )


def _held_decision() -> None:
    op.create_table(
        "held_decision",
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("original_seen", sa.String(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.login"], name=op.f("fk_held_decision_officer")),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_held_decision_request")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_held_decision")),
    )
    op.create_index(op.f("ix_held_decision_officer"), "held_decision", ["officer"], unique=False)
    op.create_index(op.f("ix_held_decision_effective_at"), "held_decision", ["effective_at"], unique=False)


def _paper_time() -> None:
    op.create_table(
        "paper_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_time")),
    )
    op.create_index(op.f("ix_paper_time_day"), "paper_time", ["day"], unique=False)


def _oidc_login() -> None:
    op.create_table(
        "oidc_login",
        sa.Column("state_sha256", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_oidc_login")),
    )


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.login"], name=op.f("fk_session_officer")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_session")),
    )
