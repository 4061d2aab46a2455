"""Bytes named by their own hash, in a folder: whole blobs, and chunks of those that are still coming in.

A blob counts as stored once file and folder are on the disk (fsync); what is half-written after a power cut carries
another name and is never seen.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from contract.ids import sha256_hex
from contract.topics import chunk_count


class BlobStore:
    """Whole blobs, found by SHA-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def __str__(self) -> str:
        return str(self._folder)

    def put(self, content: bytes) -> str:
        """Store durably and return the SHA-256 (lower-case hex); storing twice is the same as once."""
        name = sha256_hex(content)
        if not self._path(name).exists():
            _write_durably(self._path(name), content)
        return name

    def get(self, sha256: str) -> bytes | None:
        """Return the blob, or None where it is not (any longer) here."""
        path = self._path(sha256)
        return path.read_bytes() if path.exists() else None

    def names(self, *, before: float) -> list[str]:
        """Return the files that were written before a moment (seconds since 1970), also half-written ones."""
        return [path.name for path in _files(self._folder) if _older(path, before)]

    def delete(self, sha256: str) -> None:
        """Destroy the blob; no error where it is gone already."""
        self._path(sha256).unlink(missing_ok=True)
        _sync_folder(self._folder)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256


class ChunkStore:
    """Chunks of drafts on their way, per kiosk; a chunk survives a restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, kiosk: str, sha256: str, index: int, content: bytes) -> None:
        """Store one chunk durably."""
        folder = self._draft(kiosk, sha256)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_durably(folder / str(index), content)

    def missing(self, kiosk: str, sha256: str, size_bytes: int) -> tuple[int, ...]:
        """Return the chunks not here yet, in order."""
        folder = self._draft(kiosk, sha256)
        return tuple(n for n in range(chunk_count(size_bytes)) if not (folder / str(n)).exists())

    def joined(self, kiosk: str, sha256: str, size_bytes: int) -> bytes:
        """Return the chunks one after the other; all of them must be here."""
        folder = self._draft(kiosk, sha256)
        return b"".join((folder / str(n)).read_bytes() for n in range(chunk_count(size_bytes)))

    def names(self, *, before: float) -> list[str]:
        """Return the drafts (SHA-256) with a chunk that was written before a moment (seconds since 1970)."""
        drafts = (draft for kiosk in _files(self._folder) for draft in _files(kiosk))
        return [draft.name for draft in drafts if any(_older(chunk, before) for chunk in _files(draft))]

    def discard(self, kiosk: str, sha256: str) -> None:
        """Destroy a draft's chunks; no error where there are none."""
        folder = self._draft(kiosk, sha256)
        for chunk in _files(folder):
            chunk.unlink(missing_ok=True)
        if folder.exists():
            folder.rmdir()

    def _draft(self, kiosk: str, sha256: str) -> Path:
        return self._folder / kiosk / sha256


def _files(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.exists() else iter(())


def _older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:
        return False  # destroyed meanwhile


def _write_durably(path: Path, content: bytes) -> None:
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
