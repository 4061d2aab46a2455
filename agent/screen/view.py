"""What the screen shows of a visit, worked out from the ledger alone, so that it is true after a restart too."""

from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from agent.journeys import sentences
from agent.journeys.away import LEAVING_SLIP, is_gone, may_leave, promised_at
from agent.journeys.cashier import REDEEM
from agent.journeys.certify import CERTIFY
from agent.journeys.check import JUDGED
from agent.journeys.endings import Ending, Parted
from agent.journeys.links import address_of
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import DIGITISE
from agent.journeys.slips import together, without_slips
from agent.journeys.values import Checked, Order, Paper
from agent.ledger.journal import StepRecord, VisitRecord
from agent.ledger.money import Balance
from agent.screen.dossier import DossierView, dossier_view
from agent.screen.identity import IdentityView, identity_view
from agent.screen.paying import PayView, pay_view
from agent.screen.ticket import TicketView, ticket_view
from contract.clock import VIETNAM
from contract.messages import Certified, Judged, QuoteLine, Rejected, ReplyEnvelope, Waiting, decode

T = TypeVar("T")


class VisitView(Struct, frozen=True, kw_only=True):
    """One visit's screen: where it stands, what the citizen reads, what it costs, and at the end what became of it.

    `order` is there while the visit is open, `download_url` where the electronic copy waits for a phone. `is_away` says
    that the citizen left with a slip, `promised_at` what that slip promises, `may_leave` whether there is one.
    """

    visit: str
    journey: str
    step: str
    vi: str
    en: str
    since: datetime
    opened_at: datetime
    closed_at: datetime | None
    paper: Paper | None
    quote: QuoteLine | None
    balance: Balance
    request: str | None
    certified: Certified | None
    ending: Ending | None
    notice: tuple[str, str] | None
    pay: PayView | None
    identity: IdentityView | None
    order: Order | None
    download_url: str
    is_away: bool
    may_leave: bool
    promised_at: datetime | None
    judged: Judged | None
    ticket: TicketView | None
    dossier: DossierView | None


class StepLine(Struct, frozen=True, kw_only=True):
    """One step in the report; `seconds` is None while it runs."""

    name: str
    began_at: datetime
    seconds: float | None


class ReportView(Struct, frozen=True, kw_only=True):
    """The times and bytes of a visit; bytes are MQTT topics and payloads."""

    visit: str
    steps: list[StepLine]
    bytes_up: int
    bytes_down: int
    ending: Ending | None


async def view(kiosk: Kiosk, visit: str) -> VisitView:
    """Return a visit's screen; raise NoSuchVisit."""
    record = await kiosk.ledger.journal.visit(visit)
    steps = await kiosk.ledger.journal.steps(visit)
    request = _last(steps, "ask ", str)
    reply = _last(steps, "officer ", ReplyEnvelope)
    vi, en = await _sentence(kiosk, record, steps, request)
    quote, balance = _last(steps, "quote", QuoteLine), await kiosk.ledger.money.balance(visit)
    pays = quote is not None and not record.closed_at and _is_paying(steps)
    return VisitView(
        visit=visit,
        journey=record.journey,
        step="end" if record.closed_at else "pay" if pays else _current(steps),
        vi=vi,
        en=en,
        since=record.closed_at or (steps[-1].began_at if steps else record.opened_at),
        opened_at=record.opened_at,
        closed_at=record.closed_at,
        paper=_last(steps, "read ", Paper),
        quote=quote,
        balance=balance,
        request=request,
        certified=reply.body if reply and isinstance(reply.body, Certified) else None,
        ending=_ending(record),
        notice=await _notice(kiosk, visit) if pays else None,
        pay=await pay_view(kiosk, visit, _due_vnd(quote, balance)) if pays and quote else None,
        ticket=await ticket_view(kiosk, record, steps),
        judged=checked.judged if (checked := _last(steps, JUDGED, Checked)) else None,
        dossier=dossier_view(record, steps) if record.journey == DIGITISE else None,
        identity=None if record.closed_at else identity_view(kiosk.identity, visit, steps),
        order=_order(record),
        download_url=await address_of(kiosk.ledger.spool(visit)) if reply else "",
        is_away=not record.closed_at and is_gone(steps),
        may_leave=may_leave(kiosk),
        promised_at=await promised_at(kiosk, request) if request and not record.closed_at else None,
    )


async def _notice(kiosk: Kiosk, visit: str) -> tuple[str, str] | None:
    """Return what the hub said of the last voucher held out, if it was refused or is not answered yet."""
    asked = await kiosk.ledger.outbox.asked(visit, REDEEM)
    if not asked:
        return None
    if not asked[-1].reply:
        return sentences.VOUCHER_ASKED
    body = decode(ReplyEnvelope, asked[-1].reply).body
    return sentences.voucher_refused(body.code) if isinstance(body, Rejected) else None


async def report(kiosk: Kiosk, visit: str) -> ReportView:
    """Return a visit's times and bytes; raise NoSuchVisit."""
    record = await kiosk.ledger.journal.visit(visit)
    live = kiosk.link.traffic.seen(visit)
    steps = await kiosk.ledger.journal.steps(visit)
    return ReportView(
        visit=visit,
        steps=[StepLine(name=step.name, began_at=step.began_at, seconds=step.seconds) for step in steps],
        bytes_up=record.bytes_up + live.up,
        bytes_down=record.bytes_down + live.down,
        ending=_ending(record),
    )


async def _sentence(kiosk: Kiosk, record: VisitRecord, steps: list[StepRecord], request: str | None) -> tuple[str, str]:
    if ending := _ending(record):
        return ending.vi, ending.en
    current = _current(steps)
    if is_gone(steps):
        slips = [step.name for step in steps if step.name.startswith(LEAVING_SLIP)]
        visit = kiosk.ledger.journal.resume(record)
        return together(sentences.LEFT, await without_slips(visit, *slips[-1:]))
    if current.startswith(("ask ", "officer ", "collect", "fetch", "send ", "filed ")) and not kiosk.link.status.online:
        return sentences.OFFLINE
    if current.startswith("officer ") and request:
        reply, _final = await kiosk.ledger.outbox.reply(request)
        if reply is None:  # the hub has not said yet that it has the request
            return sentences.of_step("ask")
        if isinstance(body := decode(ReplyEnvelope, reply).body, Waiting):
            return sentences.waiting(body.position, f"{body.promised_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}")
    return sentences.of_step(current)


def _order(record: VisitRecord) -> Order | None:
    is_open = record.journey == CERTIFY and not record.closed_at
    return msgspec.json.decode(record.wish, type=Order) if is_open else None


def _is_paying(steps: list[StepRecord]) -> bool:
    return any(step.name == "pay" and step.ended_at is None for step in steps) and not _last(steps, "part", Parted)


def _due_vnd(quote: QuoteLine, balance: Balance) -> int:
    return max(0, quote.total_vnd - balance.received_vnd + balance.unknown_vnd)


def _current(steps: list[StepRecord]) -> str:
    return next((step.name for step in reversed(steps) if step.ended_at is None), "next")


def _last(steps: list[StepRecord], prefix: str, kind: type[T]) -> T | None:
    found = [step.result for step in steps if step.name.startswith(prefix) and step.result is not None]
    return msgspec.json.decode(found[-1], type=kind) if found else None


def _ending(record: VisitRecord) -> Ending | None:
    return msgspec.json.decode(record.ending, type=Ending) if record.ending else None
