"""Money that a person has to find out about: what waits for one, and their word on it, booked once with its reason.

| what a person found out | booked |
|---|---|
| `returned` | the citizen has it back, at a counter or by a bank: `unknown` to `counter` |
| `fee` / `print` | it was earned: `unknown` to `fee` or `print` |
| `came-out` | the machine had paid it out: `unknown` to `tube` |
| `never-in` | the machine has never had it: `unknown` to `box` |
| `not-held` | the card was never charged, or its bank gave it back by itself: `unknown` to `held` |
"""

import sqlite3
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from agent.ledger.database import Database
from agent.ledger.money import Account
from contract.clock import Clock
from contract.ids import new_ulid
from contract.messages import Found

TARGETS: Final = {
    Found.RETURNED: Account.COUNTER,
    Found.FEE: Account.FEE,
    Found.PRINT: Account.PRINT,
    Found.CAME_OUT: Account.TUBE,
    Found.NEVER_IN: Account.BOX,
    Found.NOT_HELD: Account.HELD,
}


class Why(StrEnum):
    """Why it is not known whose the money is, by the account that it came from."""

    ORDER = Account.ESCROW.value
    PAYOUT = Account.OWED.value
    PIECE = Account.BOX.value
    CARD = Account.HELD.value


class Unsettled(Struct, frozen=True, kw_only=True):
    """A visit's money that waits for a person: `unknown_vnd` by `why`, and what is still owed though the visit is over.

    `left_vnd` is what no person has decided on yet.
    """

    visit: str
    since: datetime
    left_vnd: int
    owed_vnd: int
    why: dict[Why, int]


class Settlement(Struct, frozen=True, kw_only=True):
    """A person's word on a visit's money; `id` is its own ULID."""

    id: str
    visit: str
    amount_vnd: int
    found: Found
    reason: str
    by: str
    at: datetime


class SettlingRefused(Exception):
    """The word can't be booked; the text says why, `remedy` what to do."""

    remedy = "Look at `tram cash unsettled` for what waits, then say it again."


class NothingThere(SettlingRefused):
    """Of this visit's money not so much waits for a person."""


class WrongKind(SettlingRefused):
    """What was found out does not fit where the money came from."""

    remedy = "A payout `came-out` or is `returned`; only a piece is `never-in`, only a card's money `not-held`."


