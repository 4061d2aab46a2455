"""From the register to the bound book (NĐ 23/2015 Art. 13, R12): a month printed once, and the year closed.

A month is printed after it has ended and nothing in it waits for its signature, each month after the one before: so
pages are consecutive over the year and totals can be carried over. The file is kept as it was printed; a copy that is
annulled later is noted in the month that is printed next.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contract.clock import VIETNAM
from hub.config import HubConfig
from hub.faults import AlreadyPrinted, BookStillOpen, UnknownThing
from hub.register import book_pdf, months
from hub.register.book_pdf import Month, Totals
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import AnnulmentRow, Issue, IssueState, MonthPrint, RegisterRow, YearClosing


@dataclass(frozen=True, slots=True, kw_only=True)
class BookMonth:
    """A month with entries: how many, and its print (None: not printed yet)."""

    month: int
    entries: int
    printed: MonthPrint | None


def of_year(session: Session, config: HubConfig, year: int) -> list[BookMonth]:
    """Return the months of a year that have entries."""
    counts: dict[int, int] = {}
    for at in session.scalars(months.book(config).with_only_columns(RegisterRow.at).where(RegisterRow.year == year)):
        month = at.astimezone(VIETNAM).month
        counts[month] = counts.get(month, 0) + 1
    return [
        BookMonth(month=month, entries=entries, printed=session.get(MonthPrint, (year, month)))
        for month, entries in sorted(counts.items())
    ]


def pdf(hub: Hub, year: int, month: int) -> bytes:
    """Return the month as it was printed, or as it would be printed now; raise UnknownThing where it has no entry."""
    with hub.database.reading() as session:
        printed = session.get(MonthPrint, (year, month))
        if printed is not None:
            return printed.pdf
        content = _content(session, hub.config, year, month, hub.clock.now())
    return book_pdf.draw(content).pdf


def mark_printed(hub: Hub, login: str, year: int, month: int) -> MonthPrint:
    """Keep the month's pages for ever, as they are now; raise UnknownThing, AlreadyPrinted, BookStillOpen."""
    now = hub.clock.now()
    with hub.database.reading() as session:
        _require_printable(session, hub.config, year, month, now)
        content = _content(session, hub.config, year, month, now)
    drawn = book_pdf.draw(content)  # seconds for a thousand entries: nobody waits for it
    with hub.database.writing() as session:
        _require_printable(session, hub.config, year, month, now)
        if _substance(_content(session, hub.config, year, month, now)) != _substance(content):
            raise BookStillOpen("A copy was annulled while the pages were drawn.")
        row = MonthPrint(
            year=year,
            month=month,
            first_page=content.first_page,
            pages=drawn.pages,
            entries=len(content.entries),
            pdf=drawn.pdf,
            printed_by=login,
            printed_at=now,
        )
        session.add(row)
        audit.append(session, at=now, who=login, what=audit.Act.MONTH_PRINTED, subject=f"{year}-{month:02d}")
    return row


