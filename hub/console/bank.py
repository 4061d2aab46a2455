"""The bank's desk: its adapter tells of transfers here, each word signed; and the list of what a person gives back.

`POST /bank/transfers`, signed as hub.signed_word asks; the same transfer may be told again and again.
"""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from contract.ids import sha256_hex
from contract.messages import BankId, Message, Moment, PaidVnd, Sentence
from hub import signed_word
from hub.config import BankConfig
from hub.console.access import Cashier, ServedHub
from hub.faults import BankNotKnown, BankWordMalformed, BankWordStale, BankWordUnsigned
from hub.register import transfers
from hub.register.transfers import Heard, Refund
from hub.rooms import Hub

router = APIRouter()


class BankTransfer(Message, frozen=True, kw_only=True):
    """The body: `transaction` is the bank's own id, `account` the one that was credited."""

    transaction: BankId
    account: Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z]{1,19}$")]
    amount_vnd: PaidVnd
    memo: Sentence
    booked_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The transfer is in the hub's books; `state` says where its money is."""

    transaction: str
    state: str


class RefundForm(BaseModel):
    """How it was given back: by which transfer, voucher or receipt."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    how: Annotated[str, Field(min_length=3, max_length=500)]


_WORD = msgspec.json.schema(BankTransfer)["$defs"]["BankTransfer"]
_DESCRIBED = {
    "parameters": [{"in": "header", "name": "Tram-Signature", "required": True, "schema": {"type": "string"}}],
    "requestBody": {"required": True, "content": {"application/json": {"schema": _WORD}}},
}


@router.post("/bank/transfers", openapi_extra=_DESCRIBED)
async def hear(hub: ServedHub, request: Request) -> Recorded:
    """Take the bank's word; 401 where it is not signed or not fresh, 409 where it contradicts an earlier one."""
    try:
        body = await signed_word.received(request)
    except signed_word.TooLong as fault:
        raise BankWordMalformed(f"The bank's word is not taken: {fault}.") from fault
    return await run_in_threadpool(_hear, hub, request.headers.get(signed_word.HEADER, ""), body)


@router.get("/api/refunds")
def refunds(hub: ServedHub, officer: Cashier) -> list[Refund]:
    """The transfers that no copy was made for, oldest first."""
    return transfers.to_refund(hub)


@router.post("/api/refunds/{transaction}", status_code=201)
def refund(hub: ServedHub, officer: Cashier, transaction: str, form: RefundForm) -> None:
    """Record that it was given back; 409 where it is not to be."""
    transfers.refund(hub, transaction, officer.login, form.how)


def _hear(hub: Hub, signature: str, body: bytes) -> Recorded:
    bank = hub.config.bank
    if bank is None:
        raise BankNotKnown("The hub has no [bank] in hub.toml.")
    _check(hub, bank, signature, body)
    try:
        told = msgspec.json.decode(body, type=BankTransfer)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BankWordMalformed(f"The bank's word can't be read: {fault}.") from fault
    if told.account != bank.account:
        raise BankWordMalformed(f"The account {told.account} is not the one of [bank] in hub.toml.")
    heard = Heard(
        transaction=told.transaction,
        amount_vnd=told.amount_vnd,
        memo=told.memo,
        booked_at=told.booked_at,
        body_sha256=sha256_hex(msgspec.json.encode(told)),
    )
    return Recorded(transaction=heard.transaction, state=transfers.hear(hub, heard))


def _check(hub: Hub, bank: BankConfig, signature: str, body: bytes) -> None:
    try:
        signed_word.check(bank.key(), signature, body, hub.clock.now())
    except signed_word.Unsigned as fault:
        raise BankWordUnsigned(f"The bank's word is not taken: {fault}.") from fault
    except signed_word.Stale as fault:
        raise BankWordStale(f"The bank's word is not taken: {fault}.") from fault
