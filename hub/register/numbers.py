"""Allotting a register number: row, log leaf and issue in the caller's transaction (R7).

The numbers of an agency's book code run from 01 without gaps from New Year to 31 December, Vietnam time, across the
books of the year (NĐ 23/2015 Art. 13). One original at one moment has one number, however many copies are made of it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from contract import messages
from contract.clock import VIETNAM
from contract.ids import new_ulid
from contract.messages import CertifyRequest, LegalMode, RequestEnvelope
from hub.config import HubConfig
from hub.faults import ClockWentBack, ImagesPurged
from hub.log import leaves
from hub.log.leaves import Record
from hub.register import legal_notes
from hub.store import audit, counters
from hub.store.folding import beginnings
from hub.store.tables import (
    Issue,
    IssueState,
    Kiosk,
    Officer,
    RegisterRow,
    RegisterSearch,
    RequestRow,
    YearClosing,
)

NUMBERS_PER_BOOK = 5_000
_ON_THE_COPY = ("agency", "book_code", "year", "number", "book_no", "signer_name", "signer_title", "at")


def allot(session: Session, config: HubConfig, request: RequestRow, officer: Officer, now: datetime) -> Issue:
    """Enter the approved request in the register and return its issue, which now waits to be signed."""
    body = certify_body(request)
    copy_id = new_ulid(now)
    row = _register_row(session, config, body, officer, now)
    index = leaves.append(session, leaves.LeafKind.ISSUE, copy_id, log_record(copy_id, row, request.draft_sha256))
    note = legal_notes.sentence(LegalMode(request.legal_mode), session.get_one(Kiosk, request.kiosk).legal_decision)
    issue = Issue(
        copy_id=copy_id,
        request=request.id,
        register_row=row.id,
        log_index=index,
        document_kind=body.kind,
        pages_of_original=body.pages,
        legal_note=note,
        issued_at=row.at,
        state=IssueState.ALLOTTED,
    )
    session.add(issue)
    subject = f"{request.id} {copy_id}"
    audit.append(session, at=now, who=officer.login, what=audit.Act.NUMBER_ALLOTTED, subject=subject)
    return issue


def series(config: HubConfig, year: int) -> str:
    """Return what the counter of a year's numbers is called."""
    return f"register/{config.agency.code}/{config.book_code}/{year}"


def certify_body(request: RequestRow) -> CertifyRequest:
    """Return what the kiosk asked; raise ImagesPurged where it is no longer kept (R13)."""
    if request.body is None:
        raise ImagesPurged(f"What was read from paper {request.id} is no longer kept.")
    body = messages.decode(RequestEnvelope, request.body).body
    assert isinstance(body, CertifyRequest)
    return body


def _register_row(
    session: Session, config: HubConfig, body: CertifyRequest, officer: Officer, now: datetime
) -> RegisterRow:
    year = now.astimezone(VIETNAM).year
    _require_open(session, year)
    number = counters.take(session, series(config, year), first=1)
    row = RegisterRow(
        id=new_ulid(now),
        agency=config.agency.code,
        book_code=config.book_code,
        year=year,
        number=number,
        book_no=1 + (number - 1) // NUMBERS_PER_BOOK,
        requester_name=body.requester_name,
        title=body.title,
        signer_name=officer.name,
        signer_title=officer.title,
        copies=body.copies,
        fee_vnd=body.quote.state_fee_vnd - body.quote.exemption_vnd,
        note="Bản sao điện tử" if body.electronic else "",
        at=now.replace(microsecond=0),
    )
    session.add(row)
    session.flush()
    session.add(RegisterSearch(row=row.id, words=beginnings(f"{row.requester_name} {row.title}")))
    return row


def _require_open(session: Session, year: int) -> None:
    if session.get(YearClosing, year) is not None:
        raise ClockWentBack(f"The hub's clock stands in {year}, but the book of {year} is closed.")


def log_record(copy_id: str, row: RegisterRow, draft_sha256: str) -> Record:
    """Return what the leaf of an issue stands for; the holder is told what copy and seal say anyway."""
    columns = {column.key: getattr(row, column.key) for column in RegisterRow.__table__.columns}
    public = {name: columns.pop(name) for name in _ON_THE_COPY}
    return Record(public={"copy_id": copy_id, "draft_sha256": draft_sha256, **public}, private=columns)
