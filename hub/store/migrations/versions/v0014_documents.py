"""Digitised dossiers, their papers, and the versions of the papers' metadata."""

import sqlalchemy as sa
from alembic import op

from hub.store.migrations.permanent import make_permanent

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "dossier",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("reused_at", moment, nullable=True),
        sa.Column("handed_on_at", moment, nullable=True),
        sa.Column("portal_receipt", sa.String(), nullable=True),
        sa.Column("portal_next_at", moment, nullable=True),
        sa.Column("portal_failures", sa.Integer(), nullable=False),
        sa.Column("portal_fault", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_dossier_kiosk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
    )
    op.create_table(
        "document",
        sa.Column("base_code", sa.String(), nullable=False),
        sa.Column("dossier", sa.String(), nullable=True),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("pages_counted", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("digitised_at", moment, nullable=False),
        sa.Column("digitised_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("filed_at", moment, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("draft_sha256", sa.String(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("accepted_by", sa.String(), nullable=True),
        sa.Column("accepted_at", moment, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("signed_at", moment, nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("lacks", sa.String(), nullable=False),
        sa.Column("last_fault", sa.String(), nullable=False),
        sa.Column("claimed_until", moment, nullable=True),
        sa.ForeignKeyConstraint(["dossier"], ["dossier.id"], name=op.f("fk_document_dossier")),
        sa.ForeignKeyConstraint(["accepted_by"], ["officer.login"], name=op.f("fk_document_accepted_by")),
        sa.PrimaryKeyConstraint("base_code", name=op.f("pk_document")),
    )
    op.create_index("ix_document_dossier", "document", ["dossier"])
    op.create_table(
        "document_version",
        sa.Column("base_code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["base_code"], ["document.base_code"], name=op.f("fk_document_version_base_code")),
        sa.PrimaryKeyConstraint("base_code", "version", name=op.f("pk_document_version")),
    )
    make_permanent("document_version")
    op.create_table(
        "document_upload",
        sa.Column("request", sa.String(length=26), nullable=False),
        sa.Column("kiosk", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("base_code", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.id"], name=op.f("fk_document_upload_kiosk")),
        sa.ForeignKeyConstraint(["base_code"], ["document.base_code"], name=op.f("fk_document_upload_base_code")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_document_upload")),
    )
    op.create_index("ix_document_upload_sha256", "document_upload", ["sha256"])
