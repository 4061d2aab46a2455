"""The catalogue of procedures that kiosks are to have: published at the hub once, then sent to each that asks for it.

The hub passes the package on as it was signed; whether it is in order each kiosk judges by its own key.
"""

from dataclasses import replace
from pathlib import Path

from contract import catalogue as catalogues
from contract.catalogue import Catalogue, CatalogueWrong
from contract.ids import sha256_hex
from contract.jobs import Verb
from contract.messages import BlobRef
from contract.note import LogKey
from hub.fleet.wishes import Wish
from hub.rooms import Hub
from hub.signing.credentials import write_whole

FILE = "catalogue.json"


def publish(data_dir: Path, package: bytes, key: LogKey) -> Catalogue:
    """Put a package that `key` signed in the place of the one before, and return its catalogue.

    Raise CatalogueWrong where it is not signed so, or not newer than what is there; OSError where it can't be written.
    """
    fresh, before = catalogues.opened(package, key), current(data_dir)
    if fresh.version <= before.version:
        raise CatalogueWrong(f"Version {fresh.version} is not newer than {before.version}, which is here.")
    write_whole(data_dir / FILE, package, mode=0o644)
    return fresh


def published(data_dir: Path) -> bytes | None:
    """Return the package that was published, None where none was."""
    path = data_dir / FILE
    return path.read_bytes() if path.exists() else None


def current(data_dir: Path) -> Catalogue:
    """Return the newest catalogue that the hub knows: the published one, or its own program's."""
    package, own = published(data_dir), catalogues.own()
    kept = catalogues.unpacked(package) if package else own
    return max(own, kept, key=lambda each: each.version)


def with_newest(hub: Hub, wish: Wish) -> Wish:
    """Return a wish for a newer catalogue with the published one in it; any other wish as it is."""
    package = published(hub.config.data_dir) if wish.verb == Verb.UPDATE_CATALOGUE else None
    return replace(wish, blob=BlobRef(sha256=sha256_hex(package), size_bytes=len(package))) if package else wish
