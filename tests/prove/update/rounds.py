"""One update after the other on one kiosk, each with its trouble, each judged by what runs and what the disk holds."""

import contextlib
import multiprocessing
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from agent.update import building, progress
from agent.update.progress import ENDS, Phase
from agent.update.release import Release
from agent.update.store import is_whole
from contract.ids import new_ulid
from tests.clock_reports import believable
from tests.prove.update import cut
from tests.prove.update.cut import Moment, Task
from tests.prove.update.kiosk import Kiosk
from tests.prove.update.mirror import Mirror
from tests.prove.update.program import BAD, Manner
from tests.prove.update.publisher import Publisher

ROUND_S = 180.0
_GOOD_S, _BAD_S = 120.0, 4.0
"""So long a version may take to become well: a busy machine is no reason to give a good one back."""
TMPFS = "size=160m"


class Trouble(StrEnum):
    """What happens to an update."""

    NONE = "nothing"
    POWER = "power cut"
    NETWORK = "network cut"
    DISK = "disk full"
    SIGNATURE = "wrong signature"
    OLD = "old metadata"
    CLOCK_BACK = "clock back"
    NO_CLOCK = "no trusted time"
    LONGER = "mirror sends more"
    OTHER = "mirror sends other bytes"
    BAD = "bad release"
    BAD_AND_POWER = "bad release, power cut"


REFUSED = (
    Trouble.SIGNATURE, Trouble.OLD, Trouble.CLOCK_BACK, Trouble.NO_CLOCK, Trouble.LONGER, Trouble.OTHER,
)  # fmt: skip


class PromiseBroken(Exception):
    """A kiosk was left with neither version, or with half a one."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What happened in the rounds so far."""

    troubles: Counter[Trouble] = field(default_factory=Counter)
    ends: Counter[Phase] = field(default_factory=Counter)
    cuts: Counter[Phase] = field(default_factory=Counter)
    visits: int = 0


