"""The agent that is killed: the real cashier over a real ledger and MdbCash, without reading and without a hub."""

import asyncio
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from agent.devices.cash_mdb import MdbCash
from agent.devices.control_board import ControlBoard
from agent.devices.errors import DeviceError
from agent.journeys.cashier import OPEN_TILL, escrow_vnd, hand_out, open_till, take
from agent.journeys.till import Till
from agent.journeys.values import Payment, Way
from agent.ledger.journal import Visit
from agent.ledger.ledger import Ledger
from tests.machine_clock import MachineClock

PAY_S: Final = 20.0
FREE: Final = "free"


def run(folder: Path, port: str, control: Path, pipe: Connection) -> None:
    """Go on with open visits, then begin one for each sum that comes through the pipe, until killed."""
    asyncio.run(_run(folder, port, MachineClock(control), pipe))


async def _run(folder: Path, port: str, clock: MachineClock, pipe: Connection) -> None:
    ledger = await Ledger.open(folder, clock)
    board = ControlBoard(port, clock)
    cash = MdbCash(board, clock, folder / "cash-book.json")
    kiosk = SimpleNamespace(clock=clock, ledger=ledger, cash=cash, till=Till(), ways=(Way.CASH,))

    async def ledger_answers() -> None:
        await ledger.database.transact(lambda connection: None)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(board.run(ledger_answers))
        for record in await ledger.journal.open_visits():
            await _serve(ledger.journal.resume(record), kiosk)
        while True:
            pipe.send(FREE)
            total_vnd = await asyncio.to_thread(pipe.recv)
            await _serve(await ledger.journal.open("pay", str(total_vnd).encode()), kiosk)


async def _serve(visit: Visit, kiosk: Any) -> None:
    total_vnd = int(visit.wish)
    try:
        await visit.step(OPEN_TILL, int, lambda _key, _deadline: open_till(visit, kiosk))
        payment = await visit.step(
            "pay", Payment, lambda _, deadline: take(visit, kiosk, total_vnd, deadline), within_s=PAY_S
        )
        complete, received_vnd = payment.complete, payment.received_vnd
    except DeviceError:
        complete = False
    if complete:  # from here on as `certify` does it
        if received_vnd > total_vnd:
            await hand_out(visit, kiosk, "change", received_vnd - total_vnd)
        await kiosk.ledger.money.earn(visit.id, f"{visit.id}/earn", fee_vnd=total_vnd, print_vnd=0)
    else:
        back_vnd = await visit.step("sum", int, lambda _key, _deadline: escrow_vnd(visit, kiosk))
        await hand_out(visit, kiosk, "return", back_vnd)
    await kiosk.ledger.journal.close(visit.id, b"paid" if complete else b"not paid")


@dataclass(frozen=True, slots=True)
class Books:
    """The ledger's file as another reader sees it: all accounts, those of the last visit, and how that one ended.

    `doubtful_vnd` are payouts of which the agent could not learn whether they came out, and said so.
    """

    totals: Mapping[str, int]
    doubtful_vnd: int
    visits: int
    last: Mapping[str, int]
    last_is_paid: bool

    @classmethod
    def read(cls, folder: Path) -> "Books":
        """Return what is committed now."""
        ledger = sqlite3.connect(f"file:{folder / 'ledger.sqlite'}?mode=ro", uri=True)
        totals = ledger.execute("SELECT account, sum(amount_vnd) FROM posting GROUP BY account").fetchall()
        ((visits, last),) = ledger.execute("SELECT count(*), max(id) FROM visit").fetchall()
        sums = "SELECT account, sum(amount_vnd) FROM posting JOIN entry USING (ref) WHERE visit = ? GROUP BY account"
        of_last = ledger.execute(sums, (last,)).fetchall()
        ending = ledger.execute("SELECT ending FROM visit WHERE id = ?", (last,)).fetchone()
        doubtful = (
            "SELECT -coalesce(sum(amount_vnd), 0) FROM posting WHERE account = 'unknown' AND ref NOT GLOB 'cash/*'"
        )
        ((doubtful_vnd,),) = ledger.execute(doubtful).fetchall()
        ledger.close()
        return cls(dict(totals), doubtful_vnd, visits, dict(of_last), ending == (b"paid",))
