"""How an entry of the register is written on papers."""

from hub.store.tables import RegisterRow


def register_label(row: RegisterRow) -> str:
    """Return `123, quyển số 01/2026-SCTĐT/BS`: number, book, year, type code (NĐ 23/2015 Art. 13)."""
    return f"{row.number:02d}, quyển số {row.book_no:02d}/{row.year}-{row.book_code}"
