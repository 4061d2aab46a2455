"""The hub's database on a PostgreSQL of the same machine, and its user there (by the socket, without a password)."""

import shutil
import subprocess

_SERVER_USER = "postgres"


class DatabaseMissing(Exception):
    """It can't be made; the text says what to do."""


def ensure(name: str, user: str) -> bool:
    """Make database and owner where they are missing, as root; return whether the first was; raise DatabaseMissing."""
    if not shutil.which("createdb"):
        raise DatabaseMissing(
            "PostgreSQL is not on this machine: apt install postgresql. Or name a database elsewhere with --database, "
            "or SQLite with --database ''"
        )
    if user not in _listed("SELECT rolname FROM pg_roles"):
        _as_its_user("createuser", user)
    if name in _listed("SELECT datname FROM pg_database"):
        return False
    _as_its_user("createdb", "--encoding=UTF8", "--template=template0", f"--owner={user}", name)
    return True


def _listed(query: str) -> list[str]:
    return _as_its_user("psql", "--dbname=postgres", "--no-align", "--tuples-only", f"--command={query}").splitlines()


def _as_its_user(*argv: str) -> str:
    done = subprocess.run(
        ["runuser", f"--user={_SERVER_USER}", "--", *argv], capture_output=True, text=True, check=False, cwd="/"
    )
    if done.returncode:
        raise DatabaseMissing(f"{argv[0]} says: {done.stderr.strip()}. Is it running? systemctl start postgresql")
    return done.stdout.strip()
