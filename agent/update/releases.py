"""What may be installed: a TUF repository, judged by python-tuf (TUF specification 1.0.34, §5)."""

import logging
import sysconfig
from pathlib import Path

import msgspec
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient import Updater, UpdaterConfig

from agent.update.faults import ReleaseRefused, RepositoryAway, RepositoryRefused, UpdateFault
from agent.update.fetching import MetadataFetcher, Wire
from agent.update.release import FILE, Release, opened, target

log = logging.getLogger(__name__)

METADATA, TARGETS = "metadata/", "targets/"
CONFIG = UpdaterConfig(root_max_length=64 * 1024, snapshot_max_length=256 * 1024, targets_max_length=2 * 1024 * 1024)


class Releases:
    """The repository as one kiosk sees it; made anew for each look, as python-tuf wants it."""

    def __init__(self, wire: Wire, folder: Path, trusted_root: bytes) -> None:
        """Begin with the root that was installed; newer ones follow by the chain of their signatures.

        Raise RepositoryRefused where that root is none.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        try:
            self._updater = Updater(
                metadata_dir=str(folder),
                metadata_base_url=wire.address + METADATA,
                target_base_url=wire.address + TARGETS,
                fetcher=MetadataFetcher(wire),
                config=CONFIG,
                bootstrap=trusted_root,
            )
        except RepositoryError as fault:
            raise RepositoryRefused(f"the root that was installed with the kiosk is none: {fault}") from fault

    def refresh(self) -> None:
        """Take the newest metadata; raise RepositoryAway or RepositoryRefused, OSError where the disk fails."""
        try:
            self._updater.refresh()
        except (RepositoryError, DownloadError) as fault:
            raise _told(fault) from fault

    def newest(self) -> str:
        """Return the version with the highest number for this machine; raise ReleaseRefused.

        To be asked after `refresh`: python-tuf keeps the list that it has judged in the folder.
        """
        offered: Metadata[Targets] = Metadata[Targets].from_file(str(self._folder / "targets.json"))
        mine = f"{sysconfig.get_platform()}/"
        numbers = {
            name: int(file.custom["number"])
            for name, file in offered.signed.targets.items()
            if name.startswith(mine) and file.custom
        }
        if not numbers:
            raise ReleaseRefused(f"the repository has no release for {sysconfig.get_platform()}")
        return max(numbers, key=numbers.__getitem__).removeprefix(mine).removesuffix(f"/{FILE}")

    def find(self, version: str) -> Release:
        """Return a release for this machine; raise ReleaseRefused and what `refresh` raises."""
        name = target(sysconfig.get_platform(), version)
        path = self._folder / FILE
        try:
            known = self._updater.get_targetinfo(name)
            if known is None:
                raise ReleaseRefused(f"the repository has no release {version} for {sysconfig.get_platform()}")
            self._updater.download_target(known, str(path))
        except (RepositoryError, DownloadError) as fault:
            raise _told(fault) from fault
        try:
            return opened(path.read_bytes())
        except msgspec.DecodeError as fault:
            raise ReleaseRefused(f"{name} is signed, but this program does not understand it: {fault}") from fault


def _told(fault: RepositoryError | DownloadError) -> UpdateFault:
    if isinstance(fault, DownloadHTTPError):
        return RepositoryAway(f"the repository does not give its metadata: {fault}")
    if isinstance(fault, DownloadError) and fault.__cause__ is not None:
        return RepositoryAway(f"the repository can't be reached: {fault}")
    if isinstance(fault, DownloadError):
        return RepositoryRefused(f"the server sends more than a file may hold: {fault}")
    return RepositoryRefused(f"{_WHY.get(type(fault), 'the metadata are not in order')}: {fault}")


_WHY: dict[type[Exception], str] = {
    ExpiredMetadataError: "the metadata have expired (nobody renewed them, or an old state is shown to this kiosk)",
    BadVersionNumberError: "older metadata than this kiosk has seen already",
    UnsignedMetadataError: "the signatures are not those of the trusted keys",
    LengthOrHashMismatchError: "a file is not the one that was signed",
}
