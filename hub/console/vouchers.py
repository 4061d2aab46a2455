"""The counter's desk: paying out what a kiosk owes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from hub.console.access import Cashier, ServedHub
from hub.register import vouchers

router = APIRouter(prefix="/api")


class VoucherForm(BaseModel):
    """The text of the voucher's QR, and a key that the console draws once per slip so that a repeated call is one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(min_length=1, max_length=1000)]
    key: Annotated[str, Field(min_length=8, max_length=64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidVoucher:
    """What the clerk hands out now."""

    voucher: str
    amount_vnd: int
    kiosk: str
    issued_at: datetime


@router.post("/vouchers/redeem", status_code=201)
def redeem(hub: ServedHub, officer: Cashier, form: VoucherForm) -> PaidVoucher:
    """Mark a voucher as paid at the counter; 409 with who and when where it was paid before."""
    paid = vouchers.redeem(hub, form.code, vouchers.Payee(name=officer.login, key=form.key))
    return PaidVoucher(voucher=paid.voucher_id, amount_vnd=paid.amount_vnd, kiosk=paid.kiosk, issued_at=paid.issued_at)
