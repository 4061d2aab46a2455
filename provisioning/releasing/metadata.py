"""Where a repository's metadata lie, and how long each role's are good.

| role | good for | signed |
|---|---|---|
| root | 365 days | by the holders of its keys, each on a machine without a network |
| targets | 180 days | by the publisher, when a release comes or goes |
| snapshot | 30 days | where it is published |
| timestamp | 7 days | there, every day: so long an attacker can hide a newer release from a kiosk |
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from agent.whole_file import write_whole

GOOD_FOR: Mapping[str, timedelta] = {
    Root.type: timedelta(days=365),
    Targets.type: timedelta(days=180),
    Snapshot.type: timedelta(days=30),
    Timestamp.type: timedelta(days=7),
}


def path(folder: Path, role: str, version: int) -> Path:
    """Return where a version of a role lies in the repository `folder`."""
    name = f"{role}.json" if role == Timestamp.type else f"{version}.{role}.json"
    return folder / "metadata" / name


def newest(folder: Path, role: str) -> Metadata[Any] | None:
    """Return the newest metadata of a role, None where there are none."""
    if role == Timestamp.type:
        file = path(folder, role, 0)
        return Metadata.from_file(str(file)) if file.exists() else None
    versions = [int(file.name.split(".")[0]) for file in (folder / "metadata").glob(f"*.{role}.json")]
    return Metadata.from_file(str(path(folder, role, max(versions)))) if versions else None


def write(folder: Path, role: str, metadata: Metadata[Any]) -> None:
    """Put signed metadata into the repository, whole."""
    file = path(folder, role, metadata.signed.version)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, metadata.to_bytes())
