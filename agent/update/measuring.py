"""What runs here, measured: the digest of the program's files as they lie in the slot that it was started from."""

import hashlib
from pathlib import Path

import msgspec

from agent.update.building import site_packages
from agent.update.release import FILE, Release, opened
from contract.genuine import contents_digest


def contents_of(slot: Path) -> bytes:
    """Return the digest (`contract.genuine`) of the program in `slot`, empty where no release made the slot.

    The program's own files are read and hashed now, so that a changed or missing one gives another digest; the packages
    that it needs were unpacked and stand with the hashes that they were installed by.
    """
    try:
        release = opened((slot / FILE).read_bytes())
    except (OSError, msgspec.DecodeError):
        return b""
    return contents_digest([*_own(slot, release), *((each.name, each.sha256) for each in release.wheels)])


def _own(slot: Path, release: Release) -> list[tuple[str, str]]:
    site = site_packages(slot, release.python)
    return [(each.path, _sha256(site / each.path)) for each in release.files]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "none"
