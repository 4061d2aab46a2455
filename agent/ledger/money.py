"""The money book: double entry in whole đồng, every event booked exactly once under its own reference.

Where money lies is positive, whose it is negative, so all accounts together are always zero:

| account | meaning |
|---|---|
| `box` | coins and notes taken in |
| `claim` | vouchers taken in, for which other kiosks or this one were in debt |
| `tube` | coins and notes handed out (negative) |
| `held` | authorised on cards, and not captured |
| `card` | captured from cards |
| `reversed` | given back on cards (negative): together with `held`, what card banks hold now |
| `bank` | transfers that the hub told of |
| `escrow` | taken from the citizen, nothing delivered for it yet |
| `owed` | to be given back to the citizen |
| `fee` | earned for the State: the certification fee |
| `print` | earned by the operator: print cost (NĐ 23/2015 Art. 15) |
| `post` | due to the post: postage of copies that are sent (F27) |
| `voucher` | owed, and given to the citizen as a signed voucher |
| `unknown` | a person has to find out whose it is |
| `counter` | given back by a person, outside of the machine (negative) |
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from agent.ledger.database import Database
from agent.ledger.faults import BookedDifferently
from contract.clock import Clock


class Account(StrEnum):
    """Where money lies, and whose it is."""

    BOX = "box"
    CLAIM = "claim"
    TUBE = "tube"
    HELD = "held"
    CARD = "card"
    REVERSED = "reversed"
    BANK = "bank"
    ESCROW = "escrow"
    OWED = "owed"
    FEE = "fee"
    PRINT = "print"
    POST = "post"
    VOUCHER = "voucher"
    UNKNOWN = "unknown"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One visit's money, all amounts ≥ 0: received = returned + escrow + owed + kept + voucher + unknown.

    `by_hand_vnd` is what of it came as cash or voucher and was not handed out again: so much may come back in cash.
    """

    received_vnd: int
    returned_vnd: int
    escrow_vnd: int
    owed_vnd: int
    kept_vnd: int
    voucher_vnd: int
    unknown_vnd: int
    by_hand_vnd: int


class UnbalancedEntry(ValueError):
    """The postings of one entry do not sum to zero: a mistake in the program."""


