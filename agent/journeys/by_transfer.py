"""Paying by transfer: a VietQR code on the screen, and the hub's word that the money has come. The code proves nothing.

The hub knows of the order before the code is shown. What it tells of is taken into the books while the visit pays,
under the bank's own id; what comes later is left to the hub, where it stands on the list of refunds.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from agent.journeys.parts import Kiosk
from agent.journeys.values import Payment
from agent.ledger.journal import NoSuchVisit, Visit
from contract import vietqr
from contract.clock import Deadline
from contract.messages import (
    Rejected,
    ReplyEnvelope,
    RequestEnvelope,
    TransferAwaited,
    TransferFact,
    TransferNotice,
    TransferRequest,
    decode,
)

TRANSFER = "transfer"
STRAYS_LOOK_S = 5.0


class Code(Struct, frozen=True, kw_only=True):
    """What the screen shows: `payload` is the QR's text, the rest is for those who type."""

    payload: str
    reference: str
    amount_vnd: int
    bank_bin: str
    account: str
    account_name: str
    valid_until: datetime


def reference_of(visit: str) -> str:
    """Return what a transfer for this visit carries: sixteen letters and digits, sixty of the id's random bits."""
    return f"TRAM{visit[-12:]}"


async def offer(visit: Visit, kiosk: Kiosk, due_vnd: int, deadline: Deadline) -> None:
    """Announce an order for this sum to the hub, once; the code may be shown when the hub has answered."""
    valid_until = kiosk.clock.now() + timedelta(seconds=deadline.remaining_s)
    body = TransferRequest(reference=reference_of(visit.id), amount_vnd=due_vnd, valid_until=valid_until)
    await kiosk.link.request(f"{visit.id}/transfer/{due_vnd}", visit.id, body)


async def code(visit: str, kiosk: Kiosk, due_vnd: int) -> Code | Rejected | None:
    """Return the code for this sum, why there is none, or None as long as the hub has not answered."""
    for asked in await kiosk.ledger.outbox.asked(visit, TRANSFER):
        message = await kiosk.ledger.outbox.find(asked.id)
        order = decode(RequestEnvelope, message.payload).body if message and message.payload else None
        if isinstance(order, TransferRequest) and order.amount_vnd == due_vnd:
            body = decode(ReplyEnvelope, asked.reply).body if asked.reply else None
            if isinstance(body, TransferAwaited):
                return _code(order, body)
            return body if isinstance(body, Rejected) and body.final else None
    return None


async def book(visit: Visit, kiosk: Kiosk) -> None:
    """Take what the hub has told of into the visit's books, then answer."""
    for notice in await kiosk.ledger.inbox.open_for(visit.id):
        await kiosk.ledger.money.take_transfer(visit.id, _ref(notice), notice.amount_vnd)
        await _answer(kiosk, visit.id, notice, taken=True)


async def is_missed(visit: Visit, kiosk: Kiosk) -> bool:
    """Return whether a code was shown and no transfer came for it yet."""
    asked = await kiosk.ledger.outbox.asked(visit.id, TRANSFER)
    return bool(asked) and not await kiosk.ledger.money.came_by_transfer(visit.id)


async def answer_strays(kiosk: Kiosk) -> None:
    """Answer what no visit will take any more: it is the hub's."""
    for notice in await kiosk.ledger.inbox.open():
        message = await kiosk.ledger.outbox.find(notice.request)
        visit = message.visit if message else ""
        if await kiosk.ledger.money.is_booked(_ref(notice)):
            await _answer(kiosk, visit, notice, taken=True)
        elif await _is_over(kiosk, visit):
            await _answer(kiosk, visit, notice, taken=False)


async def answer_strays_for_ever(kiosk: Kiosk) -> None:
    """Look for such transfers until cancelled."""
    while True:
        await answer_strays(kiosk)
        await kiosk.clock.sleep(STRAYS_LOOK_S)


async def _is_over(kiosk: Kiosk, visit: str) -> bool:
    try:
        record = await kiosk.ledger.journal.visit(visit)
    except NoSuchVisit:
        return True
    return record.closed_at is not None or bool(await kiosk.ledger.journal.resume(record).recorded("pay", Payment))


async def _answer(kiosk: Kiosk, visit: str, notice: TransferNotice, *, taken: bool) -> None:
    fact = TransferFact(
        request=notice.request, transaction=notice.transaction, amount_vnd=notice.amount_vnd, taken=taken
    )
    await kiosk.link.tell(_ref(notice), visit, fact)
    await kiosk.ledger.inbox.close(notice.transaction)


def _ref(notice: TransferNotice) -> str:
    return f"transfer/{notice.transaction}"


def _code(order: TransferRequest, account: TransferAwaited) -> Code:
    transfer = vietqr.Transfer(
        bank_bin=account.bank_bin, account=account.account, amount_vnd=order.amount_vnd, reference=order.reference
    )
    return Code(
        payload=vietqr.payload(transfer),
        reference=order.reference,
        amount_vnd=order.amount_vnd,
        bank_bin=account.bank_bin,
        account=account.account,
        account_name=account.account_name,
        valid_until=order.valid_until,
    )
