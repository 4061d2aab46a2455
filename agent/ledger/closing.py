"""Closing the cash: what the books say since the last collection, beside what the devices count themselves.

A collection begins with the machine as it was found and ends with what was left in it for change. Every entry belongs
to one closing alone; what is booked in between is taken off what was left, so that the next period begins right.
Whole đồng; a difference of zero means that books and machine agree.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec import Struct

from agent.ledger.database import Database
from agent.ledger.money import Account
from contract.clock import Clock

_SUMS = "SELECT account, sum(amount_vnd) FROM posting JOIN entry USING (ref) WHERE closing IS NULL GROUP BY account"
_COLUMNS = "number, at, collector, report, left_vnd, finished_at"


class ClosingRefused(Exception):
    """The cash can't be closed now; the text says why, `remedy` what to do, `vi` both on the staff's screen."""

    remedy = ""
    vi = "Chưa lấy tiền được lúc này. Hãy hỏi kỹ thuật viên."


class PayoutUnderWay(ClosingRefused):
    """Money is being handed out, so books and machine can't be compared this moment."""

    remedy = "Wait a minute and begin again."
    vi = "Máy đang trả tiền. Hãy chờ một phút rồi làm lại."


class NoCollectionOpen(ClosingRefused):
    """No collection was begun."""

    remedy = "Begin with `tram cash close`, which counts the machine before anything is taken out."
    vi = "Chưa bắt đầu lấy tiền. Hãy quay lại và bắt đầu từ đầu."


class Held(Struct, frozen=True, kw_only=True):
    """What the devices count: coins in the change tubes, and notes and coins in cassette and coin box."""

    tubes_vnd: int
    cassette_vnd: int

    @property
    def total_vnd(self) -> int:
        """Both together."""
        return self.tubes_vnd + self.cassette_vnd


class CashReport(Struct, frozen=True, kw_only=True):
    """A period's money by what became of it; `held` is what the devices count, `expected_vnd` what they should.

    `open_vnd` belongs to visits under way; `fee_vnd` is the State's, `print_vnd` the operator's, `post_vnd` the
    post's. What came by card
    (captured or still held) and by transfer lies at banks. `since` None is the first period: what was filled in before
    it stands on no books and is taken from the devices.
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
    held: Held
    cards_vnd: int = 0
    transfers_vnd: int = 0
    post_vnd: int = 0

    @property
    def difference_vnd(self) -> int:
        """What the machine holds beyond the books; below zero it lacks."""
        return self.held.total_vnd - self.expected_vnd


class Closing(Struct, frozen=True, kw_only=True):
    """A collection: the report it began with, who took the money, and what was left for change, once it is finished."""

    number: int
    at: datetime
    collector: str
    report: CashReport
    left_vnd: int
    finished_at: datetime | None

    @property
    def collected_vnd(self) -> int:
        """What the collector carries away; below zero the machine was filled up by more."""
        return self.report.held.total_vnd - self.left_vnd


class Inside(Struct, frozen=True, kw_only=True):
    """What lies in the machine by the books alone: what was there at the last closing, and what moved since.

    An unfinished closing has counted what is there, a finished one what is left. Without any (`last` None) what was
    filled in for change stands on no books and is left out. `unknown_vnd` of all that ever came waits for a person.
    """

    vnd: int
    unknown_vnd: int
    last: Closing | None

    @property
    def is_being_collected(self) -> bool:
        """Whether a collection was begun and not finished, so that nobody has written down what is left."""
        return self.last is not None and self.last.finished_at is None


class Closings:
    """The collections of one kiosk's cash, numbered from 1 without a gap."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def report(self, held: Held) -> CashReport:
        """Return the account of the time since the last closing; `held` is what the devices count now."""
        now = self._clock.now()
        return await self._database.transact(lambda connection: _report(connection, held, now))

    async def begin(self, collector: str, held: Held) -> Closing:
        """Begin a collection with the machine as it is, or return the one that is open; raise PayoutUnderWay."""
        now = self._clock.now()
        return await self._database.transact(lambda connection: _begin(connection, collector, held, now))

    async def finish(self, left: Held) -> Closing:
        """Record that `left` is what now lies in the machine; raise NoCollectionOpen."""
        now = self._clock.now()
        return await self._database.transact(lambda connection: _finish(connection, left, now))

    async def inside(self) -> Inside:
        """Return what lies in the machine by the books, without asking the devices."""
        return await self._database.transact(_inside)

    async def last(self) -> Closing | None:
        """Return the newest closing, which may be open."""
        return await self._database.transact(_last)


