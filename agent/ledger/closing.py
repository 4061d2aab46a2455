"""Closing the cash: what the books say since the last collection, beside what the devices count themselves.

A closing is written when the collector has taken the money; every entry booked until then belongs to it, each to one
closing alone, and the next period begins with what was left in the machine.
Whole đồng; a difference of zero means that books and machine agree.
"""

import sqlite3
from datetime import datetime

import msgspec
from msgspec import Struct

from agent.ledger.database import Database
from agent.ledger.money import Account
from contract.clock import Clock

_SUMS = "SELECT account, sum(amount_vnd) FROM posting JOIN entry USING (ref) WHERE closing IS NULL GROUP BY account"


class CashReport(Struct, frozen=True, kw_only=True):
    """A period's money by what became of it; `held_vnd` is what the devices count, `expected_vnd` what they should.

    `open_vnd` belongs to visits under way; `fee_vnd` is the State's, `print_vnd` the operator's. What came by card
    (captured or still held) and by transfer lies at banks.
    """

    since: datetime | None
    until: datetime
    left_before_vnd: int
    received_vnd: int
    returned_vnd: int
    fee_vnd: int
    print_vnd: int
    vouchers_given_vnd: int
    vouchers_taken_vnd: int
    unknown_vnd: int
    open_vnd: int
    expected_vnd: int
    held_vnd: int
    cards_vnd: int = 0
    transfers_vnd: int = 0

    @property
    def difference_vnd(self) -> int:
        """What the machine holds beyond the books; below zero it lacks."""
        return self.held_vnd - self.expected_vnd


class Closing(Struct, frozen=True, kw_only=True):
    """A collection: the report it was made from, who took the money, and what was left for change."""

    number: int
    at: datetime
    collector: str
    report: CashReport
    left_vnd: int

    @property
    def collected_vnd(self) -> int:
        """What the collector carries away."""
        return self.report.held_vnd - self.left_vnd


class Closings:
    """The collections of one kiosk's cash, numbered from 1 without a gap."""

    def __init__(self, database: Database, clock: Clock, *, first_change_vnd: int = 0) -> None:
        self._database, self._clock, self._first_change_vnd = database, clock, first_change_vnd

    async def report(self, held_vnd: int) -> CashReport:
        """Return the account of the time since the last closing; `held_vnd` is what the devices count now."""
        now = self._clock.now()
        return await self._database.transact(lambda connection: self._report(connection, held_vnd, now))

    async def close(self, collector: str, held_vnd: int, left_vnd: int) -> Closing:
        """Record that `collector` took all but `left_vnd` of `held_vnd`; return the closing."""
        now = self._clock.now()
        return await self._database.transact(
            lambda connection: self._close(connection, collector, held_vnd, left_vnd, now)
        )

    async def last(self) -> Closing | None:
        """Return the newest closing."""
        return await self._database.transact(_last)

    def _close(
        self, connection: sqlite3.Connection, collector: str, held_vnd: int, left_vnd: int, now: datetime
    ) -> Closing:
        report = self._report(connection, held_vnd, now)
        last = _last(connection)
        number = last.number + 1 if last else 1
        row = (number, now.isoformat(), collector, msgspec.json.encode(report), left_vnd)
        connection.execute("INSERT INTO closing (number, at, collector, report, left_vnd) VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("UPDATE entry SET closing = ? WHERE closing IS NULL", (number,))
        return Closing(number=number, at=now, collector=collector, report=report, left_vnd=left_vnd)

    def _report(self, connection: sqlite3.Connection, held_vnd: int, now: datetime) -> CashReport:
        last = _last(connection)
        sums = dict(connection.execute(_SUMS).fetchall())

        def net(account: Account) -> int:
            return int(sums.get(account, 0))

        before_vnd = last.left_vnd if last else self._first_change_vnd
        return CashReport(
            since=last.at if last else None,
            until=now,
            left_before_vnd=before_vnd,
            received_vnd=net(Account.BOX),
            returned_vnd=-net(Account.TUBE),
            fee_vnd=-net(Account.FEE),
            print_vnd=-net(Account.PRINT),
            vouchers_given_vnd=-net(Account.VOUCHER),
            vouchers_taken_vnd=net(Account.CLAIM),
            unknown_vnd=-net(Account.UNKNOWN),
            open_vnd=-net(Account.ESCROW) - net(Account.OWED),
            expected_vnd=before_vnd + net(Account.BOX) + net(Account.TUBE),
            held_vnd=held_vnd,
            cards_vnd=net(Account.HELD) + net(Account.CARD) + net(Account.REVERSED),
            transfers_vnd=net(Account.BANK),
        )


def _last(connection: sqlite3.Connection) -> Closing | None:
    sql = "SELECT number, at, collector, report, left_vnd FROM closing ORDER BY number DESC LIMIT 1"
    row = connection.execute(sql).fetchone()
    if row is None:
        return None
    number, at, collector, report, left_vnd = row
    return Closing(
        number=number,
        at=datetime.fromisoformat(at),
        collector=collector,
        report=msgspec.json.decode(report, type=CashReport),
        left_vnd=left_vnd,
    )
