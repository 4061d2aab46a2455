"""Transfers by VietQR: heard from the bank once, told to the kiosk whose order they name, or left to a person.

Where a transfer's money belongs is its row's state; a kiosk that takes it answers for it in its own books from then on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from contract.messages import TransferFact, TransferNotice, TransferRequest
from hub.faults import TransferContradiction, TransferNotToRefund, UnknownThing
from hub.rooms import Hub
from hub.store import audit, telling
from hub.store.tables import Kiosk, TransferOrder, TransferRow, TransferState

SILENT_AFTER = timedelta(days=1)
"""A kiosk that has not answered for so long is named on the list of refunds."""

BANK = "bank"
_REFERENCE = re.compile(r"(?=(TRAM[0-9A-HJKMNP-TV-Z]{12}))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A transfer as the bank tells of it; `memo` is what the payer's bank wrote beside it."""

    transaction: str
    amount_vnd: int
    memo: str
    booked_at: datetime
    body_sha256: str


class RefundReason(StrEnum):
    """Why no kiosk has a transfer in its books."""

    UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"
    NOT_TAKEN = "NOT_TAKEN"
    KIOSK_SILENT = "KIOSK_SILENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A line of the list of refunds."""

    transaction: str
    amount_vnd: int
    memo: str
    booked_at: datetime
    kiosk: str
    why: RefundReason


def announce(session: Session, kiosk: Kiosk, order_id: str, body: TransferRequest, now: datetime) -> bool:
    """Record a kiosk's order in the caller's transaction; return False where the id stands for another one."""
    known = session.get(TransferOrder, order_id)
    if known is not None:
        return (known.kiosk, known.reference, known.amount_vnd) == (kiosk.id, body.reference, body.amount_vnd)
    order = TransferOrder(
        id=order_id,
        kiosk=kiosk.id,
        reference=body.reference,
        amount_vnd=body.amount_vnd,
        valid_until=body.valid_until,
        received_at=now,
    )
    session.add(order)
    return True


def hear(hub: Hub, heard: Heard) -> TransferState:
    """Record a transfer once and return where it is; raise TransferContradiction where its id was told otherwise."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = session.get(TransferRow, heard.transaction)
        if row is None:
            row = _recorded(session, heard, now)
        elif row.body_sha256 != heard.body_sha256:
            raise TransferContradiction(f"The transfer {heard.transaction} was told of before with other words.")
        state = TransferState(row.state)
    hub.to_send.ring()
    return state


def due(hub: Hub) -> list[tuple[str, TransferNotice]]:
    """Return kiosk and notice of each transfer that is to be told now, and note when it is told again."""
    return telling.due(hub.database, TransferRow, hub.clock.now(), _notice)


def hurry(session: Session, kiosk: Kiosk, now: datetime) -> None:
    """Have everything told at once to a kiosk that has come back, in the caller's transaction."""
    for row in session.scalars(_of(kiosk).where(TransferRow.state == TransferState.AWAITING_KIOSK)):
        row.tell_at, row.told = now, 0


def note_answer(session: Session, kiosk: Kiosk, fact: TransferFact, now: datetime) -> bool:
    """Record in the caller's transaction what a kiosk did with a transfer; return False where it is not the kiosk's."""
    row = session.scalars(_of(kiosk).where(TransferRow.id == fact.transaction)).first()
    if row is None or row.order != fact.request:
        return False
    if row.state == TransferState.AWAITING_KIOSK:
        state = TransferState.TAKEN if fact.taken else TransferState.TO_REFUND
        row.state, row.tell_at = state, None
        row.memo = "" if fact.taken else row.memo
        act = audit.Act.TRANSFER_TAKEN if fact.taken else audit.Act.TRANSFER_TO_REFUND
        audit.append(session, at=now, who=kiosk.id, what=act, subject=row.id)
    return True


def to_refund(hub: Hub) -> list[Refund]:
    """Return what a person has to give back or to look after, oldest first."""
    now = hub.clock.now()
    with hub.database.reading() as session:
        return list(_refunds(session, now))


