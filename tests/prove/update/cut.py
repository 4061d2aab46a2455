"""One run of the updater in a process of its own, which dies by SIGKILL at the chosen moment.

A moment is the k-th event of Python's audit hooks (files opened, renamed, removed, links, folders, processes, sockets)
after the p-th record of the update's state. Between two such events the disk does not change but by plain writes.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from agent.update.health import Agent
from agent.update.place import Place
from agent.update.progress import Record
from agent.update.slots import Slots
from agent.update.source import Server
from agent.update.trial import Trial
from agent.update.updater import Updater
from contract.clock import SystemClock

EVENTS = (
    "open", "os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "shutil.",
    "subprocess.Popen", "socket.connect",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When the power goes: after the `record`-th record of the state, `events` later."""

    record: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the process is to do."""

    place: Place
    url: str
    root: bytes
    port: int
    cut: Moment | None = None
    clock_off: timedelta = timedelta()
    count_to: Path | None = None
    patience_s: float


class HurriedClock(SystemClock):
    """A clock that may be wrong, and waits a twentieth."""

    def __init__(self, off: timedelta) -> None:
        self._off = off

    def now(self) -> datetime:
        return super().now() + self._off

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 20)


def run(task: Task) -> None:
    """Run the updater once."""
    counted = _Counter(task)
    sys.addaudithook(counted)
    clock, slots = HurriedClock(task.clock_off), Slots(task.place.root)
    trial = Trial(
        place=task.place,
        slots=slots,
        record=Record(task.place.progress),
        agent=Agent(task.port),
        clock=clock,
        minutes=task.patience_s / 60,
        steady_s=0.2,
        look_every_s=0.6,
    )
    updater = Updater(
        place=task.place, source=Server(address=task.url), trusted_root=task.root, trial=trial, slots=slots, clock=clock
    )
    try:
        asyncio.run(updater.run())
    except OSError as fault:
        sys.exit(f"     the updater ended: {fault}")
    if task.count_to:
        task.count_to.write_text(" ".join(map(str, counted.segments)))


class _Counter:
    """Counts events by record of the state, and kills the process at the chosen one."""

    def __init__(self, task: Task) -> None:
        self._state, self._cut = str(task.place.progress), task.cut
        self.segments = [0]

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if not event.startswith(EVENTS):
            return
        self.segments[-1] += 1
        if self._cut and (len(self.segments) - 1, self.segments[-1]) >= (self._cut.record, self._cut.events):
            self._cut = None
            os.kill(os.getpid(), signal.SIGKILL)
        if event == "os.rename" and str(arguments[1]) == self._state:
            self.segments.append(0)
