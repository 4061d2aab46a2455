"""Which catalogue is in force: the one that came with the program, or a newer one that was signed and taken.

What was taken lies in one file, put in its place whole (whole_file.py) and checked again at each start; the index is
made from it. A version never goes back: neither to an older package nor, after an update of the program, to a package
older than the program's own.
"""

import logging
from pathlib import Path
from threading import Lock

from agent.catalogue.index import Found, Index
from agent.whole_file import write_whole
from contract import catalogue as catalogues
from contract.catalogue import Catalogue, CatalogueWrong
from contract.note import LogKey

log = logging.getLogger(__name__)

PACKAGE = "catalogue.json"


class CatalogueOlder(CatalogueWrong):
    """A package is not newer than what is in force; it is not taken."""


class Shelf:
    """The catalogue of one kiosk; without a key none but the program's own is ever in force."""

    def __init__(self, folder: Path | None = None, key: LogKey | None = None) -> None:
        self._path = folder / PACKAGE if folder else None
        self._key = key
        self._lock = Lock()
        self._catalogue = self._kept() or catalogues.own()
        self._index: Index | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return self._catalogue

    def ask(self, question: str) -> Found:
        """Return what of the catalogue in force answers a question; the first time takes longer, see `warm`."""
        return self.warm().ask(question)

    def warm(self) -> Index:
        """Return the index, made where it is not made yet (some 50 ms)."""
        with self._lock:
            if self._index is None:
                self._index = Index(self._catalogue)
            return self._index

    def take(self, package: bytes) -> Catalogue:
        """Put a signed package in force, durably, and return its catalogue.

        Taking the same once more changes nothing. Raise CatalogueWrong, CatalogueOlder, or OSError where the disk does
        not keep it; then what was in force is in force.
        """
        if self._path is None or self._key is None:
            raise CatalogueWrong("This kiosk has no [guide] key, so it takes no catalogue. Add the key to kiosk.toml.")
        fresh = catalogues.opened(package, self._key)
        if fresh == self._catalogue:
            return fresh
        if fresh.version <= self._catalogue.version:
            raise CatalogueOlder(f"Version {fresh.version} is not newer than {self._catalogue.version}, in force here.")
        index = Index(fresh)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, package)
        with self._lock:
            self._catalogue, self._index = fresh, index
        log.info("catalogue %s is in force", fresh.version)
        return fresh

    def _kept(self) -> Catalogue | None:
        """Return what was taken before, if it is still good and newer than the program's own."""
        if self._path is None or self._key is None or not self._path.exists():
            return None
        try:
            kept = catalogues.opened(self._path.read_bytes(), self._key)
        except (CatalogueWrong, OSError) as fault:
            log.warning("the catalogue in %s is not used: %s", self._path, fault)
            return None
        return kept if kept.version > catalogues.own().version else None
