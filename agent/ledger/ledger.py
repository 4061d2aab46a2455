"""The ledger's rooms under one roof."""

from dataclasses import dataclass
from pathlib import Path

from agent.ledger.closing import Closings
from agent.ledger.database import Database
from agent.ledger.device_states import DeviceStates
from agent.ledger.inbox import Inbox
from agent.ledger.journal import Journal
from agent.ledger.money import Money
from agent.ledger.outbox import Outbox
from agent.ledger.remote import Remote
from agent.ledger.settling import Settlements
from agent.ledger.spool import Spool
from agent.ledger.starts import Starts
from agent.ledger.tickets import Tickets
from contract.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the kiosk knows for certain."""

    folder: Path
    database: Database
    journal: Journal
    outbox: Outbox
    inbox: Inbox
    remote: Remote
    money: Money
    device_states: DeviceStates
    closings: Closings
    settlements: Settlements
    tickets: Tickets
    starts: Starts

    @classmethod
    async def open(cls, folder: Path, clock: Clock) -> "Ledger":
        """Open or make the ledger in `folder` (`ledger.sqlite`, `visits/`); raise LedgerFault."""
        return cls.of(folder, await Database.open(folder / "ledger.sqlite"), clock)

    @classmethod
    def of(cls, folder: Path, database: Database, clock: Clock) -> "Ledger":
        """Return the rooms over an open database."""
        return cls(
            folder=folder,
            database=database,
            journal=Journal(database, clock),
            outbox=Outbox(database, clock),
            inbox=Inbox(database, clock),
            remote=Remote(database, clock),
            money=Money(database, clock),
            device_states=DeviceStates(database),
            closings=Closings(database, clock),
            settlements=Settlements(database, clock),
            tickets=Tickets(database, clock),
            starts=Starts(database),
        )

    def spool(self, visit: str) -> Spool:
        """Return the files of a visit."""
        return Spool(folder=self.folder / "visits" / visit)

    def spools(self) -> list[Spool]:
        """Return the folders of all visits that still have files."""
        folder = self.folder / "visits"
        return [Spool(folder=path) for path in sorted(folder.iterdir())] if folder.exists() else []

    async def answer(self) -> None:
        """Return once a transaction could begin and end; raise LedgerFault."""
        await self.database.transact(lambda connection: None)

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()
