"""A private PostgreSQL: its own folder and socket, no port; Debian's server, run as `postgres` where we are root."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

from provisioning.onebox.child import Child, ChildFailed

_USER = "postgres"
_PLACES = "/usr/lib/postgresql"


class PostgreSql:
    """One server for as long as this object is started; the folder is thrown away by whoever made it."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder, self._data = folder, folder / "data"
        self._programs = _programs()
        settings = ["listen_addresses=", f"unix_socket_directories={folder}", "max_connections=200"]
        settings += [] if durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        options = [part for setting in settings for part in ("-c", setting)]
        server = [str(self._programs / "postgres"), "-D", str(self._data), *options]
        self._child = Child("PostgreSQL", [*_as_its_user(), *server], folder / "log")

    def start(self) -> None:
        """Make the database cluster where there is none and serve it; raise ChildFailed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self._folder, _USER)
        if not self._data.exists():
            self._run(
                "initdb", "-D", str(self._data), "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"
            )
        self._child.start(lambda: (self._folder / ".s.PGSQL.5432").exists() and self._answers())

    def stop(self) -> None:
        """End it."""
        self._child.stop()

    def kill(self) -> None:
        """Pull the plug."""
        self._child.kill()

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases as hub.toml takes it."""
        return f"postgresql+psycopg://{_USER}@/{database}?host={quote(str(self._folder), safe='')}"

    def _answers(self) -> bool:
        program = [str(self._programs / "pg_isready"), "-q", "-h", str(self._folder)]
        return subprocess.run(program, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        argv = [*_as_its_user(), str(self._programs / program), *arguments]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode:
            raise ChildFailed(f"{program} failed: {done.stderr.strip()}")


def _programs() -> Path:
    versions = sorted(Path(_PLACES).glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise ChildFailed("PostgreSQL is not installed (apt-get install postgresql-15).")
    return versions[-1].parent


def _as_its_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups"] if os.geteuid() == 0 else []
