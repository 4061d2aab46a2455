"""The root of trust: who may sign what. A new one is drawn up, signed by its holders one after the other, then taken.

Kiosks follow from the root that was installed with them, version by version, however long they were away (TUF §5.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.exceptions import RepositoryError, UnsignedMetadataError
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from agent.whole_file import write_whole
from contract.clock import Clock
from provisioning.releasing import metadata as shelf

PROPOSED = "root.proposed.json"


class RootWrong(Exception):
    """The new root can't be taken; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Whose keys sign: `threshold` of the root's, any of the others'. Snapshot and timestamp are the online role."""

    root: Sequence[SSlibKey]
    threshold: int
    targets: Sequence[SSlibKey]
    online: Sequence[SSlibKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a root in force says of itself."""

    version: int
    expires: datetime
    threshold: int
    holders: int


def shown(file: Path) -> Shown:
    """Return what the root in `file` says, if enough of its own holders signed it; raise RootWrong."""
    try:
        known: Metadata[Root] = Metadata[Root].from_bytes(file.read_bytes())
        known.signed.verify_delegate(Root.type, known.signed_bytes, known.signatures)
        role = known.signed.roles[Root.type]
    except UnsignedMetadataError as fault:
        raise RootWrong(f"{file} is not signed by enough of its holders: {fault}") from fault
    except (OSError, RepositoryError, AttributeError) as fault:
        raise RootWrong(f"{file} is no root of a repository: {fault}") from fault
    return Shown(
        version=known.signed.version, expires=known.signed.expires, threshold=role.threshold, holders=len(role.keyids)
    )


def propose(folder: Path, holders: Holders, clock: Clock) -> Path:
    """Draw up the repository's next root, unsigned; return the file that travels to the holders. Raise RootWrong."""
    if not 1 <= holders.threshold <= len(holders.root):
        raise RootWrong(f"{holders.threshold} of {len(holders.root)} root keys can't sign")
    before = shelf.newest(folder, Root.type)
    expires = (clock.now() + shelf.GOOD_FOR[Root.type]).replace(microsecond=0)
    root = Root(version=before.signed.version + 1 if before else 1, expires=expires, consistent_snapshot=True)
    for role, keys in (
        (Root.type, holders.root), (Targets.type, holders.targets), (Snapshot.type, holders.online),
        (Timestamp.type, holders.online),
    ):  # fmt: skip
        for key in keys:
            root.add_key(key, role)
    root.roles[Root.type].threshold = holders.threshold
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / PROPOSED
    file.write_bytes(Metadata(root).to_bytes())
    return file


def sign(file: Path, signer: CryptoSigner) -> int:
    """Add one holder's signature to a proposed root; return how many it has now. Raise RootWrong, OSError."""
    try:
        proposed: Metadata[Any] = Metadata.from_bytes(file.read_bytes())
    except (OSError, RepositoryError) as fault:
        raise RootWrong(f"{file} can't be read: {fault}") from fault
    proposed.sign(signer, append=True)
    write_whole(file, proposed.to_bytes())
    return len(proposed.signatures)


def accept(folder: Path, file: Path) -> int:
    """Put a proposed root into the repository if the old and the new holders signed it; return its version.

    Raise RootWrong.
    """
    try:
        proposed: Metadata[Root] = Metadata.from_bytes(file.read_bytes())
        before = shelf.newest(folder, Root.type)
        if before is not None and isinstance(before.signed, Root):
            if proposed.signed.version != before.signed.version + 1:
                raise RootWrong(f"version {proposed.signed.version} does not follow {before.signed.version}")
            before.signed.verify_delegate(Root.type, proposed.signed_bytes, proposed.signatures)
        proposed.signed.verify_delegate(Root.type, proposed.signed_bytes, proposed.signatures)
    except UnsignedMetadataError as fault:
        raise RootWrong(
            f"{file} lacks signatures: {fault}. Let more holders sign it (`tram release root sign`)"
        ) from fault
    except (OSError, RepositoryError) as fault:
        raise RootWrong(f"{file} can't be read: {fault}") from fault
    shelf.write(folder, Root.type, proposed)
    return proposed.signed.version