class Settlements:
    """The room of what people found out about one kiosk's money."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def unsettled(self) -> list[Unsettled]:
        """Return what waits for a person, oldest first; a visit under way is not among it."""
        return await self._database.transact(_unsettled)

    async def settle(self, visit: str, amount_vnd: int | None, found: Found, reason: str, by: str) -> Settlement:
        """Book a person's word on `amount_vnd` of a visit's unknown money (None: all); raise SettlingRefused."""
        now = self._clock.now()
        return await self._database.transact(
            lambda connection: _settle(connection, visit, amount_vnd, found, reason, by, now)
        )

    async def untold(self) -> list[Settlement]:
        """Return the words that are not on their way to the hub yet."""
        return await self._database.transact(_untold)


def reference(settlement: str) -> str:
    """Return the reference of a settlement's entry, which is its message's key too."""
    return f"settlement/{settlement}"


_WAITING = """
    SELECT visit, min(booked_at),
           -sum(CASE account WHEN 'unknown' THEN amount_vnd ELSE 0 END),
           -sum(CASE account WHEN 'owed' THEN amount_vnd ELSE 0 END)
    FROM posting JOIN entry USING (ref)
    WHERE account IN ('unknown', 'owed') AND visit NOT IN (SELECT id FROM visit WHERE closed_at IS NULL)
    GROUP BY visit HAVING sum(CASE account WHEN 'unknown' THEN amount_vnd ELSE 0 END) <> 0
        OR sum(CASE account WHEN 'owed' THEN amount_vnd ELSE 0 END) <> 0
    ORDER BY 2"""

_SOURCES = """
    SELECT other.account, -sum(unknown.amount_vnd)
    FROM posting AS unknown JOIN entry USING (ref) JOIN posting AS other USING (ref)
    WHERE unknown.account = 'unknown' AND other.account <> 'unknown' AND unknown.amount_vnd < 0 AND visit = ?
    GROUP BY other.account"""


_LAST_CLOSING = """
    SELECT closing FROM posting AS unknown JOIN entry USING (ref) JOIN posting AS other USING (ref)
    WHERE unknown.account = 'unknown' AND unknown.amount_vnd < 0 AND visit = ? AND other.account = ?
    ORDER BY booked_at DESC LIMIT 1"""


def _unsettled(connection: sqlite3.Connection) -> list[Unsettled]:
    return [
        Unsettled(
            visit=visit,
            since=datetime.fromisoformat(since),
            left_vnd=unknown_vnd,
            owed_vnd=owed_vnd,
            why=_sources(connection, visit),
        )
        for visit, since, unknown_vnd, owed_vnd in connection.execute(_WAITING).fetchall()
    ]


def _sources(connection: sqlite3.Connection, visit: str) -> dict[Why, int]:
    return {Why(account): amount for account, amount in connection.execute(_SOURCES, (visit,)).fetchall()}


def _settle(
    connection: sqlite3.Connection,
    visit: str,
    amount_vnd: int | None,
    found: Found,
    reason: str,
    by: str,
    now: datetime,
) -> Settlement:
    waits = next((each for each in _unsettled(connection) if each.visit == visit), None)
    left_vnd = waits.left_vnd if waits else 0
    amount_vnd = left_vnd if amount_vnd is None else amount_vnd
    if not waits or not 0 < amount_vnd <= left_vnd:
        raise NothingThere(f"of visit {visit} {left_vnd:,} đ wait for a person, not {amount_vnd:,} đ")
    _check_kind(connection, waits, found, amount_vnd)
    settlement = Settlement(
        id=new_ulid(now), visit=visit, amount_vnd=amount_vnd, found=found, reason=reason, by=by, at=now
    )
    ref, closing = reference(settlement.id), _closing(connection, visit, found)
    entry = (ref, visit, now.isoformat(), closing)
    connection.execute("INSERT INTO entry (ref, visit, booked_at, closing) VALUES (?, ?, ?, ?)", entry)
    postings = [(ref, Account.UNKNOWN.value, amount_vnd), (ref, TARGETS[found].value, -amount_vnd)]
    connection.executemany("INSERT INTO posting (ref, account, amount_vnd) VALUES (?, ?, ?)", postings)
    row = (settlement.id, visit, amount_vnd, found.value, reason, by, now.isoformat())
    connection.execute("INSERT INTO settlement VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return settlement


_ONLY = {Found.CAME_OUT: Why.PAYOUT, Found.NEVER_IN: Why.PIECE, Found.NOT_HELD: Why.CARD}
"""What can be found out only of money that came from there: else a machine's count would be corrected wrongly."""


def _check_kind(connection: sqlite3.Connection, waits: Unsettled, found: Found, amount_vnd: int) -> None:
    if (why := _ONLY.get(found)) is None:
        return
    sql = "SELECT coalesce(sum(amount_vnd), 0) FROM settlement WHERE visit = ? AND found = ?"
    (before_vnd,) = connection.execute(sql, (waits.visit, found.value)).fetchone()
    from_there_vnd = waits.why.get(why, 0) - before_vnd
    if amount_vnd > from_there_vnd:
        raise WrongKind(f"only {from_there_vnd:,} đ of visit {waits.visit} can be {found}, not {amount_vnd:,} đ")


def _closing(connection: sqlite3.Connection, visit: str, found: Found) -> int | None:
    """Return the collection to which a correction of what the machine holds belongs: that of the money itself.

    Each collection goes on from what was counted, so that a later one knows nothing any more of what lacked before.
    """
    if (why := _ONLY.get(found)) is None:
        return None
    row = connection.execute(_LAST_CLOSING, (visit, why.value)).fetchone()
    return row[0] if row else None


def _untold(connection: sqlite3.Connection) -> list[Settlement]:
    sql = """SELECT id, visit, amount_vnd, found, reason, by, at FROM settlement
             WHERE 'settlement/' || id NOT IN (SELECT key FROM outgoing) ORDER BY id"""
    return [
        Settlement(
            id=each, visit=visit, amount_vnd=amount_vnd, found=Found(found), reason=reason, by=by,
            at=datetime.fromisoformat(at),
        )
        for each, visit, amount_vnd, found, reason, by, at in connection.execute(sql).fetchall()
    ]  # fmt: skip
