"""Files that are to be kept: in the hub's own folder and in every backup, read back before anybody is told so."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from contract.ids import sha256_hex
from hub.store.blobs import BlobStore

_NAME = "documents"


class BackupFailed(OSError):
    """A backup does not give back what was written to it; check its medium and the rights of its folder."""


class Archive:
    """The same blobs in several folders, the hub's own first."""

    def __init__(self, stores: Sequence[BlobStore]) -> None:
        self._stores = tuple(stores)

    @classmethod
    def of(cls, own: Path, backups: Sequence[Path]) -> Self:
        """Open (or make) the folder `documents` in each of these; raise OSError."""
        return cls([BlobStore(folder / _NAME) for folder in (own, *backups)])

    def put(self, content: bytes) -> str:
        """Store the content everywhere, and return its SHA-256 once each folder gave it back; raise OSError."""
        name = sha256_hex(content)
        for store in self._stores:
            if not _is_sound(store, name):
                store.delete(name)
                store.put(content)
                if not _is_sound(store, name):
                    raise BackupFailed(f"{store} does not give back {name}")
        return name

    def get(self, sha256: str) -> bytes | None:
        """Return the first sound copy, or None where there is none."""
        for store in self._stores:
            content = store.get(sha256)
            if content is not None and sha256_hex(content) == sha256:
                return content
        return None

    def delete(self, sha256: str) -> None:
        """Destroy the content everywhere; raise OSError."""
        for store in self._stores:
            store.delete(sha256)


def _is_sound(store: BlobStore, name: str) -> bool:
    content = store.get(name)
    return content is not None and sha256_hex(content) == name