class Proof:
    """The kiosk, its publisher and a stranger, in `folder`."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._random, self.tally = random.Random(seed), Tally()
        folder.mkdir(parents=True)
        self._publisher, self._stranger = Publisher(folder / "publisher"), Publisher(folder / "stranger")
        self._disk = folder / "disk"
        self._disk.mkdir()
        self.has_tmpfs = _mounted(self._disk)
        self._kiosk = Kiosk(self._disk, folder / "memory", seed)
        self._mirror = Mirror(folder=self._publisher.repository, random=self._random)
        self._served = self._mirror.serve()
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["tests.prove.update.cut"])
        self._number, self._counts, self._freed = 1, folder / "counts", threading.Event()
        self._filler = threading.Thread()
        first = self._publisher.publish("1.1")
        self._kiosk.install(first, self._publisher.repository / "objects")
        self._old = folder / "old"
        shutil.copytree(self._publisher.repository / "metadata", self._old / "metadata")
        self._releases = {first.version: first}
        self._kiosk.start()
        self.round(Trouble.NONE)
        self._segments = [int(word) for word in self._counts.read_text().split()]
        self._at_the_links = self._moments_at_the_links()

    def close(self) -> None:
        """Stop everything."""
        self._kiosk.power_cut()
        self._served.close()
        if self.has_tmpfs:
            subprocess.run(["umount", "-l", str(self._disk)], check=False)

    def troubles(self) -> list[Trouble]:
        """Return what can happen on this machine."""
        return [each for each in Trouble if each is not Trouble.DISK or self.has_tmpfs]

    def round(self, trouble: Trouble) -> str:
        """Update once with that trouble, and return how it ended; raise PromiseBroken."""
        before = self._kiosk.slots.version(self._kiosk.slots.kept)
        bad = trouble in (Trouble.BAD, Trouble.BAD_AND_POWER)
        manner = self._random.choice(BAD) if bad else Manner.GOOD
        self._number += 1
        release = self._publisher.publish(f"1.{self._number}", manner)
        self._releases[release.version] = release
        self._patience_s = _BAD_S if bad else _GOOD_S
        self._ask(release)
        with self._troubled(trouble) as task:
            self._updated(task, trouble)
        good = {release.version} if trouble not in (*REFUSED, Trouble.DISK) and not bad else {before}
        return self._judge(trouble, manner, good | ({release.version} if trouble is Trouble.DISK else set()))

    def _ask(self, release: Release) -> None:
        self._kiosk.want(release.version, new_ulid(self._kiosk.clock.now()))

    @contextlib.contextmanager
    def _troubled(self, trouble: Trouble) -> Iterator[Task]:
        """Bring the trouble about for as long as the body lasts."""
        kiosk, mirror = self._kiosk, self._mirror
        off, moment = timedelta(), None
        helpers: list[threading.Thread] = []
        match trouble:
            case Trouble.POWER | Trouble.BAD_AND_POWER:
                moment = self._moment()
            case Trouble.NETWORK:
                mirror.breaks, mirror.away = self._random.randrange(1, 30), self._random.random() < 0.5
                helpers.append(threading.Timer(0.5, mirror.honest))
            case Trouble.DISK:
                self._freed.clear()
                phase = self._random.choice(list(Phase)[1:6])
                self._filler = threading.Thread(target=self._fill, args=(phase,))
                helpers.append(self._filler)
            case Trouble.SIGNATURE:
                mirror.metadata = self._stranger.repository
                self._stranger.publish(f"1.{self._number}")
            case Trouble.OLD:
                mirror.metadata = self._old
            case Trouble.CLOCK_BACK:
                off = -timedelta(days=self._random.uniform(0.1, 400))
            case Trouble.NO_CLOCK:
                kiosk.place.clock_report.unlink()
            case Trouble.LONGER:
                mirror.longer = True
            case Trouble.OTHER:
                mirror.other = True
        for each in helpers:
            each.start()
        try:
            yield self._task(off, moment, None if self.tally.troubles else self._counts)
        finally:
            self._freed.set()
            for each in helpers:
                each.join()
            mirror.honest()
            believable(kiosk.place.clock_report)

    def _updated(self, task: Task, trouble: Trouble) -> None:
        code = self._run(task)
        if code == -9:
            self.tally.cuts[progress.read(self._kiosk.place.progress).phase] += 1
            again = self._moment() if self._random.random() < 0.2 else None
            code = self._reboot(self._task(timedelta(), again))
            if code == -9:
                code = self._reboot(self._task(timedelta(), None))
        if code and trouble is Trouble.DISK:
            self._freed.set()
            self._filler.join()
            code = self._reboot(self._task(timedelta(), None))
        if code:
            raise PromiseBroken(f"the updater ended with exit code {code}")

    def _reboot(self, task: Task) -> int:
        wish = progress.wish(self._kiosk.place.wish)
        self._kiosk.power_cut()
        self._kiosk.start()
        if wish:
            self._kiosk.want(wish.release, wish.job)
        return self._run(task)

    def _run(self, task: Task) -> int:
        if self._kiosk.place.clock_report.exists():
            believable(self._kiosk.place.clock_report)
        process = self._processes.Process(target=cut.run, args=(task,))
        process.start()
        process.join(ROUND_S)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise PromiseBroken(f"the updater is not at its end after {ROUND_S:.0f} s")
        return process.exitcode

    def _task(self, off: timedelta, moment: Moment | None, count_to: Path | None = None) -> Task:
        return Task(
            place=self._kiosk.place, url=self._served.url, root=self._publisher.first_root, port=self._kiosk.port,
            cut=moment, clock_off=off, count_to=count_to, patience_s=self._patience_s,
        )  # fmt: skip

    def _moments_at_the_links(self) -> list[Moment]:
        """Return, in any order, each event between the last steps: where links change, every one is cut once."""
        switching, trying = len(self._segments) - 3, len(self._segments) - 2
        moments = [Moment(record=switching, events=number + 1) for number in range(self._segments[switching])]
        last = self._segments[trying]
        moments += [Moment(record=trying, events=number) for number in range(max(1, last - 15), last + 1)]
        self._random.shuffle(moments)
        return moments

    def _moment(self) -> Moment:
        if self._at_the_links and self._random.random() < 0.5:
            return self._at_the_links.pop()
        record = self._random.randrange(len(self._segments))
        return Moment(record=record, events=self._random.randrange(1, self._segments[record] + 2))

    def _fill(self, when: Phase) -> None:
        """Take all the room there is, and what becomes free, from that phase on until the updater has ended."""
        path, phase, order = self._kiosk.place.progress, Phase.IDLE, list(Phase)
        while order.index(phase) < order.index(when) or progress.read(path).job != self._kiosk.job:
            if self._freed.wait(0.002):
                return
            phase = progress.read(path).phase
        with tempfile.TemporaryFile(dir=self._disk) as filler:
            while not self._freed.wait(0.01):
                free = shutil.disk_usage(self._disk).free
                with contextlib.suppress(OSError):
                    os.posix_fallocate(filler.fileno(), 0, os.fstat(filler.fileno()).st_size + max(free, 4096))

    def _judge(self, trouble: Trouble, manner: Manner, good: set[str]) -> str:
        kiosk, slots = self._kiosk, self._kiosk.slots
        stands = progress.read(kiosk.place.progress)
        self.tally.troubles[trouble] += 1
        self.tally.ends[stands.phase] += 1
        self.tally.visits = kiosk.visits
        named = f"{trouble} ({manner}), {stands.phase}: {stands.detail}"
        if stands.phase not in ENDS:
            raise PromiseBroken(f"no end was reached: {named}")
        if slots.current != slots.kept:
            raise PromiseBroken(f"the links name two slots: {named}")
        version = slots.version(slots.current)
        if version not in good:
            raise PromiseBroken(f"{version or 'a half version'} is in place, not {' or '.join(sorted(good))}: {named}")
        half = [
            each.path
            for each in self._releases[version].files
            if not is_whole(building.site_packages(slots.folder(slots.current), "3.11") / each.path, each)
        ]
        if half:
            raise PromiseBroken(f"{half[0]} of {version} is not whole: {named}")
        self._let_settle(version, named)
        if kiosk.hurt:
            raise PromiseBroken(f"a visit was cut short by a restart: {named}")
        return named

    def _let_settle(self, version: str, named: str) -> None:
        until = time.monotonic() + 60
        while (answers := self._kiosk.version_that_answers()) != version:
            if time.monotonic() > until:
                raise PromiseBroken(f"{answers or 'nothing'} answers, {version} is in place: {named}")
            time.sleep(0.02)


def _mounted(folder: Path) -> bool:
    """Put a small disk there that really fills up; return whether this machine lets us."""
    command = ["mount", "-t", "tmpfs", "-o", TMPFS, "tmpfs", str(folder)]
    return os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
