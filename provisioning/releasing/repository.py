"""Targets, snapshot and timestamp of a repository, kept by python-tuf's own repository class."""

from datetime import datetime
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.repository import Repository

from agent.update.release import Release, packed, target
from agent.whole_file import write_whole
from contract.clock import Clock
from provisioning.releasing import metadata as shelf


class NotPublished(Exception):
    """The repository can't take this; the text says why."""


class ReleaseRepository(Repository):
    """The repository in `folder`, signed with the keys that are at hand: the publisher's, the online one, or both."""

    def __init__(
        self, folder: Path, clock: Clock, *, targets: CryptoSigner | None = None, online: CryptoSigner | None = None
    ) -> None:
        self._folder, self._clock = folder, clock
        self._signers = {Targets.type: targets, Snapshot.type: online, Timestamp.type: online}

    def open(self, role: str) -> Metadata[Any]:
        """Return the newest metadata of a role, or the first ones."""
        found = shelf.newest(self._folder, role)
        if found is None and role == Root.type:
            raise NotPublished(f"{self._folder} has no root yet; make one with `tram release root`")
        return found or _first(role)

    def close(self, role: str, md: Metadata[Any]) -> None:
        """Sign the next version of a role and put it into the repository; raise NotPublished."""
        signer = self._signer(role)
        md.signed.version += 1
        md.signed.expires = (self._clock.now() + shelf.GOOD_FOR[role]).replace(microsecond=0)
        md.sign(signer)
        shelf.write(self._folder, role, md)

    @property
    def targets_infos(self) -> dict[str, MetaFile]:
        """What the snapshot says of the targets."""
        return {f"{Targets.type}.json": self._info(Targets.type)}

    @property
    def snapshot_info(self) -> MetaFile:
        """What the timestamp says of the snapshot."""
        return self._info(Snapshot.type)

    def good_until(self) -> dict[str, datetime]:
        """Return when what people sign by hand expires: from then on kiosks believe nothing of it."""
        return {role: self.open(role).signed.expires for role in (Root.type, Targets.type)}

    def publish(self, release: Release) -> None:
        """Offer a release whose objects are there; raise NotPublished."""
        self._require_signers()
        name, content = target(release.platform, release.version), packed(release)
        for other, known in self.releases().items():
            if other == name or (known >= release.number and other.startswith(f"{release.platform}/")):
                raise NotPublished(
                    f"{other} with number {known} is there; a release has a new version, a higher number"
                )
        file = TargetFile.from_data(name, content, ["sha256"])
        file.unrecognized_fields["custom"] = {"number": release.number}
        place = self._folder / "targets" / name
        place = place.with_name(f"{file.hashes['sha256']}.{place.name}")
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, content)
        with self.edit_targets() as targets:
            targets.targets[name] = file
        self.renew()

    def withdraw(self, platform: str, version: str) -> None:
        """Offer a release no more; raise NotPublished."""
        self._require_signers()
        with self.edit_targets() as targets:
            if targets.targets.pop(target(platform, version), None) is None:
                raise NotPublished(f"there is no release {version} for {platform}")
        self.renew()

    def resign_targets(self) -> None:
        """Sign the same releases anew, with the keys that are at hand; raise NotPublished."""
        self._require_signers()
        with self.edit_targets():
            pass
        self.renew()

    def renew(self) -> None:
        """Say anew what is newest; to be done daily, so that kiosks can tell fresh from frozen."""
        self.do_snapshot(force=True)
        self.do_timestamp(force=True)

    def releases(self) -> dict[str, int]:
        """Return what is offered, each with its number."""
        return {name: file.custom["number"] for name, file in self.targets().targets.items() if file.custom}

    def _require_signers(self) -> None:
        """Raise NotPublished unless all can be signed: nothing is left half published."""
        for role in self._signers:
            self._signer(role)

    def _signer(self, role: str) -> CryptoSigner:
        signer = self._signers[role]
        if signer is None:
            raise NotPublished(f"the key of {role} is needed")
        if signer.public_key.keyid not in self.root().roles[role].keyids:
            raise NotPublished(f"the key {signer.public_key.keyid[:12]} may not sign {role}; see the root")
        return signer

    def _info(self, role: str) -> MetaFile:
        found = self.open(role)
        content = shelf.path(self._folder, role, found.signed.version).read_bytes()
        return MetaFile.from_data(found.signed.version, content, ["sha256"])


def _first(role: str) -> Metadata[Any]:
    """Return what version 1 is made from."""
    empty = {Targets.type: Targets(), Snapshot.type: Snapshot(meta={}), Timestamp.type: Timestamp()}[role]
    empty.version = 0
    return Metadata(empty)
