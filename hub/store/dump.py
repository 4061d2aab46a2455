"""The hub's tables as one file: what `pg_dump` or SQLite's backup makes while the hub runs, one consistent state."""

import os
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from hub.config import HubConfig

_SQLITE = "hub.sqlite"


class DumpFailed(Exception):
    """The database's own tool did not do it; the text is what it says."""


def write(config: HubConfig, path: Path, user: str) -> None:
    """Write the tables to `path`; raise DumpFailed."""
    if config.database:
        _tool("pg_dump", ["--format=custom", "--no-owner"], make_url(config.database), user, output=path)
        return
    _copied(config.data_dir / _SQLITE, path)


def load(config: HubConfig, path: Path, user: str) -> None:
    """Fill an empty database from `path`; raise DumpFailed, with nothing changed."""
    if config.database:
        whole = ["--single-transaction", "--exit-on-error", "--no-owner"]
        _tool("pg_restore", whole, make_url(config.database), user, source=path)
        return
    _copied(path, config.data_dir / _SQLITE)


def _copied(path: Path, to: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
    except sqlite3.Error as fault:
        raise DumpFailed(f"SQLite says of {path.name}: {fault}") from fault


def _tool(
    name: str, options: Sequence[str], url: URL, user: str, *, output: Path | None = None, source: Path | None = None
) -> None:
    """Run one of PostgreSQL's programs as the hub's user, whom the server knows by its socket."""
    shown = url.set(drivername="postgresql", password=None).render_as_string()
    environment: Mapping[str, str] = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    becoming = ["runuser", f"--user={user}", "--"] if os.geteuid() == 0 else []
    read, write_ = (source or Path(os.devnull)), (output or Path(os.devnull))
    with read.open("rb") as stdin, write_.open("wb") as stdout:
        argv = [*becoming, name, *options, f"--dbname={shown}"]
        done = subprocess.run(  # its user may not enter every folder
            argv, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=environment, check=False, cwd="/"
        )
    if done.returncode:
        raise DumpFailed(f"{name} says: {done.stderr.decode(errors='replace').strip()}")
