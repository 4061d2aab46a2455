"""The fleet: wards, history of vitals, events, alerts, jobs, rollouts, wanted configuration."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_KIOSK = "kiosk.id"
_OFFICER = "officer.login"


def upgrade() -> None:
    """Make the tables and the ward."""
    op.add_column("kiosk", sa.Column("ward", sa.String(), nullable=False, server_default=""))
    _vitals_kept()
    _kiosk_event()
    _alert()
    _rollout()
    _job()
    _shadow()


def _vitals_kept() -> None:
    op.create_table(
        "vitals_kept",
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("span", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], [_KIOSK], name=op.f("fk_vitals_kept_kiosk")),
        sa.PrimaryKeyConstraint("kiosk", "span", "at", name=op.f("pk_vitals_kept")),
    )
    op.create_index("ix_vitals_kept_span", "vitals_kept", ["span", "at"])


def _kiosk_event() -> None:
    op.create_table(
        "kiosk_event",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], [_KIOSK], name=op.f("fk_kiosk_event_kiosk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_event")),
    )
    op.create_index("ix_kiosk_event_kiosk", "kiosk_event", ["kiosk", "at"])


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("remedy", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], [_KIOSK], name=op.f("fk_alert_kiosk")),
        sa.ForeignKeyConstraint(["acknowledged_by"], [_OFFICER], name=op.f("fk_alert_acknowledged_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    still_open = sa.text("cleared_at IS NULL")
    op.create_index(
        "ux_alert_open",
        "alert",
        ["kiosk", "rule", "cause"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_alert_cleared_at", "alert", ["cleared_at"])


def _rollout() -> None:
    op.create_table(
        "rollout",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("ward", sa.String(), nullable=False),
        sa.Column("canary", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], [_OFFICER], name=op.f("fk_rollout_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollout")),
    )


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lasts_s", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("rollout", sa.String(length=26), nullable=True),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=True),
        sa.Column("bundle_bytes", sa.Integer(), nullable=True),
        sa.Column("bundle_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], [_KIOSK], name=op.f("fk_job_kiosk")),
        sa.ForeignKeyConstraint(["asked_by"], [_OFFICER], name=op.f("fk_job_asked_by")),
        sa.ForeignKeyConstraint(["rollout"], ["rollout.id"], name=op.f("fk_job_rollout")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_tell_at", "job", ["tell_at"])
    op.create_index("ix_job_kiosk", "job", ["kiosk", "asked_at"])
    op.create_index("ix_job_state", "job", ["state"])
    op.create_index("ix_job_rollout", "job", ["rollout"])


def _shadow() -> None:
    op.create_table(
        "shadow",
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], [_KIOSK], name=op.f("fk_shadow_kiosk")),
        sa.PrimaryKeyConstraint("kiosk", name=op.f("pk_shadow")),
    )
