"""The switch and what follows: the new version proves itself in time, or the old one comes back by itself."""

from dataclasses import dataclass

from agent.update import lease
from agent.update.health import HUB_AWAY, Agent, Silent, worse
from agent.update.place import Place
from agent.update.progress import BY_HAND, ON_TRIAL, Health, Phase, Progress, Record
from agent.update.slots import NAMES, Slots
from agent.whole_file import write_whole
from contract.clock import Clock, Deadline

MOST_STARTS = 3
"""A trial that was cut off so often is over: the version may be what brings the machine down."""
RESTART_AGAIN_S = 60.0
BEGINS_WITHIN_S = 10.0
"""So long after a restart was asked for it may still be the program before that systemd has given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The trial of one kiosk: `minutes` to become well, then well for `steady_s` without a break."""

    place: Place
    slots: Slots
    record: Record
    agent: Agent
    clock: Clock
    minutes: float = 10.0
    steady_s: float = 60.0
    look_every_s: float = 2.0

    async def recover(self) -> None:
        """Bring what was interrupted to an end that is one of the two versions."""
        known = self.record.now
        on_trial = self.slots.current != self.slots.kept
        if known.phase is Phase.SWITCHING and not on_trial:
            self.record.say(Phase.STAGED, "the switch was interrupted; waits until nobody is served")
        elif known.phase in ON_TRIAL and not on_trial and not self._is_there(known.version):
            self.record.say(Phase.FAILED, f"a package was installed in the place of {known.version} amid its trial")
        elif known.phase is Phase.TRYING and self.slots.kept == known.slot:
            self.record.say(Phase.KEPT, f"{known.version} runs", percent=100)
        elif known.phase in (Phase.SWITCHING, Phase.TRYING) and on_trial:
            await self._try()
        elif known.phase in ON_TRIAL or on_trial:
            said = known.detail if known.phase in ON_TRIAL else ""
            self._give_back(said or "nothing is on record about its trial")

    def _is_there(self, version: str) -> bool:
        return version in [self.slots.version(name) for name in NAMES]

    async def begin(self, job: str) -> bool:
        """Switch to the staged slot and try it, if `job` holds a lease; return False where nothing was done.

        Who stands at a kiosk whose program is started no more needs none: nobody is served, nobody could grant it.
        """
        is_dead = job.startswith(BY_HAND) and await self.agent.is_given_up()
        if not is_dead and self._leave_s(job) < lease.ENOUGH_S:
            return False
        try:
            before = Health() if is_dead else (await self.agent.health())[1]
        except Silent:
            return False  # whether the new version is worse could not be told
        self.record.say(Phase.SWITCHING, "switching", before=before, starts=0)
        may_switch = await self.agent.is_given_up() if is_dead else self._leave_s(job) > 0
        if not may_switch:
            self.record.say(Phase.STAGED, "the leave to switch ran out; waits for the next")
            return False
        self.slots.switch(self.record.now.slot)
        self._restart()
        await self._try()
        return True

    def _leave_s(self, job: str) -> float:
        return lease.remaining_s(self.place.lease, job, self.clock)

    async def _try(self) -> None:
        starts = self.record.now.starts + 1
        if starts > MOST_STARTS:
            self._give_back(f"its trial was cut off {MOST_STARTS} times")
            return
        self.record.say(Phase.TRYING, "on trial", starts=starts, percent=95)
        reason = await self._well_in_time(Deadline.after(self.clock, 60 * self.minutes))
        if reason:
            self._give_back(reason)
        else:
            self.slots.keep(self.record.now.slot)
            self.record.say(Phase.KEPT, f"{self.record.now.version} runs", percent=100)

    async def _well_in_time(self, deadline: Deadline) -> str:
        """Return an empty text once the new version was well long enough, else what was wrong at the end."""
        known, reason = self.record.now, "it was not looked at"
        well_since_s, asked_s = None, self.clock.monotonic()
        while not deadline.passed:
            now_s = self.clock.monotonic()
            version, reason = await self._look(known)
            if reason:
                well_since_s = None
                if version is None and now_s - asked_s >= BEGINS_WITHIN_S and await self.agent.is_given_up():
                    return f"it ended at each of its starts and is started no more; {reason}"
                if version not in (None, known.version) and now_s - asked_s >= RESTART_AGAIN_S:
                    self._restart()
                    asked_s = now_s
            elif well_since_s is None:
                well_since_s = now_s
            if well_since_s is not None and now_s - well_since_s >= self.steady_s:
                return ""
            await self.clock.sleep(self.look_every_s)
        return reason or "it was well, but not for long enough"

    async def _look(self, known: Progress) -> tuple[str | None, str]:
        """Return the version that runs (None: it is silent), and what is wrong with it."""
        try:
            version, now = await self.agent.health()
        except Silent as fault:
            return None, str(fault)
        if version != known.version:
            return version, f"the running program says it is {version or 'of no version'}"
        return version, worse(known.before, now)

    def _give_back(self, reason: str) -> None:
        """Return to the kept slot; what was tried is refused from now on, unless the hub was at fault."""
        current, kept = self.slots.current, self.slots.kept
        tried = self.slots.version(current) if current != kept else ""
        refused = {tried: reason} if tried and reason != HUB_AWAY else {}
        self.record.say(Phase.RETURNING, reason, bad=self.record.now.bad | refused)
        self.slots.switch(kept)
        self._restart()
        again = self.slots.version(kept) or "the old program"
        self.record.say(
            Phase.RETURNED, f"{tried or self.record.now.version} was given back, {again} runs again: {reason}"
        )

    def _restart(self) -> None:
        self.place.run.mkdir(parents=True, exist_ok=True)
        write_whole(self.place.restart, b"")
