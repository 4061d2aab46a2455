"""What kiosks ask: certify a draft, send a tail again, take a voucher, await a transfer."""

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contract import topics
from contract.destinations import Channel, channel_of
from contract.ids import sha256_hex
from contract.messages import (
    CertifyRequest,
    CollectRequest,
    Redeemed,
    RedeemRequest,
    RequestEnvelope,
    Sending,
    TransferAwaited,
    TransferRequest,
)
from contract.topics import BLOB_CHUNK_BYTES
from hub.faults import VoucherFault
from hub.fleet import catalogue
from hub.intake import answers, drafts
from hub.intake.answers import Outgoing
from hub.intake.refusals import (
    DraftHash,
    LegalModeMismatch,
    Malformed,
    NoPost,
    NoTransfers,
    ReplayedId,
    TailPurged,
    TailUnknown,
    TooManyOpen,
    VoucherRefused,
)
from hub.register import identity, transfers, vouchers
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Issue, Kiosk, RequestRow, RequestState

MAX_OPEN_PER_KIOSK = 20
CERTIFY, COLLECT, REDEEM, TRANSFER = "certify", "collect", "redeem", "transfer"
LONGEST_KIND = 24
_KIND = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*")


def certify(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope, payload: bytes) -> list[Outgoing]:
    """Record the request once and return the answer it has now.

    Raises ReplayedId, LegalModeMismatch, TooManyOpen; then nothing was recorded.
    """
    with hub.database.writing() as session:
        request = session.get(RequestRow, envelope.id)
        if request is None:
            request = _recorded(session, hub, kiosk, envelope, payload)
        elif (request.kiosk, request.body_sha256) != (kiosk.id, sha256_hex(payload)):
            raise ReplayedId(f"The id {envelope.id} was used before for another request.")
    return answer(hub, request.id)


def answer(hub: Hub, request_id: str) -> list[Outgoing]:
    """Return the messages that tell a kiosk how its request stands, taking the draft in if it has become whole."""
    told: list[Outgoing] = []
    with hub.database.reading() as session:
        kiosk = session.get_one(RequestRow, request_id).kiosk
    try:
        drafts.complete(hub, request_id)
    except DraftHash as refusal:
        told.append(answers.reply(hub.clock, kiosk, CERTIFY, request_id, refusal.as_reply()))
    with hub.database.reading() as session:
        request = session.get_one(RequestRow, request_id)
        body = answers.current(session, request, hub.chunks, hub.config.agency)
    return [*told, answers.reply(hub.clock, kiosk, CERTIFY, request_id, body)]


def collect(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope) -> list[Outgoing]:
    """Return the chunks that were asked for, of a tail or of the catalogue, then how many.

    Raise ReplayedId, TailUnknown, TailPurged.
    """
    body = envelope.body
    assert isinstance(body, CollectRequest)
    with hub.database.reading() as session:
        if session.get(RequestRow, envelope.id) is not None:
            raise ReplayedId(f"The id {envelope.id} was used before for another request.")
        tail = _asked_for(session, hub, kiosk, body)
    wanted = [n for n in dict.fromkeys(body.missing) if 0 <= n < body.blob.chunks]
    chunks = [
        Outgoing(
            topic=topics.down(kiosk.id, "blob", body.blob.sha256, n),
            payload=tail[n * BLOB_CHUNK_BYTES : (n + 1) * BLOB_CHUNK_BYTES],
        )
        for n in wanted
    ]
    return [*chunks, answers.reply(hub.clock, kiosk.id, COLLECT, envelope.id, Sending(chunks=len(chunks)))]


def redeem(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope) -> list[Outgoing]:
    """Return that the voucher is this request's; raise VoucherRefused."""
    body = envelope.body
    assert isinstance(body, RedeemRequest)
    try:
        paid = vouchers.redeem(hub, body.code, vouchers.Payee(name=kiosk.id, key=envelope.id))
    except VoucherFault as fault:
        raise VoucherRefused(fault) from fault
    said = Redeemed(voucher=paid.voucher_id, amount_vnd=paid.amount_vnd)
    return [answers.reply(hub.clock, kiosk.id, REDEEM, envelope.id, said)]


