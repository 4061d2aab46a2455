"""One run of the updater: first what a power cut interrupted, then what is wanted, step by step of the table."""

import asyncio
import contextlib
import errno
import fcntl
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import msgspec
from packaging.version import Version

from agent.update import progress as progresses
from agent.update.building import build, fits, site_packages
from agent.update.faults import ClockNotSet, FolderAway, NoRoom, NotInTime, ReleaseRefused, RepositoryAway, UpdateFault
from agent.update.fetching import Wire
from agent.update.place import FOR_THE_OTHER, Place
from agent.update.progress import BY_HAND, ENDS, ON_TRIAL, Distrust, Phase, Progress, Wish
from agent.update.release import Release
from agent.update.releases import Releases
from agent.update.slots import Slots
from agent.update.source import Source
from agent.update.store import Store
from agent.update.trial import Trial
from agent.update.trusted_time import trusted_now
from agent.whole_file import write_whole
from contract.clock import Clock
from contract.ids import new_ulid

_DISK_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
AGAIN_S, AGAIN_AT_MOST_S = 5.0, 300.0
"""A network that is away is asked again after so long, doubled each time up to so long."""
CLOCK_SET_WITHIN_S = 60.0
"""So long a clock that nobody has set is waited for: after a boot that takes some seconds."""
BY_HAND_LASTS = timedelta(hours=2)
"""So long a technician's update may wait for a free moment."""


Result = TypeVar("Result")


class AnotherRuns(Exception):
    """Another updater is at work on this kiosk."""


