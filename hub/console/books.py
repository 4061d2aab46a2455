"""The register as a book: search, months printed to be bound, the closed year, the proof that images are gone.

What is searched for stands in the body of the call, since names have no place in an address.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from contract.clock import VIETNAM
from hub.console.access import Bookkeeper, ServedHub, allowed
from hub.console.media import Csv, Pdf
from hub.console.roles import Permit
from hub.register import bound_book, months, purge_proof, search
from hub.register.labels import register_label
from hub.register.search import Entry
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Officer, RegisterRow

router = APIRouter(prefix="/api")

KeeperOfBooks = Annotated[Officer, Depends(allowed(Permit.KEEP_BOOKS))]
Year = Annotated[int, Path(ge=2000, le=2999)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
"""Days before the first and after the last can't be reckoned with."""

Month = Annotated[int, Path(ge=1, le=12)]
_COLUMNS = (
    "number", "book_no", "year", "book_code", "at", "requester_name", "title", "signer_name", "signer_title", "copies",
    "fee_vnd", "note",
)  # fmt: skip


class SearchForm(BaseModel):
    """See `hub.register.search.Wanted`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Annotated[str, Field(max_length=200, repr=False)] = ""
    number: Annotated[int, Field(ge=0, le=10**9)] = 0
    year: Annotated[int, Field(ge=0, le=2999)] = 0
    first_day: Day | None = None
    last_day: Day | None = None
    page: Annotated[int, Field(ge=1, le=10**6)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry of the register; `annulled_by` is the number of the decision, or empty."""

    label: str
    copy_id: str
    requester_name: str
    title: str
    signer_name: str
    copies: int
    fee_vnd: int
    at: datetime
    annulled_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLines:
    """One page of what was found, and how many entries and pages there are."""

    entries: list[EntryLine]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedMonth:
    """A month that is bound: its pages of the year's book."""

    year: int
    month: int
    first_page: int
    pages: int
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedYear:
    """A closed year with its totals."""

    year: int
    entries: int
    copies: int
    fee_vnd: int
    annulled: int
    pages: int
    closed_at: datetime


@router.post("/register/search")
def find(hub: ServedHub, officer: Bookkeeper, form: SearchForm) -> FoundLines:
    """Return entries by words of name and title, number, year and days; the search is recorded, its words are not."""
    found = searched(hub, officer, form)
    lines = [_line(each) for each in found.entries]
    return FoundLines(entries=lines, count=found.count, page=found.page, pages=found.pages)


@router.get("/register/{year}.csv", response_class=Csv)
def year_csv(hub: ServedHub, officer: Bookkeeper, year: Year) -> Response:
    """Return a year's book with all its columns."""
    with hub.database.writing() as session:
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.REGISTER_READ, subject=str(year))
        rows = session.scalars(months.book(hub.config).where(RegisterRow.year == year)).all()
        entries = search.with_copies(session, rows)
    lines = [(*(_text(getattr(each.row, name)) for name in _COLUMNS), each.annulled_by) for each in entries]
    return csv_answer([*_COLUMNS, "annulled_by"], lines)


@router.get("/register/{year}/{month}.pdf", response_class=Pdf)
def month_pdf(hub: ServedHub, officer: Bookkeeper, year: Year, month: Month) -> Response:
    """Return a month to be printed and bound: the kept file once it is printed, before that as it would be now."""
    with hub.database.writing() as session:
        subject = f"{year}-{month:02d}"
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.REGISTER_READ, subject=subject)
    return Pdf(bound_book.pdf(hub, year, month))


@router.post("/register/{year}/{month}/print", status_code=201)
def mark_printed(hub: ServedHub, officer: KeeperOfBooks, year: Year, month: Month) -> PrintedMonth:
    """Keep the month's pages for ever; 409 while it or something in it is open, or where it is bound already."""
    row = bound_book.mark_printed(hub, officer.login, year, month)
    return PrintedMonth(**{name: getattr(row, name) for name in PrintedMonth.__slots__})


@router.post("/register/{year}/closing", status_code=201)
def close_year(hub: ServedHub, officer: KeeperOfBooks, year: Year) -> ClosedYear:
    """Close a year's book with its totals; 409 while something of it is open."""
    row = bound_book.close_year(hub, officer.login, year)
    return ClosedYear(**{name: getattr(row, name) for name in ClosedYear.__slots__})


@router.post("/purge-proof")
def purge(hub: ServedHub, officer: Bookkeeper) -> purge_proof.Proof:
    """Look through the folders and return the files that should be gone (R13): none, where all is right."""
    return purge_proof.prove(hub, officer.login)


def searched(hub: Hub, officer: Officer, form: SearchForm) -> search.Found:
    """Return what was found; that somebody searched is recorded."""
    with hub.database.writing() as session:
        audit.append(session, at=hub.clock.now(), who=officer.login, what=audit.Act.REGISTER_READ, subject="search")
        return search.find(session, hub.config, search.Wanted(**form.model_dump()))


def csv_answer(columns: list[str], lines: list[tuple[object, ...]]) -> Response:
    """Return a CSV file (RFC 4180, UTF-8 with a mark, so that spreadsheets read Vietnamese)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([[_inert(value) for value in line] for line in lines])
    return Csv("\ufeff" + text.getvalue())


def _inert(value: object) -> object:
    """Keep a spreadsheet from taking what a citizen wrote for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _text(value: object) -> object:
    return value.astimezone(VIETNAM).isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _line(entry: Entry) -> EntryLine:
    names = ("requester_name", "title", "signer_name", "copies", "fee_vnd", "at")
    picked = {name: getattr(entry.row, name) for name in names}
    return EntryLine(label=register_label(entry.row), copy_id=entry.copy_id, annulled_by=entry.annulled_by, **picked)