def transfer(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope) -> list[Outgoing]:
    """Record the order and return the account that it is paid to; raise NoTransfers or ReplayedId."""
    body, bank = envelope.body, hub.config.bank
    assert isinstance(body, TransferRequest)
    if bank is None:
        raise NoTransfers("The hub takes no transfers.")
    with hub.database.writing() as session:
        if not transfers.announce(session, kiosk, envelope.id, body, hub.clock.now()):
            raise ReplayedId(f"The id {envelope.id} was used before for another order.")
    said = TransferAwaited(bank_bin=bank.bank_bin, account=bank.account, account_name=bank.account_name)
    return [answers.reply(hub.clock, kiosk.id, TRANSFER, envelope.id, said)]


def _recorded(session: Session, hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope, payload: bytes) -> RequestRow:
    body = envelope.body
    assert isinstance(body, CertifyRequest)
    _require_sealable(body)
    _require_mode(kiosk, body)
    _require_room(session, kiosk)
    _require_sendable(hub, body)
    now = hub.clock.now()
    request = RequestRow(
        id=envelope.id,
        kiosk=kiosk.id,
        kind=body.kind,
        body_sha256=sha256_hex(payload),
        body=payload,
        state=RequestState.COLLECTING,
        draft_sha256=body.draft.sha256,
        draft_bytes=body.draft.size_bytes,
        pages=body.pages,
        legal_mode=body.legal_mode,
        priority=body.priority,
        received_at=now,
    )
    session.add(request)
    session.flush()
    identity.announce(session, request.id, body.identity)
    audit.append(session, at=now, who=kiosk.id, what=audit.Act.RECEIVED, subject=envelope.id)
    return request


def _require_sealable(body: CertifyRequest) -> None:
    if len(body.kind) > LONGEST_KIND or not _KIND.fullmatch(body.kind):
        raise Malformed(f"The document kind {body.kind!r} is no code that can stand in a seal (A–Z, 0–9, _).")


def _require_mode(kiosk: Kiosk, body: CertifyRequest) -> None:
    if body.legal_mode is not kiosk.mode:
        raise LegalModeMismatch(f"{kiosk.id} is enrolled as {kiosk.mode}, its request says {body.legal_mode}.")


def _require_sendable(hub: Hub, body: CertifyRequest) -> None:
    """Refuse what was paid for and can't be done; an e-mail that can't be sent stops nobody (hub/delivery)."""
    asked = [channel_of(each) for each in body.deliver_to]
    if len(set(asked)) < len(asked):
        raise Malformed("The copy is to be sent twice in the same way.")
    if Channel.POST in asked and hub.config.post is None:
        raise NoPost("The hub posts no copies.")
    if Channel.POST in asked and not body.copies:
        raise Malformed("The copy is to be posted, and none is ordered on paper.")


def _require_room(session: Session, kiosk: Kiosk) -> None:
    open_drafts = select(func.count()).where(RequestRow.kiosk == kiosk.id, RequestRow.state == RequestState.COLLECTING)
    if (session.scalar(open_drafts) or 0) >= MAX_OPEN_PER_KIOSK:
        raise TooManyOpen(f"{kiosk.id} has {MAX_OPEN_PER_KIOSK} drafts that are not whole yet.")


def _asked_for(session: Session, hub: Hub, kiosk: Kiosk, body: CollectRequest) -> bytes:
    package = catalogue.published(hub.config.data_dir)
    if package and sha256_hex(package) == body.blob.sha256:
        return package
    named = select(Issue).join(RequestRow, RequestRow.id == Issue.request)
    issue = session.scalars(named.where(RequestRow.kiosk == kiosk.id, Issue.tail_sha256 == body.blob.sha256)).first()
    if issue is None or issue.tail_bytes != body.blob.size_bytes:
        raise TailUnknown(f"{kiosk.id} has no copy whose tail is {body.blob.sha256} with {body.blob.size_bytes} bytes.")
    tail = hub.tails.get(body.blob.sha256)
    if issue.tail_purged_at is not None or tail is None:
        raise TailPurged(f"The tail {body.blob.sha256} was destroyed after the copy had been handed over.")
    return tail
