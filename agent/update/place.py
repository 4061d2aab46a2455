"""Where an update works, as `[updates]` of kiosk.toml says."""

from dataclasses import dataclass
from pathlib import Path

FOR_THE_OTHER = 0o644
"""What agent and updater tell each other, two users with umasks of their own; the folder keeps everybody else out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The folders of one kiosk.

    `root` holds slots, links and store (one filesystem); `folder` is the updater's own; `run` is shared with the agent
    and empty after a boot; `wheels` are those of the package that the kiosk was installed from; `clock_report` says
    whether the clock may be believed.
    """

    root: Path
    folder: Path
    run: Path
    wheels: Path
    clock_report: Path

    @property
    def store(self) -> Path:
        """Files by their SHA-256."""
        return self.root / "store"

    @property
    def progress(self) -> Path:
        """How the update stands; written by the updater, read by the agent."""
        return self.folder / "state.json"

    @property
    def metadata(self) -> Path:
        """What was seen of the repository."""
        return self.folder / "metadata"

    @property
    def wish(self) -> Path:
        """The release that is wanted; written by the agent."""
        return self.run / "update"

    @property
    def carried(self) -> Path:
        """The same, written by the updater itself for a technician who carried the release here; the agent reads it."""
        return self.run / "update-carried"

    @property
    def lease(self) -> Path:
        """The leave to switch; written by the agent."""
        return self.run / "update-lease"

    @property
    def restart(self) -> Path:
        """Whoever starts the agent sees this file, removes it and starts the agent anew."""
        return self.run / "restart"