@dataclass(slots=True, kw_only=True)
class Updater:
    """The updater of one kiosk; `trusted_root` is the TUF root that was installed with it.

    `is_clock_vouched_for`: somebody at the kiosk has compared its clock, where no time server is reached.
    """

    place: Place
    source: Source
    trusted_root: bytes
    trial: Trial
    slots: Slots
    clock: Clock
    is_clock_vouched_for: bool = False

    async def run(self) -> Progress:
        """Finish what was interrupted, do what is wanted, and return how it stands; raise AnotherRuns or OSError."""
        with self._alone():
            self.trial.record.keep_ballast()
            await self.trial.recover()
            wish = progresses.wish(self.place.wish)
            if wish is None or self._is_settled(wish):
                await self._look()
            else:
                await self._fulfil(wish)
            return self.trial.record.now

    async def bring(self, version: str = "") -> Progress:
        """Bring this release, or the newest that is offered, for who stands at the kiosk; return how it ended.

        The agent gives leave as it does for a job (`place.carried` tells it). Raise UpdateFault where the repository
        offers nothing, AnotherRuns or OSError.
        """
        with self._alone():
            self.trial.record.keep_ballast()
            await self.trial.recover()
            wanted = version or await _to_its_end(self._newest)
            now = self.clock.now()
            wish = Wish(job=f"{BY_HAND}{new_ulid(now)}", release=wanted, until=now + BY_HAND_LASTS)
            write_whole(self.place.carried, msgspec.json.encode(wish), mode=FOR_THE_OTHER)
            try:
                await self._fulfil(wish)
            finally:
                self.place.carried.unlink(missing_ok=True)
            return self.trial.record.now

    def _is_settled(self, wish: Wish) -> bool:
        known = self.trial.record.now
        return known.job == wish.job and known.phase in ENDS

    async def _look(self) -> None:
        """Keep up with the repository: keys change while nothing is wanted, too."""
        with contextlib.suppress(UpdateFault), self.source.wire(self.clock) as wire:
            await _to_its_end(lambda: self._releases(wire))

    async def _fulfil(self, wish: Wish) -> None:
        if (self.trial.record.now.job, self.trial.record.now.version) != (wish.job, wish.release):
            self.trial.record.say(Phase.DOWNLOADING, job=wish.job, version=wish.release, percent=0, slot="", starts=0)
        try:
            if not self._is_staged(wish):
                await self._stage(wish)
            await self._when_free(wish)
        except UpdateFault as fault:
            self.trial.record.say(Phase.FAILED, f"{fault}. {fault.remedy}")
        except OSError as fault:
            if fault.errno not in _DISK_FAULTS or self.trial.record.now.phase in ON_TRIAL:
                raise  # from the switch on there is no failing, only the next start of the updater
            self.trial.record.say(Phase.FAILED, f"the disk does not keep it: {fault.strerror}. {NoRoom.remedy}")

    def _is_staged(self, wish: Wish) -> bool:
        known = self.trial.record.now
        return known.phase is Phase.STAGED and self.slots.version(known.slot) == wish.release

    async def _stage(self, wish: Wish) -> None:
        pause_s, waited_s = AGAIN_S, 0.0
        while True:
            self._still_wanted(wish)
            try:
                return await _to_its_end(lambda: self._bring_and_build(wish))
            except RepositoryAway as fault:
                if not self.source.is_waited_for:
                    raise FolderAway(str(fault)) from fault
                why = str(fault)
            except ClockNotSet as fault:
                if not self.source.is_waited_for or waited_s >= CLOCK_SET_WITHIN_S:
                    raise
                why = str(fault)
            self.trial.record.say(Phase.DOWNLOADING, f"{why}; it goes on by itself")
            await self.clock.sleep(pause_s)
            waited_s, pause_s = waited_s + pause_s, min(2 * pause_s, AGAIN_AT_MOST_S)

    def _bring_and_build(self, wish: Wish) -> None:
        slots, name = self.slots, self.slots.spare
        with self.source.wire(self.clock) as wire:
            release = self._releases(wire).find(wish.release)
            self._judge(release)
            if release.version == slots.version(slots.kept):
                self.trial.record.say(Phase.KEPT, f"{release.version} runs already", percent=100)
                return
            running = site_packages(slots.folder(slots.kept), sysconfig.get_python_version())
            store = Store(folder=self.place.store, site=running, wheels=self.place.wheels)

            def told(came: int, whole: int) -> None:
                percent = 80 * came // max(whole, 1)
                if percent != self.trial.record.now.percent:  # each record is a wait for the disk
                    self.trial.record.say(Phase.DOWNLOADING, f"{came} of {whole} bytes", percent=percent, slot=name)

            fetched = store.gather(release, wire, told, gives_way=slots.folder(name))
        self.trial.record.say(Phase.BUILDING, f"{fetched} bytes were fetched", percent=80, slot=name)
        build(slots, name, release, store)
        self.trial.record.say(Phase.STAGED, f"waits until nobody is served; {fetched} bytes were fetched", percent=90)
        store.prune([release, *filter(None, [slots.release(slots.kept)])])

    def _judge(self, release: Release) -> None:
        fits(release)
        if why := self.trial.record.now.bad.get(release.version):
            raise ReleaseRefused(f"{release.version} was tried here and given back: {why}")
        running = self.slots.release(self.slots.kept)
        version = self.slots.version(self.slots.kept)
        if running and release.number < running.number:
            raise ReleaseRefused(f"{release.version} is older than {running.version}, which runs")
        if not running and version and Version(release.version) < Version(version):
            raise ReleaseRefused(f"{release.version} is older than {version}, which a package brought")

    async def _when_free(self, wish: Wish) -> None:
        while self.trial.record.now.phase is Phase.STAGED:
            self._still_wanted(wish)
            if not await self.trial.begin(wish.job):
                await self.clock.sleep(1.0)

    def _still_wanted(self, wish: Wish) -> None:
        if self.clock.now() >= wish.until:
            raise NotInTime(f"not at its end in time: {self.trial.record.now.detail}")
        file = self.place.carried if wish.job.startswith(BY_HAND) else self.place.wish
        if progresses.wish(file) != wish:
            raise NotInTime("it is no longer wanted")

    def _newest(self) -> str:
        try:
            with self.source.wire(self.clock) as wire:
                return self._releases(wire).newest()
        except RepositoryAway as fault:
            raise FolderAway(str(fault)) from fault

    def _releases(self, wire: Wire) -> Releases:
        """Return what the repository offers; how it stands is on record for doctor and technician."""
        running = self.slots.release(self.slots.kept)
        known = [moment for moment in (self.trial.record.now.seen_at, running and running.published_at) if moment]
        try:
            report = None if self.is_clock_vouched_for else self.place.clock_report
            now = trusted_now(self.clock, report, max(known, default=None))
            releases = Releases(wire, self.place.metadata, self.trusted_root)
            releases.refresh()
        except UpdateFault as fault:
            self.trial.record.note(distrust=Distrust(cause=str(fault), remedy=fault.remedy))
            raise
        self.trial.record.note(seen_at=now, distrust=None)
        return releases

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self.place.folder.mkdir(parents=True, exist_ok=True)
        with (self.place.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as fault:
                raise AnotherRuns("another updater is at work on this kiosk") from fault
            yield


async def _to_its_end(work: Callable[[], Result]) -> Result:
    """Return what `work` does in a thread; who is cancelled waits for its end, for the lock must outlast it."""
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise
