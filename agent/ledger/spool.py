"""One folder of files per visit: what is too big for the journal, and must be gone when the visit is over (R13)."""

import asyncio
import errno
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.ledger.faults import LedgerDiskFull, LedgerUnwritable
from agent.whole_file import write_whole
from contract.ids import sha256_hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """The files of one visit."""

    folder: Path

    def path(self, name: str) -> Path:
        """Return where a file of this name lies or would lie."""
        return self.folder / name

    async def write(self, name: str, content: bytes) -> Path:
        """Put a file on the disk, whole or not at all; raise LedgerDiskFull or LedgerUnwritable."""
        await asyncio.to_thread(_put, self.path(name), content)
        return self.path(name)

    async def read(self, name: str) -> bytes:
        """Return a file's bytes."""
        return await asyncio.to_thread(self.path(name).read_bytes)

    def has(self, name: str) -> bool:
        """Return whether the file is there."""
        return self.path(name).exists()

    async def hashes(self, keep: Sequence[str] = ()) -> list[str]:
        """Return the SHA-256 of every file but those in `keep`, sorted."""
        return await asyncio.to_thread(_hashes, self.folder, frozenset(keep))

    async def purge(self, keep: Sequence[str] = ()) -> None:
        """Remove every file but those in `keep`, and the folder if it is empty then."""
        await asyncio.to_thread(_purge, self.folder, frozenset(keep))

    async def copy_out(self, target: Path, names: Iterable[str]) -> None:
        """Copy those of the named files that exist to the folder `target`."""
        await asyncio.to_thread(_copy_out, self.folder, target, list(names))


def _put(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as fault:
        full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
        raise (LedgerDiskFull if full else LedgerUnwritable)(
            f"{path} could not be written: {fault.strerror}"
        ) from fault


def _files(folder: Path, keep: frozenset[str]) -> list[Path]:
    return [path for path in folder.iterdir() if path.name not in keep] if folder.exists() else []


def _hashes(folder: Path, keep: frozenset[str]) -> list[str]:
    return sorted({sha256_hex(path.read_bytes()) for path in _files(folder, keep)})


def _purge(folder: Path, keep: frozenset[str]) -> None:
    for path in _files(folder, keep):
        path.unlink()
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def _copy_out(source: Path, target: Path, names: Sequence[str]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)
