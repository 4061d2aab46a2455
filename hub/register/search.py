"""Finding entries of the register: by number, name, title and day; with or without the marks of Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from contract.clock import VIETNAM
from hub.config import HubConfig
from hub.register import months
from hub.store.folding import folded
from hub.store.tables import AnnulmentRow, CopyExtension, Issue, RegisterRow, RegisterSearch

PAGE = 50
_AT_ONCE = 1_000  # databases bound the parameters of a statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for: `words` begin words of name or title, in any order; both days are inclusive; 0 is no year."""

    words: str = ""
    number: int = 0
    year: int = 0
    first_day: date | None = None
    last_day: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the book with its copy, and the number of the decision that annulled it (or empty).

    `level` is the present level of its signatures, empty before they are made.
    """

    row: RegisterRow
    copy_id: str
    annulled_by: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what was found, newest first, and how many there are."""

    entries: list[Entry]
    count: int
    page: int
    pages: int


def find(session: Session, config: HubConfig, wanted: Wanted) -> Found:
    """Return the page of the agency's entries that was asked for; the last one where there are fewer."""
    rows = _matching(config, wanted)
    count = session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = max(1, -(-count // PAGE))
    page = min(max(wanted.page, 1), pages)
    newest = rows.order_by(None).order_by(RegisterRow.year.desc(), RegisterRow.number.desc())
    shown = session.scalars(newest.limit(PAGE).offset((page - 1) * PAGE)).all()
    return Found(entries=with_copies(session, shown), count=count, page=page, pages=pages)


def with_copies(session: Session, rows: Sequence[RegisterRow]) -> list[Entry]:
    """Return rows with their copies and annulments, in the same order."""
    raised = select(CopyExtension.level).where(CopyExtension.copy_id == Issue.copy_id).limit(1).scalar_subquery()
    level = func.coalesce(raised, Issue.level)
    joined = select(Issue.register_row, Issue.copy_id, AnnulmentRow.decision_no, level).outerjoin(
        AnnulmentRow, AnnulmentRow.copy_id == Issue.copy_id
    )
    copies: dict[str, tuple[str, str | None, str | None]] = {}
    for at in range(0, len(rows), _AT_ONCE):
        ids = [row.id for row in rows[at : at + _AT_ONCE]]
        found = session.execute(joined.where(Issue.register_row.in_(ids)))
        copies.update({row: (copy, decision, level) for row, copy, decision, level in found})
    return [_entry(row, *copies[row.id]) for row in rows]


def _entry(row: RegisterRow, copy_id: str, decision: str | None, level: str | None) -> Entry:
    return Entry(row=row, copy_id=copy_id, annulled_by=decision or "", level=level or "")


def _matching(config: HubConfig, wanted: Wanted) -> Select[RegisterRow]:
    rows = months.book(config)
    if wanted.number:
        rows = rows.where(RegisterRow.number == wanted.number)
    if wanted.year:
        rows = rows.where(RegisterRow.year == wanted.year)
    if wanted.first_day:
        rows = rows.where(RegisterRow.at >= _midnight(wanted.first_day))
    if wanted.last_day:
        rows = rows.where(RegisterRow.at < _midnight(wanted.last_day + timedelta(days=1)))
    if words := folded(wanted.words).split():
        rows = rows.join(RegisterSearch, RegisterSearch.row == RegisterRow.id)
        rows = rows.where(*(RegisterSearch.words.contains(f" {word}", autoescape=True) for word in words))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)