def refund(hub: Hub, transaction: str, officer: str, how: str) -> None:
    """Record that a person has given a transfer back; raise UnknownThing or TransferNotToRefund."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        row = session.get(TransferRow, transaction, with_for_update=True)
        if row is None:
            raise UnknownThing(f"There is no transfer {transaction}.")
        if (row.refunded_by, row.refunded_how) == (officer, how):
            return
        if not _is_a_persons(session, row):
            raise TransferNotToRefund(f"The transfer {transaction} is {row.state}.")
        row.state, row.tell_at, row.memo = TransferState.REFUNDED, None, ""
        row.refunded_at, row.refunded_by, row.refunded_how = now, officer, how
        audit.append(session, at=now, who=officer, what=audit.Act.TRANSFER_REFUNDED, subject=row.id)


def _recorded(session: Session, heard: Heard, now: datetime) -> TransferRow:
    order = _order(session, heard.memo)
    row = TransferRow(
        id=heard.transaction,
        body_sha256=heard.body_sha256,
        order=order.id if order else None,
        amount_vnd=heard.amount_vnd,
        memo=heard.memo,
        booked_at=heard.booked_at,
        received_at=now,
        state=TransferState.AWAITING_KIOSK if order else TransferState.TO_REFUND,
        tell_at=now if order else None,
        told=0,
    )
    session.add(row)
    audit.append(session, at=now, who=BANK, what=audit.Act.TRANSFER_HEARD, subject=row.id)
    return row


def _order(session: Session, memo: str) -> TransferOrder | None:
    """Return the newest order that the memo names; banks put words before and behind, and drop or add separators."""
    plain = re.sub(r"[^0-9A-Z]", "", memo.upper())
    for reference in _REFERENCE.findall(plain):
        named = select(TransferOrder).where(TransferOrder.reference == reference).order_by(TransferOrder.id.desc())
        if order := session.scalars(named).first():
            return order
    return None


def _notice(session: Session, row: TransferRow) -> tuple[str, TransferNotice]:
    order = session.get_one(TransferOrder, row.order)
    notice = TransferNotice(request=order.id, transaction=row.id, amount_vnd=row.amount_vnd, booked_at=row.booked_at)
    return order.kiosk, notice


def _of(kiosk: Kiosk) -> Select[TransferRow]:
    return (
        select(TransferRow)
        .join(TransferOrder, TransferOrder.id == TransferRow.order)
        .where(TransferOrder.kiosk == kiosk.id)
    )


def _refunds(session: Session, now: datetime) -> Iterator[Refund]:
    wanted = (TransferState.TO_REFUND, TransferState.AWAITING_KIOSK)
    rows = session.scalars(select(TransferRow).where(TransferRow.state.in_(wanted)).order_by(TransferRow.received_at))
    for row in rows:
        order = session.get(TransferOrder, row.order) if row.order else None
        waits = row.state == TransferState.AWAITING_KIOSK
        if waits and row.received_at + SILENT_AFTER > now and not _is_a_persons(session, row):
            continue
        yield Refund(
            transaction=row.id,
            amount_vnd=row.amount_vnd,
            memo=row.memo,
            booked_at=row.booked_at,
            kiosk=order.kiosk if order else "",
            why=_reason(waits=waits, named=order is not None),
        )


def _reason(*, waits: bool, named: bool) -> RefundReason:
    if waits:
        return RefundReason.KIOSK_SILENT
    return RefundReason.NOT_TAKEN if named else RefundReason.UNKNOWN_REFERENCE


def _is_a_persons(session: Session, row: TransferRow) -> bool:
    """Whether no kiosk can take it any more: it was refused, names none, or its kiosk is out of service for good."""
    if row.state != TransferState.AWAITING_KIOSK:
        return row.state == TransferState.TO_REFUND
    order = session.get_one(TransferOrder, row.order)
    return session.get_one(Kiosk, order.kiosk).revoked_at is not None
