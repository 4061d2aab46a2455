"""What can be wrong with the ledger.

    LedgerFault
    ├── LedgerDiskFull       no room for another line
    ├── LedgerLocked         another process has it open
    ├── LedgerUnwritable     the folder or file can't be opened or written
    ├── LedgerCorrupt        the file is not a sound database
    ├── LedgerFromTheFuture  a newer program wrote it
    └── BookedDifferently    one reference, two different bookings

Nothing of a failed transaction is kept: what the message is about has not happened in the ledger.
"""

import sqlite3
from pathlib import Path


class LedgerFault(Exception):
    """The ledger can't be used; the text says what is wrong, `remedy` what to do."""

    remedy = "Call the technician; take no further orders."


class LedgerDiskFull(LedgerFault):
    """The disk is full, so nothing more can be recorded."""

    remedy = "Free space on the kiosk's data disk, then restart the agent; open visits go on where they stood."


class LedgerLocked(LedgerFault):
    """Another process works with this ledger."""

    remedy = "Stop the other agent that uses this folder, or give this one a folder of its own."


class LedgerUnwritable(LedgerFault):
    """The ledger's file or folder can't be opened for writing."""

    remedy = "Check that the folder in kiosk.toml exists, is mounted read-write and belongs to the agent's user."


class LedgerCorrupt(LedgerFault):
    """The ledger's file is damaged."""

    remedy = "Keep the file for examination, count the cash by hand, and start with an empty folder."


class LedgerFromTheFuture(LedgerFault):
    """A newer program has written this ledger."""

    remedy = "Install the program version that wrote it, or a later one."


class BookedDifferently(LedgerFault):
    """The same reference was booked before with other amounts."""

    remedy = "Count the cash by hand and compare with the journal; the device repeats serial numbers."


_BY_CODE: dict[int, type[LedgerFault]] = {
    sqlite3.SQLITE_FULL: LedgerDiskFull,
    sqlite3.SQLITE_IOERR: LedgerUnwritable,
    sqlite3.SQLITE_BUSY: LedgerLocked,
    sqlite3.SQLITE_LOCKED: LedgerLocked,
    sqlite3.SQLITE_READONLY: LedgerUnwritable,
    sqlite3.SQLITE_CANTOPEN: LedgerUnwritable,
    sqlite3.SQLITE_PERM: LedgerUnwritable,
    sqlite3.SQLITE_CORRUPT: LedgerCorrupt,
    sqlite3.SQLITE_NOTADB: LedgerCorrupt,
}


def named(fault: sqlite3.Error, path: Path) -> Exception:
    """Return the LedgerFault behind SQLite's error, or the error itself where it is a mistake in the program."""
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    kind = _BY_CODE.get(code)
    return kind(f"{kind.__doc__} ({path}: {fault})") if kind else fault
