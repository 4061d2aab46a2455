"""The releases that the agency publishes (`tram release`), as they lie in `data_dir`/releases: what may run on kiosks.

The folder is a TUF repository. Kiosks judge its signatures; the hub serves it, and here says only what it offers.
"""

import logging
import zlib
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from contract.genuine import contents_digest
from contract.ids import sha256_hex

log = logging.getLogger(__name__)

_MOST_BYTES = 32 * 1024 * 1024


class _Target(Struct, frozen=True):
    hashes: dict[str, str]


class _Targets(Struct, frozen=True):
    targets: dict[str, _Target]


class _Signed(Struct, frozen=True):
    signed: _Targets


class _File(Struct, frozen=True):
    path: str
    sha256: str


class _Wheel(Struct, frozen=True):
    name: str
    sha256: str


class _Release(Struct, frozen=True):
    files: tuple[_File, ...]
    wheels: tuple[_Wheel, ...]


def offered(folder: Path, version: str) -> set[bytes] | None:
    """Return the digests (`contract.genuine.contents_digest`) of a version's releases, one for each kind of machine.

    Empty where the version is not offered, or no more; None where there is no repository, or none that can be read.
    """
    try:
        targets = _targets(folder)
        if targets is None:
            return None
        files = [_place(folder, name, sha256) for name, sha256 in targets.items() if _version_in(name) == version]
        return {_contents(path) for path in files}
    except (OSError, ValueError, zlib.error) as fault:
        log.warning("the releases in %s can't be read: %s", folder, fault)
        return None


def _targets(folder: Path) -> dict[str, str] | None:
    """Return what is offered, each with the SHA-256 of its file; None where nothing ever was."""
    metadata = {int(each.name.partition(".")[0]): each for each in (folder / "metadata").glob("[0-9]*.targets.json")}
    if not metadata:
        return None
    known = msgspec.json.decode(metadata[max(metadata)].read_bytes(), type=_Signed).signed.targets
    return {name: each.hashes["sha256"] for name, each in known.items() if "sha256" in each.hashes}


def _version_in(target: str) -> str:
    """Return the version in a target's name, as `agent.update.release.target` makes it."""
    return "/".join(target.split("/")[1:-1])


def _place(folder: Path, target: str, sha256: str) -> Path:
    path = folder / "targets" / target
    return path.with_name(f"{sha256}.{path.name}")


@lru_cache(maxsize=32)
def _contents(path: Path) -> bytes:
    """Return the digest of the release in a file, whose name begins with its hash: it never changes.

    Raise OSError, ValueError or zlib.error.
    """
    packed = path.read_bytes()
    if sha256_hex(packed) != path.name.partition(".")[0]:
        raise ValueError(f"{path.name} is not the file that was signed")
    plain = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(packed, _MOST_BYTES)
    release = msgspec.json.decode(plain, type=_Release)
    files = [(each.path, each.sha256) for each in release.files]
    return contents_digest([*files, *((each.name, each.sha256) for each in release.wheels)])
