"""The ledger's tables, one script per version; a script that was released is never edited, a new one is added."""

SCRIPTS = (
    """
    CREATE TABLE visit (
        id TEXT PRIMARY KEY, journey TEXT NOT NULL, wish BLOB NOT NULL, opened_at TEXT NOT NULL,
        cancelled_at TEXT, closed_at TEXT, ending BLOB, stumbles INTEGER NOT NULL DEFAULT 0,
        bytes_up INTEGER NOT NULL DEFAULT 0, bytes_down INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE step (
        visit TEXT NOT NULL REFERENCES visit (id), name TEXT NOT NULL, position INTEGER NOT NULL,
        began_at TEXT NOT NULL, ended_at TEXT, seconds REAL, result BLOB,
        PRIMARY KEY (visit, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE outgoing (
        id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, visit TEXT NOT NULL, kind TEXT NOT NULL, room TEXT NOT NULL,
        payload BLOB NOT NULL, blob_path TEXT, put_at TEXT NOT NULL, done_at TEXT, reply BLOB
    ) STRICT;
    CREATE INDEX outgoing_pending ON outgoing (put_at) WHERE done_at IS NULL;
    CREATE TABLE entry (
        ref TEXT PRIMARY KEY, visit TEXT NOT NULL, booked_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE posting (
        ref TEXT NOT NULL REFERENCES entry (ref), account TEXT NOT NULL, amount_vnd INTEGER NOT NULL,
        PRIMARY KEY (ref, account)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_visit ON entry (visit);
    """,
    """
    UPDATE posting SET account = 'fee' WHERE account = 'kept';
    CREATE TABLE closing (
        number INTEGER PRIMARY KEY, at TEXT NOT NULL, collector TEXT NOT NULL, report BLOB NOT NULL,
        left_vnd INTEGER NOT NULL
    ) STRICT;
    ALTER TABLE entry ADD COLUMN closing INTEGER REFERENCES closing (number);
    CREATE INDEX entry_closing ON entry (closing);
    """,
    """
    CREATE TABLE device_state (name TEXT PRIMARY KEY, state TEXT NOT NULL, since TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE incoming (
        id TEXT PRIMARY KEY, request TEXT NOT NULL, payload BLOB NOT NULL, heard_at TEXT NOT NULL, done_at TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX incoming_open ON incoming (request) WHERE done_at IS NULL;
    """,
    """
    ALTER TABLE closing ADD COLUMN finished_at TEXT;
    UPDATE closing SET finished_at = at;
    """,
    """
    CREATE TABLE job (
        id TEXT PRIMARY KEY, verb TEXT NOT NULL, payload BLOB NOT NULL, heard_at TEXT NOT NULL, state TEXT,
        step INTEGER NOT NULL DEFAULT 0, detail TEXT NOT NULL DEFAULT '', before TEXT,
        restarting INTEGER NOT NULL DEFAULT 0, ended_at TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX job_open ON job (id) WHERE ended_at IS NULL;
    CREATE TABLE remote (name TEXT PRIMARY KEY, payload BLOB NOT NULL) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE settlement (
        id TEXT PRIMARY KEY, visit TEXT NOT NULL, amount_vnd INTEGER NOT NULL, found TEXT NOT NULL,
        reason TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE ticket (
        visit TEXT PRIMARY KEY, day TEXT NOT NULL, prefix TEXT NOT NULL, serial INTEGER NOT NULL,
        drawn_at TEXT NOT NULL, UNIQUE (day, prefix, serial)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE start (number INTEGER PRIMARY KEY) STRICT;
    """,
)

WORKS_FROM = 9
"""A program whose ledger ends at this version or later can work with this program's ledger.

It is what an update that is given back relies on (`agent.update`): the old program then meets the newer tables. New
tables and columns with a default leave it as it is. A script that takes something away or asks more of what is written
raises it to its own version; no kiosk takes such a release from a program that knows less.
"""
