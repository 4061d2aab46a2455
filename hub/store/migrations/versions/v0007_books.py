"""The bound book: search words, printed months, closed years, post-checks; leases of signing and of replies."""

import sqlalchemy as sa
from alembic import op

from hub.store.folding import beginnings
from hub.store.migrations.permanent import make_permanent

revision = "0007"
down_revision = "0006"

_OFFICER = "officer.login"


def upgrade() -> None:
    """Make tables and columns; fill the search words of the entries that are there."""
    for table in ("issue", "pending_reply"):
        op.add_column(table, sa.Column("claimed_by", sa.String(length=26), nullable=True))
        op.add_column(table, sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    _register_search()
    _month_print()
    _year_closing()
    _post_check()
    for table in ("month_print", "year_closing"):
        make_permanent(table)


def _register_search() -> None:
    op.create_table(
        "register_search",
        sa.Column("row", sa.String(length=26), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["row"], ["register_row.id"], name=op.f("fk_register_search_row")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_register_search")),
    )
    for row, name, title in op.get_bind().execute(sa.text("SELECT id, requester_name, title FROM register_row")):
        words = {"row": row, "words": beginnings(f"{name} {title}")}
        op.execute(sa.text("INSERT INTO register_search VALUES (:row, :words)").bindparams(**words))


def _month_print() -> None:
    op.create_table(
        "month_print",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("printed_by", sa.String(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["printed_by"], [_OFFICER], name=op.f("fk_month_print_printed_by")),
        sa.PrimaryKeyConstraint("year", "month", name=op.f("pk_month_print")),
    )


def _year_closing() -> None:
    op.create_table(
        "year_closing",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("fee_vnd", sa.BigInteger(), nullable=False),
        sa.Column("annulled", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], [_OFFICER], name=op.f("fk_year_closing_closed_by")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_year_closing")),
    )


def _post_check() -> None:
    op.create_table(
        "post_check_sample",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["drawn_by"], [_OFFICER], name=op.f("fk_post_check_sample_drawn_by")),
        sa.PrimaryKeyConstraint("year", "month", name=op.f("pk_post_check_sample")),
    )
    op.create_table(
        "post_check",
        sa.Column("copy_id", sa.String(length=26), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["checked_by"], [_OFFICER], name=op.f("fk_post_check_checked_by")),
        sa.ForeignKeyConstraint(["copy_id"], ["issue.copy_id"], name=op.f("fk_post_check_copy_id")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_post_check")),
    )
