"""The bank's desk: its adapter tells of transfers here, each word signed; and the list of what a person gives back.

`POST /bank/transfers` with `Tram-Signature: t=<unix seconds>,v1=<hex>`, where v1 is HMAC-SHA256 under the shared key of
`<t>.<body>`. Words older or younger than five minutes are not taken; the same transfer may be told again and again.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from contract.ids import sha256_hex
from contract.messages import BankId, Message, Moment, PaidVnd, Sentence
from hub.config import BankConfig
from hub.console.access import Cashier, ServedHub
from hub.faults import BankNotKnown, BankWordMalformed, BankWordStale, BankWordUnsigned
from hub.register import transfers
from hub.register.transfers import Heard, Refund
from hub.rooms import Hub

router = APIRouter()

FRESH_S = 300
MOST_BYTES = 10_000
_SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


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
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise BankWordMalformed(f"The bank's word is longer than {MOST_BYTES} bytes.")
    return await run_in_threadpool(_hear, hub, request.headers.get("Tram-Signature", ""), body)


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
    parts = _SIGNATURE.fullmatch(signature)
    if parts is None:
        raise BankWordUnsigned("The bank's word carries no signature.")
    at, given = parts.groups()
    wanted = hmac.new(bank.key(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, given):
        raise BankWordUnsigned("The signature of the bank's word is wrong.")
    if abs(hub.clock.now().timestamp() - int(at)) > FRESH_S:
        raise BankWordStale(f"The bank's word was signed at {at}, which is not now.")
