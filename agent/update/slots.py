"""The two slots and the links that name them; a link changes by one rename, on the disk when that returns."""

import errno
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec

from agent.update.release import FILE, Release, opened
from agent.whole_file import write_whole

NAMES = ("a", "b")
CURRENT, KEPT = "current", "kept"


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots under `root`."""

    root: Path

    def folder(self, name: str) -> Path:
        """Return where a slot lies."""
        return self.root / "slots" / name

    @property
    def current(self) -> str:
        """The slot that runs; raise OSError where no program was ever installed."""
        return self._named(CURRENT)

    @property
    def kept(self) -> str:
        """The slot that is known to be good; a kiosk without the link never had another than the one that runs."""
        try:
            return self._named(KEPT)
        except FileNotFoundError:
            return self.current

    @property
    def spare(self) -> str:
        """The slot that the next version goes into."""
        return next(name for name in NAMES if name != self.kept)

    def switch(self, name: str) -> None:
        """Let `name` run from the next start of the agent on."""
        if not (self.root / KEPT).is_symlink():
            self._point(KEPT, self.current)
        self._point(CURRENT, name)

    def keep(self, name: str) -> None:
        """Trust `name`."""
        self._point(KEPT, name)

    def version(self, name: str) -> str:
        """Return the version in a slot; empty where the slot is not whole."""
        try:
            return (self.folder(name) / "VERSION").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def release(self, name: str) -> Release | None:
        """Return the release that a slot was made from; None where a package made it, or it is not whole."""
        try:
            return opened((self.folder(name) / FILE).read_bytes()) if self.version(name) else None
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def close(self, name: str, version: str) -> None:
        """Mark a slot as whole, after everything in it is on the disk; raise OSError."""
        done = subprocess.run(["sync", "--file-system", self.root], capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(errno.EIO, done.stderr.strip())
        write_whole(self.folder(name) / "VERSION", f"{version}\n".encode())

    def _named(self, link: str) -> str:
        return (self.root / link).readlink().name

    def _point(self, link: str, name: str) -> None:
        fresh = self.root / f"{link}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("slots") / name)
        fresh.replace(self.root / link)
        folder = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
