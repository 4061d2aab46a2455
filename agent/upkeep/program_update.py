"""The agent's half of an update (`agent.update`): it asks for a release, gives leave to switch, and tells how it goes.

While the leave lasts, and while a version is on trial, the floor is held: no visit begins and no collection either.
"""

import asyncio
import contextlib
import logging
import math
from dataclasses import dataclass
from typing import NoReturn

import msgspec

from agent.journeys.parts import Kiosk
from agent.update import lease
from agent.update import progress as progresses
from agent.update.place import FOR_THE_OTHER, Place
from agent.update.progress import BY_HAND, ENDS, ON_TRIAL, Phase, Progress, Wish
from agent.upkeep.served import who_is_served
from agent.whole_file import write_whole
from contract.jobs import JobEnvelope
from contract.messages import JobState

log = logging.getLogger(__name__)

_PLAIN = {Phase.DOWNLOADING: "the release is being fetched", Phase.BUILDING: "the other slot is being made"}
"""What of these phases is told: their details change too often."""


LOOK_S = 2.0
ASK_AGAIN_S = 120.0
"""So often an updater that has not taken a job up is asked: it may have run for somebody else, or died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is to be told of the job."""

    state: JobState = JobState.RUNNING
    percent: int
    detail: str


async def by_hand_for_ever(kiosk: Kiosk, place: Place) -> NoReturn:
    """Give leave to updates that technicians carry here, until cancelled."""
    program = ProgramUpdate(kiosk, place)
    while True:
        try:
            await program.go_on_by_hand()
        except OSError as fault:
            log.warning("an update by hand gets no leave: %s", fault)
        await kiosk.clock.sleep(LOOK_S)


class ProgramUpdate:
    """The update of one kiosk's own program, as its agent sees it."""

    def __init__(self, kiosk: Kiosk, place: Place) -> None:
        self._kiosk, self._place = kiosk, place
        self._has_floor, self._asked_at_s = False, -math.inf

    @property
    def holds_floor(self) -> bool:
        """Whether the kiosk is kept free for the switch."""
        return self._has_floor

    async def is_staged(self, job: JobEnvelope) -> bool:
        """Return whether the release waits for the moment to switch: the door is to be shut."""
        return (await self._stands(job.id)).phase is Phase.STAGED

    async def go_on(self, job: JobEnvelope, *, late: bool) -> Told:
        """Take the job as far as it goes now; one that is `late` gets no new leave."""
        try:
            stands = await (self._stands(job.id) if late else self._ask(job))
            if stands.phase in ENDS:
                self.release_floor()
                state = JobState.DONE if stands.phase is Phase.KEPT else JobState.FAILED
                return Told(state=state, percent=stands.percent, detail=stands.detail)
            if stands.phase in ON_TRIAL:
                await self._hold_floor()
                return Told(percent=stands.percent, detail=f"{stands.phase}: {stands.detail}")
            if stands.phase is Phase.STAGED and not late:
                return await self._give_leave(job.id)
        except OSError as fault:
            return await self._not_asked(job, f"the updater can't be asked: {fault}")
        return Told(percent=stands.percent // 10 * 10, detail=_PLAIN.get(stands.phase, stands.detail))

    def release_floor(self) -> None:
        """Let people begin again."""
        if self._has_floor:
            self._kiosk.floor.release()
            self._has_floor = False

    async def withdraw(self, job: JobEnvelope) -> bool:
        """Want the job's release no more; return whether the updater can't switch for it from now on.

        It may still hold the lease, be at the switch or have come to an end that is to be told.
        """
        if await asyncio.to_thread(self._unlink_wish, job):
            return False
        if await asyncio.to_thread(lease.remaining_s, self._place.lease, job.id, self._kiosk.clock):
            return False
        return (await self._stands(job.id)).phase not in (*ON_TRIAL, *ENDS)

    async def go_on_by_hand(self) -> None:
        """Give leave to the update that a technician carried here (`tram update --from`), as to a job's; raise OSError.

        People go on being served until it is staged and a moment comes when nobody stands here.
        """
        stands = await asyncio.to_thread(progresses.read, self._place.progress)
        wish = await asyncio.to_thread(progresses.wish, self._place.carried)
        is_wanted = wish is not None and wish.job == stands.job and self._kiosk.clock.now() < wish.until
        if not stands.job.startswith(BY_HAND) or stands.phase in ENDS:
            if self._has_floor:
                self._place.wish.unlink(missing_ok=True)  # a job that waited is asked for anew
            self.release_floor()
        elif stands.phase in ON_TRIAL:
            await self._hold_floor()
            await self._have_judged()
        elif stands.phase is Phase.STAGED and is_wanted:
            try:
                await self._give_leave(stands.job)
            except OSError:
                await self._free_unless_leased(stands.job)
                raise
        else:
            await self._free_unless_leased(stands.job)

    async def _ask(self, job: JobEnvelope) -> Progress:
        wish = Wish(job=job.id, release=job.release, until=job.expires_at)
        stands, now_s = await self._stands(job.id), self._kiosk.clock.monotonic()
        is_late = stands.phase is Phase.IDLE and now_s - self._asked_at_s >= ASK_AGAIN_S
        if stands.phase not in ENDS and (is_late or await asyncio.to_thread(progresses.wish, self._place.wish) != wish):
            await asyncio.to_thread(write_whole, self._place.wish, msgspec.json.encode(wish), mode=FOR_THE_OTHER)
            self._asked_at_s = now_s
        return stands

    async def _have_judged(self) -> None:
        """Start the kiosk's own updater now and then: whoever began the trial may be gone, and it is to have an end."""
        now_s = self._kiosk.clock.monotonic()
        if now_s - self._asked_at_s >= ASK_AGAIN_S:
            await asyncio.to_thread(write_whole, self._place.wish, b"", mode=FOR_THE_OTHER)
            self._asked_at_s = now_s

    async def _give_leave(self, job: str) -> Told:
        if waits := await who_is_served(self._kiosk, but_us=self._has_floor):
            return Told(percent=90, detail=waits)
        await self._hold_floor()
        path, clock = self._place.lease, self._kiosk.clock
        await asyncio.to_thread(lease.grant, path, job, clock)
        return Told(percent=90, detail="nobody is served; the updater may switch")

    async def _not_asked(self, job: JobEnvelope, why: str) -> Told:
        """Give the job up and let people begin again, but not while the updater may switch by an earlier leave."""
        with contextlib.suppress(OSError):
            leased_s = await asyncio.to_thread(lease.remaining_s, self._place.lease, job.id, self._kiosk.clock)
            if leased_s or (await self._stands(job.id)).phase in ON_TRIAL:
                return Told(percent=90, detail=why)
        self.release_floor()
        return Told(state=JobState.FAILED, percent=0, detail=why)

    async def _free_unless_leased(self, job: str) -> None:
        if not await asyncio.to_thread(lease.remaining_s, self._place.lease, job, self._kiosk.clock):
            self.release_floor()

    async def _hold_floor(self) -> None:
        if not self._kiosk.floor.locked():
            await self._kiosk.floor.acquire()
            self._has_floor = True

    async def _stands(self, job: str) -> Progress:
        known = await asyncio.to_thread(progresses.read, self._place.progress)
        return known if known.job == job else Progress(phase=Phase.IDLE, detail="waits for the updater")

    def _unlink_wish(self, job: JobEnvelope) -> bool:
        """Remove the job's wish; return whether it was there until now."""
        wish = progresses.wish(self._place.wish)
        if wish is None or wish.job != job.id:
            return False
        self._place.wish.unlink(missing_ok=True)
        return True
