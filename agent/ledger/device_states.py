"""Since when each device has been in its state; so `tram doctor` can tell it of a kiosk that was stopped since."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from agent.ledger.database import Database

States = Mapping[str, tuple[str, datetime]]
"""Device's name → its state and since when."""


class DeviceStates:
    """One row a device, written when its state changes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[str, tuple[str, datetime]] = {}

    async def all(self) -> States:
        """Return what was remembered; raise LedgerFault."""
        self._kept = await self._database.transact(_read)
        return dict(self._kept)

    async def keep(self, states: States) -> None:
        """Remember the states that differ from those remembered; raise LedgerFault."""
        changed = {name: state for name, state in states.items() if self._kept.get(name) != state}
        if changed:
            await self._database.transact(lambda connection: _write(connection, changed))
            self._kept |= changed


def _read(connection: sqlite3.Connection) -> dict[str, tuple[str, datetime]]:
    rows = connection.execute("SELECT name, state, since FROM device_state").fetchall()
    return {name: (state, datetime.fromisoformat(since)) for name, state, since in rows}


def _write(connection: sqlite3.Connection, states: States) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO device_state VALUES (?, ?, ?)",
        [(name, state, since.isoformat()) for name, (state, since) in states.items()],
    )
