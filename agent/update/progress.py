"""How an update stands: one small file, replaced whole at each step."""

import contextlib
import errno
import logging
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agent.whole_file import write_whole

log = logging.getLogger(__name__)

BALLAST_BYTES = 64 * 1024


class Phase(StrEnum):
    """The states of the table in `agent.update`."""

    IDLE = "idle"
    DOWNLOADING = "downloading"
    BUILDING = "building"
    STAGED = "staged"
    SWITCHING = "switching"
    TRYING = "trying"
    RETURNING = "returning"
    KEPT = "kept"
    RETURNED = "returned"
    FAILED = "failed"


ENDS = (Phase.KEPT, Phase.RETURNED, Phase.FAILED)
BY_HAND = "by-hand-"
"""So begins the job of an update that no fleet asked for: a technician at the kiosk did."""
ON_TRIAL = (Phase.SWITCHING, Phase.TRYING, Phase.RETURNING)
"""While these last the kiosk serves nobody."""


class Health(Struct, frozen=True, kw_only=True):
    """What was good at a moment: the devices that could be used, and the link to the hub."""

    devices: tuple[str, ...] = ()
    online: bool = False


class Distrust(Struct, frozen=True, kw_only=True):
    """Why the repository was not believed, or not reached, at the last look."""

    cause: str
    remedy: str


class Progress(Struct, frozen=True, kw_only=True):
    """The update that `job` asked for, or the last one.

    `starts` counts how often a trial began; `before` is the health just before the switch; `bad` names versions that
    were given back, with the reason; `seen_at` is the newest moment that was believed: then the
    repository was last seen in order, and if anything was wrong with it since, that is `distrust`.
    """

    phase: Phase = Phase.IDLE
    job: str = ""
    version: str = ""
    slot: str = ""
    percent: int = 0
    detail: str = ""
    starts: int = 0
    before: Health = Health()
    bad: dict[str, str] = msgspec.field(default_factory=dict)
    seen_at: datetime | None = None
    distrust: Distrust | None = None


class Wish(Struct, frozen=True, kw_only=True):
    """Which release is wanted, by which job, until when."""

    job: str
    release: str
    until: datetime


def read(path: Path) -> Progress:
    """Return how the update stands; a kiosk without a readable file has none under way."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Progress)
    except FileNotFoundError:
        return Progress()
    except (msgspec.DecodeError, OSError) as fault:
        log.error("%s can't be read (%s): taken as if no update were under way", path, fault)
        return Progress()


def wish(path: Path) -> Wish | None:
    """Return what is wanted, None where nothing is, or nothing that can be understood."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Wish)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


class Record:
    """The updater's hand on the file at `path`; nobody else writes it."""

    def __init__(self, path: Path) -> None:
        self._path, self._ballast = path, path.with_name("ballast")

    @property
    def now(self) -> Progress:
        """How the update stands."""
        return read(self._path)

    def say(self, phase: Phase, detail: str = "", **more: object) -> None:
        """Record the next step, on the disk when this returns; raise OSError."""
        self.note(phase=phase, detail=detail, **more)
        log.info("%s %s: %s", self.now.version, phase, detail)

    def note(self, **fresh: object) -> None:
        """Change some of it, also on a full disk; raise OSError."""
        content = msgspec.json.encode(replace(self.now, **fresh))
        try:
            write_whole(self._path, content)
        except OSError as fault:
            if fault.errno != errno.ENOSPC or not self._ballast.exists():
                raise
            self._ballast.unlink()
            write_whole(self._path, content)

    def keep_ballast(self) -> None:
        """Hold a little room beside the file for the day when the disk is full amid a trial."""
        with contextlib.suppress(OSError):
            if not self._ballast.exists():
                write_whole(self._ballast, os.urandom(BALLAST_BYTES))
