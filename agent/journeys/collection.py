"""The collector's visit: count books against machine, take the money out, fill up the change, leave a record.

It begins with the machine as it was found. What was taken and what was left is known when it is finished; then a slip
is printed, and the hub is told. Begun and not finished, it waits through every restart.
"""

from collections.abc import Mapping

from agent.copies import closing_slip
from agent.devices.cash_change import visits_left
from agent.devices.errors import DeviceError
from agent.devices.status import DeviceState
from agent.journeys.cashier import set_aside
from agent.journeys.delays import SLIP_S
from agent.journeys.parts import Kiosk
from agent.ledger.closing import CashReport, Closing, ClosingRefused, Held
from contract.clock import Deadline
from contract.ids import new_ulid
from contract.messages import ClosingFact, PrintOutcome

CHANGES_LOOKED_AT = 200
"""So many of the last cash payments are the usual mix."""
NOBODY = "collection"
"""Stands for the visit where money came in before anybody ever paid."""


class CitizenAtTheScreen(ClosingRefused):
    """A citizen stands at the screen, and money may come in any moment."""

    remedy = "Wait until the screen is free, then begin again."
    vi = "Có khách đang dùng trạm. Hãy chờ trạm rảnh rồi làm lại."


class MachineNotCounted(ClosingRefused):
    """The cash devices don't tell what they hold."""

    vi = "Máy tiền không cho biết đang giữ bao nhiêu. Hãy quay lại xem tình trạng thiết bị."


async def report(kiosk: Kiosk) -> CashReport:
    """Return the account since the last collection; raise ClosingRefused."""
    return await kiosk.ledger.closings.report(await _counted(kiosk))


async def change_lasts_for(kiosk: Kiosk, tubes: Mapping[int, int]) -> int | None:
    """Return how many more visits the tubes can give change to, if those to come are like the last ones."""
    return visits_left(tubes, await kiosk.ledger.money.changes_given(CHANGES_LOOKED_AT))


async def begin(kiosk: Kiosk, collector: str) -> Closing:
    """Begin a collection, or return the one that was begun and not finished; raise ClosingRefused."""
    return await kiosk.ledger.closings.begin(collector, await _counted(kiosk))


async def finish(kiosk: Kiosk) -> tuple[ClosingFact, PrintOutcome | None]:
    """Record what is left in the machine; return the closing and what became of its slip (None: no ticket printer).

    Raises ClosingRefused.
    """
    closing = await kiosk.ledger.closings.finish(await _counted(kiosk))
    fact = fact_of(closing)
    await _tell(kiosk, closing)
    return fact, await _print(kiosk, fact)


async def tell_last(kiosk: Kiosk) -> None:
    """Tell the hub of the last closing where a power cut came between record and message; once told, do nothing."""
    closing = await kiosk.ledger.closings.last()
    if closing and closing.finished_at:
        await _tell(kiosk, closing)


def fact_of(closing: Closing) -> ClosingFact:
    """Return a finished closing as the hub keeps it."""
    report = closing.report
    assert closing.finished_at
    return ClosingFact(
        request=new_ulid(closing.finished_at),
        number=closing.number,
        collector=closing.collector,
        since=report.since,
        until=report.until,
        finished_at=closing.finished_at,
        left_before_vnd=report.left_before_vnd,
        received_vnd=report.received_vnd,
        returned_vnd=report.returned_vnd,
        fee_vnd=report.fee_vnd,
        print_vnd=report.print_vnd,
        post_vnd=report.post_vnd,
        vouchers_given_vnd=report.vouchers_given_vnd,
        vouchers_taken_vnd=report.vouchers_taken_vnd,
        unknown_vnd=report.unknown_vnd,
        open_vnd=report.open_vnd,
        expected_vnd=report.expected_vnd,
        tubes_vnd=report.held.tubes_vnd,
        cassette_vnd=report.held.cassette_vnd,
        difference_vnd=report.difference_vnd,
        collected_vnd=closing.collected_vnd,
        left_vnd=closing.left_vnd,
    )


async def _counted(kiosk: Kiosk) -> Held:
    """Return what the devices hold while nobody pays, with every piece that they have told of in the books."""
    if kiosk.floor.locked():
        raise CitizenAtTheScreen("a citizen stands at the screen")
    async with kiosk.floor:
        try:
            await set_aside(kiosk, NOBODY)
        except DeviceError as fault:
            raise _not_counted(str(fault), fault.remedy) from fault
        status = await kiosk.cash.status()
    if status.state in (DeviceState.DOWN, DeviceState.BUSY) or status.tubes is None:
        raise _not_counted(status.detail, status.remedy)
    return Held(tubes_vnd=status.change_vnd, cassette_vnd=status.cassette_vnd)


def _not_counted(cause: str, remedy: str) -> MachineNotCounted:
    fault = MachineNotCounted(f"the cash devices can't be counted: {cause}")
    fault.remedy = remedy or "Wait until `tram doctor` shows them ready, then begin again."
    return fault


async def _tell(kiosk: Kiosk, closing: Closing) -> None:
    name = f"closing-{closing.number}"
    await kiosk.link.tell(name, name, fact_of(closing))


async def _print(kiosk: Kiosk, fact: ClosingFact) -> PrintOutcome | None:
    if kiosk.tickets is None:
        return None
    png = closing_slip.render(fact, kiosk=kiosk.place.kiosk, site=kiosk.place.site)
    try:
        return await kiosk.tickets.print_ticket(f"closing-{fact.number}", png, Deadline.after(kiosk.clock, SLIP_S))
    except DeviceError:
        return PrintOutcome.NOT_PRINTED
