"""What became of a printer's last jobs, by key; written before the first byte goes out, so no restart prints twice."""

import threading
from pathlib import Path

import msgspec
from msgspec import Struct

from agent.whole_file import write_whole
from contract.messages import PrintOutcome

KEPT = 1000


class JobNote(Struct, frozen=True, kw_only=True):
    """A job: what is known of it, the printer's page counter before it, and the sheets that it should put out."""

    outcome: PrintOutcome = PrintOutcome.UNKNOWN
    counter: int | None = None
    sheets: int = 0


class BookDamaged(ValueError):
    """The file can't be read as a printer's book; which jobs were printed is not known to the kiosk any more."""


class JobBook:
    """A small file that survives a power cut whole; the oldest of more than KEPT jobs is forgotten.

    Without a path it lives as long as the process. Jobs may be written down by different threads. Raise BookDamaged.
    """

    def __init__(self, path: Path | None) -> None:
        self._path, self._changing = path, threading.Lock()
        self._jobs: dict[str, JobNote] = {}
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._jobs = _read(path) if path.exists() else {}

    def find(self, key: str) -> JobNote | None:
        """Return the note of a job that was begun."""
        return self._jobs.get(key)

    def next_after(self, key: str) -> JobNote | None:
        """Return the note of the job that was begun after this one."""
        keys = list(self._jobs)
        at = keys.index(key) + 1
        return self._jobs[keys[at]] if at < len(keys) else None

    @property
    def unsettled(self) -> bool:
        """Whether the last job was begun and never confirmed."""
        return bool(self._jobs) and next(reversed(self._jobs.values())).outcome is PrintOutcome.UNKNOWN

    def begin(self, key: str, note: JobNote) -> None:
        """Keep a new last job on the disk before returning."""
        with self._changing:
            others = [(each, job) for each, job in self._jobs.items() if each != key]
            self._jobs = dict([*others, (key, note)][-KEPT:])
            self._write()

    def settle(self, key: str, outcome: PrintOutcome) -> None:
        """Keep what became of a job that was begun."""
        with self._changing:
            self._jobs = {**self._jobs, key: msgspec.structs.replace(self._jobs[key], outcome=outcome)}
            self._write()

    def _write(self) -> None:
        if self._path is not None:
            write_whole(self._path, msgspec.json.encode(self._jobs))


def _read(path: Path) -> dict[str, JobNote]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, JobNote])
    except msgspec.DecodeError as fault:
        remedy = "Settle open visits by hand, then move the file away; the kiosk begins a new one"
        raise BookDamaged(f"{path} is no printer's book: {fault}. {remedy}.") from fault