def close_year(hub: Hub, login: str, year: int) -> YearClosing:
    """Close the book of a year with its totals; raise UnknownThing, AlreadyPrinted, BookStillOpen."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        if session.get(YearClosing, year) is not None:
            raise AlreadyPrinted(f"The book of {year} was closed before.")
        if now < months.bounds(year, 12)[1]:
            raise BookStillOpen(f"The year {year} is not over.")
        _require_signed(session, hub.config, year, months.bounds(year, 12)[1])
        _require_all_printed(session, hub.config, year)
        totals, annulled = _totals(session, hub.config, year, 13), _annulled(session, year)
        closing = YearClosing(
            year=year,
            entries=totals.entries,
            copies=totals.copies,
            fee_vnd=totals.fee_vnd,
            annulled=annulled,
            pages=_pages(session, year),
            closed_by=login,
            closed_at=now,
        )
        session.add(closing)
        audit.append(session, at=now, who=login, what=audit.Act.YEAR_CLOSED, subject=str(year))
    return closing


def _require_printable(session: Session, config: HubConfig, year: int, month: int, now: datetime) -> None:
    if session.get(MonthPrint, (year, month)) is not None:
        raise AlreadyPrinted(f"The month {month:02d}/{year} was printed before.")
    first, after = months.bounds(year, month)
    if now < after:
        raise BookStillOpen(f"The month {month:02d}/{year} is not over.")
    _require_signed(session, config, year, after)
    for each in of_year(session, config, year):
        if each.month < month and each.printed is None:
            raise BookStillOpen(f"The month {each.month:02d}/{year} is not printed yet.")
    if later := session.scalar(select(MonthPrint.month).where(MonthPrint.year == year, MonthPrint.month > month)):
        raise BookStillOpen(f"The month {later:02d}/{year} is bound already; {first:%m/%Y} can't come before it.")


def _require_signed(session: Session, config: HubConfig, year: int, before: datetime) -> None:
    rows = months.book(config).where(RegisterRow.year == year, RegisterRow.at < before)
    waiting = rows.join(Issue, Issue.register_row == RegisterRow.id).where(Issue.state == IssueState.ALLOTTED)
    if row := session.scalars(waiting.limit(1)).first():
        raise BookStillOpen(f"Number {register_label(row)} is not signed yet.")


def _require_all_printed(session: Session, config: HubConfig, year: int) -> None:
    book = of_year(session, config, year)
    if not book:
        raise UnknownThing(f"The book of {year} has no entry.")
    for each in book:
        if each.printed is None:
            raise BookStillOpen(f"The month {each.month:02d}/{year} is not printed yet.")


def _content(session: Session, config: HubConfig, year: int, month: int, now: datetime) -> Month:
    rows = session.scalars(months.of_month(config, year, month)).all()
    if not rows:
        raise UnknownThing(f"The month {month:02d}/{year} has no entry.")
    annulled = _annulments(session)
    return Month(
        agency=config.agency.name,
        book_code=config.book_code,
        year=year,
        month=month,
        entries=[(row, _note(row, annulled.get(row.id))) for row in rows],
        later_notes=_later_notes(session, config, year, month),
        before=_totals(session, config, year, month),
        first_page=_pages(session, year) + 1,
        made_at=now,
    )


def _substance(content: Month) -> object:
    entries = [(row.id, note) for row, note in content.entries]
    return entries, list(content.later_notes), content.before, content.first_page


def _note(row: RegisterRow, annulment: AnnulmentRow | None) -> str:
    if annulment is None:
        return row.note
    day = f"{annulment.at.astimezone(VIETNAM):%d/%m/%Y}"
    return f"{row.note}{'. ' if row.note else ''}Đã hủy bỏ theo QĐ số {annulment.decision_no} ngày {day}"


def _annulments(session: Session) -> dict[str, AnnulmentRow]:
    joined = select(Issue.register_row, AnnulmentRow).join(AnnulmentRow, AnnulmentRow.copy_id == Issue.copy_id)
    return {row: annulment for row, annulment in session.execute(joined)}


def _later_notes(session: Session, config: HubConfig, year: int, month: int) -> list[str]:
    """Return a note for each copy of an earlier page that was annulled after the last print."""
    last = session.scalar(select(func.max(MonthPrint.printed_at)))
    if last is None:
        return []
    annulled = _annulments(session)
    earlier = months.book(config).where(RegisterRow.at < months.bounds(year, month)[0])
    rows = session.scalars(earlier.where(RegisterRow.id.in_(annulled))).all()
    return [f"số {register_label(row)}: {_note(row, annulled[row.id])}." for row in rows if annulled[row.id].at > last]


def _totals(session: Session, config: HubConfig, year: int, month: int) -> Totals:
    rows = months.book(config).where(RegisterRow.year == year)
    if month <= 12:
        rows = rows.where(RegisterRow.at < months.bounds(year, month)[0])
    totals = Totals()
    for row in session.scalars(rows):
        totals = totals.plus(row)
    return totals


def _pages(session: Session, year: int) -> int:
    return session.scalar(select(func.sum(MonthPrint.pages)).where(MonthPrint.year == year)) or 0


def _annulled(session: Session, year: int) -> int:
    rows = select(func.count()).select_from(AnnulmentRow).join(Issue, Issue.copy_id == AnnulmentRow.copy_id)
    rows = rows.join(RegisterRow, RegisterRow.id == Issue.register_row)
    return session.scalar(rows.where(RegisterRow.year == year)) or 0
