"""`tram calibrate cash`: a coin and a note of known value put in by hand, counted by device and books, given back.

The money is booked under the visit `calibration`, as a citizen's would be: received, owed, given back. What can't come
back is left to a person under that name, so neither a collection nor a broken-off test loses it.
"""

from dataclasses import dataclass
from pathlib import Path

import click

from agent.devices.cash import Cash, CashStatus
from agent.devices.errors import PayoutUnknown
from agent.devices.status import DeviceState
from agent.ledger.money import Money
from contract.clock import Clock, Deadline
from contract.ids import new_ulid
from provisioning.calibration import record
from provisioning.calibration.alone import Bench, config_option, run
from provisioning.calibration.figure import Figure, NotMeasured

VISIT = "calibration"
_INSERT_S, _LOOK_S = 60.0, 0.2
_COUNT_S = 25.0
"""So long a device may take to count its own tubes anew; our control board does it every 10 s."""
_SELF_TEST_S = 30.0
_WRONG_VALUE = "Value: put in exactly the piece that was named; if it was, set the device's table of values to đồng"
_NOTHING = (
    "Intake: nothing was taken in time. If the piece came back, clean the slot, then: tram doctor --self-test cash"
)
_NOT_COUNTED = "Count: the device's count and its credit differ; count tubes and cassette by hand, then repeat"
_NOT_BACK = "Payout: fill the change tubes and see that the payout chute is free"
_VALUE_VND = click.IntRange(100, 500_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """The cash device beside the money book."""

    device: Cash
    money: Money
    clock: Clock


@click.command()
@config_option
@click.option("--coin", "coin_vnd", type=_VALUE_VND, help="Value in đồng of the coin that you will put in.")
@click.option("--note", "note_vnd", type=_VALUE_VND, help="Value in đồng of the note that you will put in.")
def cash(path: Path, coin_vnd: int | None, note_vnd: int | None) -> None:
    """Take a coin and a note, and give them back. Exit code 0: pass, 1: fail, 2: why nothing was measured."""
    pieces = {name: value for name, value in (("coin", coin_vnd), ("note", note_vnd)) if value is not None}
    if not pieces:
        raise click.UsageError("Name what you will put in: --coin VND, --note VND, or both.")

    async def measure(bench: Bench) -> bool:
        device = bench.one(Cash, "cash device")  # type: ignore[type-abstract]
        slots = Slots(device=device, money=bench.ledger.money, clock=bench.clock)
        await ready(slots)
        figures = [figure for name, value_vnd in pieces.items() for figure in await piece(slots, name, value_vnd)]
        if waits_vnd := (await slots.money.balance(VISIT)).unknown_vnd:
            click.echo(f"{waits_vnd:,} đ stay in the machine. When you have them: tram cash settle {VISIT} --found …")
        return record.keep(bench.config, "cash", figures)

    run(path, measure)


async def piece(slots: Slots, name: str, value_vnd: int) -> list[Figure]:
    """Take one piece and give its value back; return what books, device and payout say. Raises DeviceError."""
    before = await _status(slots)
    booked_vnd = await _taken(slots, name, value_vnd)
    called = f"{name} {value_vnd:,} đ"
    if not booked_vnd:
        return [_exactly(f"{called}: in the books", 0, value_vnd, _NOTHING)]
    counted_vnd = await _counted(slots, before, booked_vnd)
    figures = [
        _exactly(f"{called}: in the books", booked_vnd, value_vnd, _WRONG_VALUE),
        _exactly(f"{called}: by the device's count", counted_vnd, booked_vnd, _NOT_COUNTED),
    ]
    back_vnd = await _given_back(slots)
    if before.gives_change:
        figures.append(_exactly(f"{called}: given back", back_vnd, booked_vnd, _NOT_BACK))
    return figures


async def ready(slots: Slots) -> None:
    """Leave what an earlier test did not finish to a person; raise NotMeasured where a test can't begin."""
    epoch = await slots.device.epoch()  # a control board that is only just being found is waited for
    if (status := await _status(slots)).state is DeviceState.DOWN:
        raise NotMeasured(f"{status.detail}. {status.remedy}.")
    left, again = await slots.money.balance(VISIT), f"{VISIT}/{new_ulid(slots.clock.now())}"
    if left.escrow_vnd:
        await slots.money.leave_to_a_person(VISIT, f"{again}/escrow", left.escrow_vnd)
    if left.owed_vnd:
        await slots.money.leave_payout_to_a_person(VISIT, f"{again}/owed", left.owed_vnd)
    if await slots.device.credits(await slots.money.last_serial(epoch)):
        raise NotMeasured(
            "Money came in that no visit has booked yet. Start the kiosk, pay one visit in cash, stop it, then repeat."
        )


async def _status(slots: Slots) -> CashStatus:
    """Return the status as soon as the device is set up, or what it says then."""
    deadline = Deadline.after(slots.clock, _SELF_TEST_S)
    while (status := await slots.device.status()).state is DeviceState.BUSY and not deadline.passed:
        await slots.clock.sleep(_LOOK_S)
    return status


async def _taken(slots: Slots, name: str, value_vnd: int) -> int:
    """Return what was booked of the piece that came in, 0 where none did."""
    epoch = await slots.device.epoch()
    after = await slots.money.last_serial(epoch)
    received_vnd = (await slots.money.balance(VISIT)).received_vnd
    await slots.device.accept(value_vnd)
    click.echo(f"Put in ONE {name} of {value_vnd:,} đ within {_INSERT_S:.0f} s.")
    try:
        deadline = Deadline.after(slots.clock, _INSERT_S)
        while not await slots.device.credits(after) and not deadline.passed:
            await slots.clock.sleep(_LOOK_S)
    finally:
        await slots.device.stop_accepting()
    for credit in await slots.device.credits(after):
        receive = slots.money.receive if credit.certain else slots.money.receive_uncertain
        await receive(VISIT, f"cash/{epoch}/{credit.serial}", credit.value_vnd)
        await slots.device.confirm(credit.serial)
    return (await slots.money.balance(VISIT)).received_vnd - received_vnd


async def _counted(slots: Slots, before: CashStatus, booked_vnd: int) -> int:
    """Return by how much tubes and cassette grew, as soon as it is what was booked, or as it is then."""
    deadline = Deadline.after(slots.clock, _COUNT_S)
    while True:
        now = await slots.device.status()
        grew_vnd = now.change_vnd + now.cassette_vnd - before.change_vnd - before.cassette_vnd
        if grew_vnd == booked_vnd or deadline.passed:
            return grew_vnd
        await slots.clock.sleep(_LOOK_S)


async def _given_back(slots: Slots) -> int:
    """Return what came out; the rest is left to a person."""
    owed_vnd, key = (await slots.money.balance(VISIT)).escrow_vnd, f"{VISIT}/{new_ulid(slots.clock.now())}"
    if not owed_vnd:
        return 0
    await slots.money.owe(VISIT, f"{key}/owed", owed_vnd)
    came_vnd = 0
    try:
        came_vnd = await slots.device.dispense(key, owed_vnd)
        if came_vnd:
            await slots.money.give_back(VISIT, key, came_vnd)
    except PayoutUnknown as fault:
        click.echo(f"{fault}. {fault.remedy}.")
    finally:
        if came_vnd < owed_vnd:
            await slots.money.leave_payout_to_a_person(VISIT, f"{key}/rest", owed_vnd - came_vnd)
    return came_vnd


def _exactly(name: str, value_vnd: int, right_vnd: int, remedy: str) -> Figure:
    return Figure(name=name, value=value_vnd, unit="đ", least=right_vnd, most=right_vnd, remedy=remedy)