def _begin(connection: sqlite3.Connection, collector: str, held: Held, now: datetime) -> Closing:
    last = _last(connection)
    if last and last.finished_at is None:
        return last
    if _nets(connection).get(Account.OWED, 0):
        raise PayoutUnderWay("money is being handed out just now")
    report, number = _report(connection, held, now), last.number + 1 if last else 1
    row = (number, now.isoformat(), collector, msgspec.json.encode(report))
    connection.execute("INSERT INTO closing (number, at, collector, report, left_vnd) VALUES (?, ?, ?, ?, 0)", row)
    connection.execute("UPDATE entry SET closing = ? WHERE closing IS NULL", (number,))
    return Closing(number=number, at=now, collector=collector, report=report, left_vnd=0, finished_at=None)


def _finish(connection: sqlite3.Connection, left: Held, now: datetime) -> Closing:
    closing = _last(connection)
    if closing is None or closing.finished_at is not None:
        raise NoCollectionOpen("no collection was begun")
    since = _nets(connection)
    left_vnd = left.total_vnd - since.get(Account.BOX, 0) - since.get(Account.TUBE, 0)
    sql = "UPDATE closing SET left_vnd = ?, finished_at = ? WHERE number = ?"
    connection.execute(sql, (left_vnd, now.isoformat(), closing.number))
    return msgspec.structs.replace(closing, left_vnd=left_vnd, finished_at=now)


def _inside(connection: sqlite3.Connection) -> Inside:
    last, nets = _last(connection), _nets(connection)
    before_vnd = 0
    if last is not None:
        before_vnd = last.left_vnd if last.finished_at else last.report.held.total_vnd
    unknown = "SELECT -coalesce(sum(amount_vnd), 0) FROM posting WHERE account = ?"
    return Inside(
        vnd=before_vnd + nets.get(Account.BOX, 0) + nets.get(Account.TUBE, 0),
        unknown_vnd=connection.execute(unknown, (Account.UNKNOWN,)).fetchone()[0],
        last=last,
    )


def _report(connection: sqlite3.Connection, held: Held, now: datetime) -> CashReport:
    last, nets = _last(connection), _nets(connection)

    def net(account: Account) -> int:
        return nets.get(account, 0)

    moved_vnd = net(Account.BOX) + net(Account.TUBE)
    before_vnd = last.left_vnd if last else held.total_vnd - moved_vnd
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
        expected_vnd=before_vnd + moved_vnd,
        held=held,
        cards_vnd=net(Account.HELD) + net(Account.CARD) + net(Account.REVERSED),
        transfers_vnd=net(Account.BANK),
        post_vnd=-net(Account.POST),
    )


def _nets(connection: sqlite3.Connection) -> Mapping[str, int]:
    return {account: int(net) for account, net in connection.execute(_SUMS).fetchall()}


def _last(connection: sqlite3.Connection) -> Closing | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM closing ORDER BY number DESC LIMIT 1").fetchone()  # noqa: S608
    if row is None:
        return None
    number, at, collector, report, left_vnd, finished_at = row
    return Closing(
        number=number,
        at=datetime.fromisoformat(at),
        collector=collector,
        report=msgspec.json.decode(report, type=CashReport),
        left_vnd=left_vnd,
        finished_at=datetime.fromisoformat(finished_at) if finished_at else None,
    )
