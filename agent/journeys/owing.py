"""Money that is owed and can't come out of the machine: the citizen leaves with a signed voucher for it."""

from datetime import datetime

from msgspec import Struct

from agent.copies import voucher_slip
from agent.copies.voucher_slip import VoucherSlip
from agent.journeys.leaving import tell
from agent.journeys.parts import Kiosk
from agent.journeys.slips import VOUCHER_SLIP, print_slip
from agent.ledger.journal import Visit
from contract import voucher
from contract.clock import Deadline
from contract.ids import new_ulid
from contract.messages import VoucherFact
from contract.seal import to_qr_text
from contract.voucher import Voucher

SLIP = "voucher.png"
_REASON = "Trạm chưa trả được số tiền này bằng tiền mặt."


class Debt(Struct, frozen=True, kw_only=True):
    """A voucher as the journal keeps it; the code is signed anew from it, with the same bytes."""

    voucher: str
    amount_vnd: int
    issued_at: datetime


async def give_voucher(visit: Visit, kiosk: Kiosk) -> None:
    """Turn what is still owed to the citizen into a voucher, once; do nothing where nothing is owed."""
    owed_vnd = (await kiosk.ledger.money.balance(visit.id)).owed_vnd
    if not owed_vnd and not await visit.recorded("voucher", Debt):
        return

    async def draw(_key: str, _deadline: Deadline) -> Debt:
        now = kiosk.clock.now().replace(microsecond=0)
        return Debt(voucher=new_ulid(now), amount_vnd=owed_vnd, issued_at=now)

    debt = await visit.step("voucher", Debt, draw)
    await visit.step("draw voucher", bool, lambda _key, _deadline: _make_slip(visit, kiosk, debt))
    await print_slip(visit, kiosk, VOUCHER_SLIP, SLIP)
    await kiosk.ledger.money.vouch(visit.id, f"{visit.id}/voucher", debt.amount_vnd)
    fact = VoucherFact(request=debt.voucher, amount_vnd=debt.amount_vnd, issued_at=debt.issued_at)
    await tell(visit, kiosk, "voucher", fact)


async def _make_slip(visit: Visit, kiosk: Kiosk, debt: Debt) -> bool:
    place = kiosk.place
    claim = Voucher(voucher_id=debt.voucher, kiosk=place.kiosk, amount_vnd=debt.amount_vnd, issued_at=debt.issued_at)
    slip = VoucherSlip(
        kiosk=place.kiosk,
        site=place.site,
        visit=visit.id,
        when=debt.issued_at,
        amount_vnd=debt.amount_vnd,
        reason=_REASON,
        code=to_qr_text(f"{place.public_url}/p", voucher.encode(claim, kiosk.device_signer())),
        ask=place.site,
    )
    spool = kiosk.ledger.spool(visit.id)
    await spool.write(SLIP, voucher_slip.render(slip))
    if kiosk.keep_for_demo_dir:
        await spool.copy_out(kiosk.keep_for_demo_dir, [SLIP])
    return True
