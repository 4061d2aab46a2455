"""The booted kiosk as these proofs see it: its slots and records on its disk, the fleet's word about it, its units."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from agent.update import progress
from agent.update.progress import ENDS, Phase, Progress
from agent.update.slots import Slots
from contract.clock import SystemClock
from contract.ids import new_ulid
from contract.messages import Service
from tests.prove.boot.machine import Machine, MachineFailed
from tests.prove.boot.promises import say
from tests.prove.boot.site import Site
from tests.prove.enrolment import Operator

CONFIG = "/etc/tram/kiosk.toml"
TRIAL_MINUTES, STEADY_S = 2.0, 10
WITHIN_S = 600.0


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One machine at its site."""

    machine: Machine
    site: Site

    @property
    def slots(self) -> Slots:
        """Its slots, read on its disk from outside."""
        return Slots(self.machine.root / "opt/tram")

    @property
    def stands(self) -> Progress:
        """How its update stands."""
        return progress.read(self.state)

    @property
    def kept(self) -> str:
        """The version that is known to be good."""
        return self.slots.version(self.slots.kept)

    @property
    def state(self) -> Path:
        """The updater's record."""
        return self.machine.root / "var/lib/tram-update/state.json"

    @property
    def running(self) -> str:
        """The version that the agent says it is; empty while it is silent."""
        return str(self._says_of_itself("version"))

    @property
    def serves(self) -> bool:
        """Whether people may begin a visit."""
        return self._says_of_itself("service") == Service.IN_SERVICE

    @property
    def is_free(self) -> bool:
        """Whether nobody stands at the screen, and nothing holds it for itself."""
        return self._says_of_itself("screen_is_free") is True

    def _says_of_itself(self, name: str) -> object:
        try:
            return httpx.get(f"{self.site.box.kiosk_url}/status", timeout=5).json()[name]
        except httpx.HTTPError:
            return ""

    def prepare(self) -> None:
        """Name the hub's repository."""
        with (self.site.shared / "kiosk.toml").open("a", encoding="utf-8") as file:
            file.write(
                f'\n[updates]\nurl = "{self.site.box.hub_url}/updates/"\n'
                f"trial_minutes = {TRIAL_MINUTES}\nsteady_s = {STEADY_S}\n"
            )

    def ask(self, version: str) -> "Job":
        """Have the hub roll a version out."""
        operator, rollout = Operator(self.site.box), new_ulid(SystemClock().now())
        operator.update(rollout, version)
        say(f"    the fleet wants {version}")
        return Job(self, operator, rollout, operator.job_of(rollout)["id"])

    def says(self, command: str) -> str:
        """Return what `tram …` of the kiosk says."""
        return self.machine.says(f"tram {command} --config {CONFIG}")

    def until(self, what: str, holds: Callable[[], bool], within_s: float = WITHIN_S, every_s: float = 0.1) -> float:
        """Wait and tell it; return the seconds; raise MachineFailed with the updater's words."""
        began_s = time.monotonic()
        while not holds():
            if time.monotonic() - began_s > within_s:
                said = self.machine.says("journalctl --boot --no-pager -o cat -u tram-update -u tram-agent -n 25")
                raise MachineFailed(f"not within {within_s:.0f} s: {what}; {self.stands}\n{said}")
            time.sleep(every_s)
        took_s = time.monotonic() - began_s
        say(f"    {what} ({took_s:.1f} s)")
        return took_s

    def is_whole(self, version: str) -> None:
        """Raise MachineFailed unless both links name a whole slot with `version`, and that version answers."""
        slots = self.slots
        if slots.current != slots.kept or slots.version(slots.current) != version:
            raise MachineFailed(
                f"current {slots.current}, kept {slots.kept} {slots.version(slots.kept)}: not {version}"
            )
        self.until(f"{version} answers", lambda: self.running == version, 120)


@dataclass(frozen=True, slots=True)
class Job:
    """One rollout to one kiosk."""

    kiosk: Kiosk
    operator: Operator
    rollout: str
    id: str

    @property
    def told(self) -> dict[str, Any]:
        """How the hub knows it."""
        return self.operator.job_of(self.rollout)

    def reach(self, *phases: Phase, every_s: float = 0.005) -> float:
        """Wait until the kiosk's updater is in one of the phases for it."""
        return self.kiosk.until(
            " or ".join(phases),
            lambda: self.kiosk.stands.job == self.id and self.kiosk.stands.phase in phases,
            every_s=every_s,
        )

    def end(self, state: str) -> str:
        """Wait for the hub to hear the end, which must be `state`; return its detail."""
        self.reach(*ENDS, every_s=0.1)
        self.kiosk.until(
            "the hub hears the end", lambda: self.told["state"] not in ("ASKED", "ACCEPTED", "RUNNING"), 120
        )
        told = self.told
        if told["state"] != state:
            raise MachineFailed(f"the job is {told['state']}: {told['detail']}")
        return str(told["detail"])