class Money:
    """The money book of one kiosk."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def receive(self, visit: str, ref: str, value_vnd: int) -> None:
        """Book a coin or note that the box has taken; `ref` is `cash/<epoch>/<serial>`."""
        await self._book(visit, ref, {Account.BOX: value_vnd, Account.ESCROW: -value_vnd})

    async def receive_uncertain(self, visit: str, ref: str, value_vnd: int) -> None:
        """Book a piece of which nobody knows whether the box has it, or whose it is; `ref` as in `receive`."""
        await self._book(visit, ref, {Account.BOX: value_vnd, Account.UNKNOWN: -value_vnd})

    async def take_voucher(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book a voucher that the citizen paid with; `ref` is `voucher/<its id>`."""
        await self._book(visit, ref, {Account.CLAIM: amount_vnd, Account.ESCROW: -amount_vnd})

    async def take_transfer(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book a transfer that came to the agency's account; `ref` is `transfer/<the bank's id of it>`."""
        await self._book(visit, ref, {Account.BANK: amount_vnd, Account.ESCROW: -amount_vnd})

    async def hold(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book that a card's bank holds this much for the kiosk; `ref` is the sale's key with `/held`."""
        await self._book(visit, ref, {Account.HELD: amount_vnd, Account.ESCROW: -amount_vnd})

    async def hold_uncertain(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book a sale of which nobody knows whether the card was charged; `ref` as in `hold`."""
        await self._book(visit, ref, {Account.HELD: amount_vnd, Account.UNKNOWN: -amount_vnd})

    async def capture(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book that what was held is the kiosk's operator's."""
        await self._move(visit, ref, Account.CARD, Account.HELD, amount_vnd)

    async def reverse(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book that what was held, and is owed, went back to the card."""
        await self._book(visit, ref, {Account.REVERSED: -amount_vnd, Account.OWED: amount_vnd})

    async def owe(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book that the citizen gets this much back."""
        await self._move(visit, ref, Account.ESCROW, Account.OWED, amount_vnd)

    async def give_back(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book that this much was handed out."""
        await self._book(visit, ref, {Account.TUBE: -amount_vnd, Account.OWED: amount_vnd})

    async def earn(self, visit: str, ref: str, *, fee_vnd: int, print_vnd: int, post_vnd: int = 0) -> None:
        """Book that the State's fee, the operator's print cost and the postage were earned."""
        parts = {Account.FEE: -fee_vnd, Account.PRINT: -print_vnd} | ({Account.POST: -post_vnd} if post_vnd else {})
        await self._book(visit, ref, {Account.ESCROW: -sum(parts.values())} | parts)

    async def vouch(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book that a voucher stands for what was owed."""
        await self._move(visit, ref, Account.OWED, Account.VOUCHER, amount_vnd)

    async def leave_to_a_person(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book that a person has to find out whose this is."""
        await self._move(visit, ref, Account.ESCROW, Account.UNKNOWN, amount_vnd)

    async def leave_payout_to_a_person(self, visit: str, ref: str, amount_vnd: int) -> None:
        """Book that a person has to find out how much of this came out."""
        await self._move(visit, ref, Account.OWED, Account.UNKNOWN, amount_vnd)

    async def balance(self, visit: str) -> Balance:
        """Return what became of a visit's money so far."""
        sums = await self._sums("JOIN entry USING (ref) WHERE visit = ?", visit)
        by_hand_vnd = sums.get(Account.BOX, 0) + sums.get(Account.CLAIM, 0)
        cashless_vnd = sum(sums.get(account, 0) for account in (Account.HELD, Account.CARD, Account.BANK))
        handed_out_vnd = -sums.get(Account.TUBE, 0)
        return Balance(
            received_vnd=by_hand_vnd + cashless_vnd,
            returned_vnd=handed_out_vnd - sums.get(Account.REVERSED, 0) - sums.get(Account.COUNTER, 0),
            escrow_vnd=-sums.get(Account.ESCROW, 0),
            owed_vnd=-sums.get(Account.OWED, 0),
            kept_vnd=_earned(sums),
            voucher_vnd=-sums.get(Account.VOUCHER, 0),
            unknown_vnd=-sums.get(Account.UNKNOWN, 0),
            by_hand_vnd=max(0, by_hand_vnd - handed_out_vnd),
        )

    async def came_by_transfer(self, visit: str) -> int:
        """Return the sum of the transfers that a visit was paid with."""
        return (await self._sums("JOIN entry USING (ref) WHERE visit = ?", visit)).get(Account.BANK, 0)

    async def is_booked(self, ref: str) -> bool:
        """Return whether an entry of this reference was booked."""
        sql = "SELECT 1 FROM entry WHERE ref = ?"
        return await self._database.transact(lambda connection: connection.execute(sql, (ref,)).fetchone()) is not None

    async def totals(self) -> Mapping[str, int]:
        """Return every account's balance over all visits; together they are zero."""
        return await self._sums("")

    async def earned_since(self, moment: datetime) -> int:
        """Return the fees, print costs and postage that were earned at or after a moment, in đồng."""
        sums = await self._sums("JOIN entry USING (ref) WHERE booked_at >= ?", moment.astimezone(UTC).isoformat())
        return _earned(sums)

    async def changes_given(self, visits: int) -> list[int]:
        """Return what was handed out in each of the last `visits` visits that paid with cash, oldest first."""
        sql = """SELECT -sum(CASE account WHEN 'tube' THEN amount_vnd ELSE 0 END)
                 FROM posting JOIN entry USING (ref) GROUP BY visit
                 HAVING sum(CASE account WHEN 'box' THEN amount_vnd ELSE 0 END) > 0
                 ORDER BY max(booked_at) DESC LIMIT ?"""
        rows = await self._database.transact(lambda connection: connection.execute(sql, (visits,)).fetchall())
        return [int(given) for (given,) in reversed(rows)]

    async def last_serial(self, epoch: int) -> int:
        """Return the highest serial number booked from the cash box of this epoch, 0 where there is none."""

        def highest(connection: sqlite3.Connection) -> int:
            rows = connection.execute("SELECT ref FROM entry WHERE ref GLOB ?", (f"cash/{epoch}/*",))
            return max((int(ref.rsplit("/", 1)[1]) for (ref,) in rows), default=0)

        return await self._database.transact(highest)

    async def _move(self, visit: str, ref: str, source: Account, target: Account, amount_vnd: int) -> None:
        await self._book(visit, ref, {source: amount_vnd, target: -amount_vnd})

    async def _book(self, visit: str, ref: str, postings: Mapping[Account, int]) -> None:
        if sum(postings.values()):
            raise UnbalancedEntry(f"{ref}: {dict(postings)}")
        now = self._clock.now().isoformat()
        await self._database.transact(lambda connection: _book_once(connection, visit, ref, postings, now))

    async def _sums(self, where: str, *values: str) -> dict[str, int]:
        sql = f"SELECT account, sum(amount_vnd) FROM posting {where} GROUP BY account"  # noqa: S608 - constants above
        return await self._database.transact(lambda connection: dict(connection.execute(sql, values).fetchall()))


def _earned(sums: Mapping[str, int]) -> int:
    return -sum(sums.get(account, 0) for account in (Account.FEE, Account.PRINT, Account.POST))


def _book_once(connection: sqlite3.Connection, visit: str, ref: str, postings: Mapping[Account, int], now: str) -> None:
    wanted = {(visit, str(account), amount) for account, amount in postings.items()}
    sql = "SELECT visit, account, amount_vnd FROM entry JOIN posting USING (ref) WHERE ref = ?"
    booked = set(connection.execute(sql, (ref,)).fetchall())
    if booked and booked != wanted:
        raise BookedDifferently(f"{ref} is booked as {sorted(booked)} and was to be booked as {sorted(wanted)}")
    if not booked:
        connection.execute("INSERT INTO entry (ref, visit, booked_at) VALUES (?, ?, ?)", (ref, visit, now))
        rows = [(ref, str(account), amount) for account, amount in postings.items()]
        connection.executemany("INSERT INTO posting (ref, account, amount_vnd) VALUES (?, ?, ?)", rows)
