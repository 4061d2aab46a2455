"""Files by their hash: everything of a release is gathered here before anything is built."""

import hashlib
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.update.faults import NoRoom
from agent.update.fetching import Wire, fetch
from agent.update.release import Content, File, Release, Wheel

RESERVE_BYTES = 64 * 1024 * 1024
BYTECODE = 1.6
"""An environment with its bytecode takes so much more than without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The store at `folder`; `site` (the packages of the slot that runs) and `wheels` are looked through first."""

    folder: Path
    site: Path
    wheels: Path

    def path(self, wanted: Content) -> Path:
        """Return where an object lies, or will."""
        return self.folder / wanted.sha256

    def gather(self, release: Release, wire: Wire, told: Callable[[int, int], None], *, gives_way: Path) -> int:
        """Bring everything of a release here; return how many bytes came over the wire.

        `told` hears of bytes come and bytes to come; the folder `gives_way` is removed before the release is built.
        Raise RepositoryAway, ContentDamaged, NoRoom or OSError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        missing = [each for each in _once_each(release.contents) if not self._have(each)]
        self._room(release, missing, gives_way)
        whole, came = sum(each.size for each in missing), 0
        for each in missing:
            fetch(wire, each, self.folder / f"{each.sha256}.part", self.path(each))
            came += each.size
            told(came, whole)
        return came

    def prune(self, kept: Iterable[Release]) -> None:
        """Remove what none of the releases holds."""
        wanted = {content.sha256 for release in kept for content in release.contents}
        for path in self.folder.iterdir() if self.folder.exists() else ():
            if path.name not in wanted:
                path.unlink()

    def _have(self, wanted: Content) -> bool:
        if is_whole(self.path(wanted), wanted):
            return True
        for source in self._elsewhere(wanted):
            if is_whole(source, wanted):
                copy = self.folder / f"{wanted.sha256}.copy"
                shutil.copyfile(source, copy)
                copy.replace(self.path(wanted))
                return True
        return False

    def _elsewhere(self, wanted: Content) -> Iterator[Path]:
        if isinstance(wanted, Wheel):
            yield self.wheels / wanted.name
        if isinstance(wanted, File):
            yield self.site / wanted.path

    def _room(self, release: Release, missing: list[Content], gives_way: Path) -> None:
        parts = (self.folder / f"{each.sha256}.part" for each in missing)
        half = sum(part.stat().st_size for part in parts if part.exists())
        free = shutil.disk_usage(self.folder).free
        lacks = sum(each.size for each in missing) - half + RESERVE_BYTES - free  # what comes lies beside the old slot
        lacks = max(lacks, lacks + int(release.installed_bytes * BYTECODE) - _bytes_on_disk(gives_way))
        if lacks > 0:
            raise NoRoom(f"below {self.folder.parent} {free >> 20} MiB are free, {-(-lacks >> 20)} MiB more are needed")


def is_whole(path: Path, wanted: Content) -> bool:
    """Return whether the file at `path` is the one that is wanted, every byte of it."""
    try:
        if path.stat().st_size != wanted.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == wanted.sha256
    except FileNotFoundError:
        return False


def _bytes_on_disk(folder: Path) -> int:
    files = (each.lstat() for each in folder.rglob("*")) if folder.exists() else ()
    return sum(512 * each.st_blocks for each in files if each.st_nlink == 1 or stat.S_ISDIR(each.st_mode))


def _once_each(contents: Iterable[Content]) -> Iterator[Content]:
    return iter({each.sha256: each for each in contents}.values())
