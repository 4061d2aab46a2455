"""The first tables, and the triggers that keep permanent rows from being changed (R12)."""

import sqlalchemy as sa
from alembic import op

from hub.store.migrations.permanent import make_permanent

revision = "0001"
down_revision = None

PERMANENT = ("register_row", "decision", "annulment", "log_leaf", "fact", "audit")


def upgrade() -> None:
    """Make all tables, referenced ones first."""
    for make in (
        _audit,
        _counter,
        _kiosk,
        _log_leaf,
        _officer,
        _register_row,
        _fact,
        _last_seen,
        _request,
        _session,
        _decision,
        _issue,
        _pending_reply,
        _annulment,
    ):
        make()
    for table in PERMANENT:
        make_permanent(table)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )


def _kiosk() -> None:
    op.create_table(
        "kiosk",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("certificate_serial", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("legal_mode", sa.String(), nullable=False),
        sa.Column("legal_decision", sa.String(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
    )


def _log_leaf() -> None:
    op.create_table(
        "log_leaf",
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("copy_id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_log_leaf")),
    )


def _officer() -> None:
    op.create_table(
        "officer",
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("authority_document", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_officer")),
    )


def _register_row() -> None:
    op.create_table(
        "register_row",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("book_code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("book_no", sa.Integer(), nullable=False),
        sa.Column("requester_name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("signer_name", sa.String(), nullable=False),
        sa.Column("signer_title", sa.String(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("fee_vnd", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_row")),
        sa.UniqueConstraint("agency", "book_code", "year", "number", name=op.f("uq_register_row_agency")),
    )


def _fact() -> None:
    op.create_table(
        "fact",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_fact_kiosk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    op.create_index(op.f("ix_fact_request"), "fact", ["request"], unique=False)


def _last_seen() -> None:
    op.create_table(
        "last_seen",
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_last_seen_kiosk")),
        sa.PrimaryKeyConstraint("kiosk", "room", name=op.f("pk_last_seen")),
    )


def _request() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("rejection", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("draft_sha256", sa.String(length=64), nullable=False),
        sa.Column("draft_bytes", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("legal_mode", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft_purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_request_kiosk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index("ix_request_draft", "request", ["draft_sha256"], unique=False)
    op.create_index("ix_request_queue", "request", ["state", "queued_at", "id"], unique=False)


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.login"], name=op.f("fk_session_officer")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_session")),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("original_seen", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officer.login"], name=op.f("fk_decision_officer")),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_decision_request")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_decision")),
    )


def _issue() -> None:
    op.create_table(
        "issue",
        sa.Column("copy_id", sa.String(length=26), nullable=False),
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("register_row", sa.String(length=26), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("document_kind", sa.String(), nullable=False),
        sa.Column("pages_of_original", sa.Integer(), nullable=False),
        sa.Column("legal_note", sa.String(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_fault", sa.String(), nullable=False),
        sa.Column("tail_sha256", sa.String(length=64), nullable=True),
        sa.Column("tail_bytes", sa.Integer(), nullable=True),
        sa.Column("copy_sha256", sa.String(length=64), nullable=True),
        sa.Column("copy_pages", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verify_url", sa.String(), nullable=True),
        sa.Column("tail_purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["log_index"], ["log_leaf.index"], name=op.f("fk_issue_log_index")),
        sa.ForeignKeyConstraint(["register_row"], ["register_row.id"], name=op.f("fk_issue_register_row")),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_issue_request")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_issue")),
        sa.UniqueConstraint("log_index", name=op.f("uq_issue_log_index")),
        sa.UniqueConstraint("register_row", name=op.f("uq_issue_register_row")),
        sa.UniqueConstraint("request", name=op.f("uq_issue_request")),
    )
    op.create_index("ix_issue_waiting", "issue", ["state", "copy_id"], unique=False)


def _pending_reply() -> None:
    op.create_table(
        "pending_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("fk_pending_reply_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_reply")),
    )
    op.create_index(op.f("ix_pending_reply_sent_at"), "pending_reply", ["sent_at"], unique=False)


def _annulment() -> None:
    op.create_table(
        "annulment",
        sa.Column("copy_id", sa.String(length=26), nullable=False),
        sa.Column("decision_no", sa.String(), nullable=False),
        sa.Column("reason_class", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("log_index", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["copy_id"], ["issue.copy_id"], name=op.f("fk_annulment_copy_id")),
        sa.ForeignKeyConstraint(["log_index"], ["log_leaf.index"], name=op.f("fk_annulment_log_index")),
        sa.ForeignKeyConstraint(["officer"], ["officer.login"], name=op.f("fk_annulment_officer")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_annulment")),
    )
