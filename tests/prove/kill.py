"""`make prove-kill`: agent, hub and broker are killed (SIGKILL) at random moments of a running copy, and started again.

After each visit: it has ended, exactly one sheet was printed for it, exactly one register number was used, the number
follows the one before, and the citizen's money is where the books say it is, which is where the cash box has it.
"""

import argparse
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from contract.clock import VIETNAM, SystemClock
from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.controls import Controls
from provisioning.onebox.play import Play, Visit

PARTS = ("kiosk", "hub", "broker")
AWAY_S = 0.7
FEE_VND = 3000


@dataclass(slots=True)
class Killer:
    """Kills one part once, at a moment drawn beforehand, and starts it again a little later."""

    box: OneBox
    part: str
    after_s: float
    began_at_s: float = field(default_factory=time.monotonic)
    killed_at_s: float | None = None
    killed_at: datetime | None = None
    back: bool = False

    def __call__(self) -> None:
        """Be called at every look."""
        now = time.monotonic()
        if self.killed_at_s is None and now - self.began_at_s >= self.after_s:
            self.box.kill_part(self.part)
            self.killed_at_s, self.killed_at = time.monotonic(), SystemClock().now()
        elif self.killed_at_s is not None and not self.back and now - self.killed_at_s >= AWAY_S:
            self.box.start_part(self.part)
            self.back = True


class PromiseBroken(AssertionError):
    """What must hold after a kill does not."""


def rounds(box: OneBox, part: str, count: int, within_s: float, chance: random.Random) -> None:
    """Play `count` visits, killing `part` once in each within its first `within_s`; raise PromiseBroken."""
    for number in range(1, count + 1):
        killer = Killer(box, part, chance.uniform(0.0, within_s))
        printed, numbers = len(box.printer.jobs()), _numbers(box)
        Controls(box).tubes(filled=True)
        play = Play(box, lambda _: None, killer, exact_money=number % 2 == 0)
        visit = play.one_visit(within_s=180)
        _between_visits(killer)
        _check(box, visit, printed, numbers)
        print(f"{part:<7} {number:>3}: killed at {killer.after_s:4.1f} s, {_step_at(visit, killer)}", flush=True)


def _between_visits(killer: Killer) -> None:
    """A visit that was quicker than the moment drawn: kill after it, before the next."""
    killer.after_s = min(killer.after_s, time.monotonic() - killer.began_at_s)
    while not killer.back:
        killer()
        time.sleep(0.05)


def _check(box: OneBox, visit: Visit, printed: int, numbers: list[int]) -> None:
    now = _numbers(box)
    promises = {
        "the visit is certified": visit.certified,
        "one sheet was printed": len(box.printer.jobs()) == printed + 1,
        "one number was used, without a gap": now == [*numbers, len(numbers) + 1],
        "the money is accounted for": _money_is_right(box, visit),
    }
    broken = [promise for promise, kept in promises.items() if not kept]
    if broken:
        raise PromiseBroken(f"visit {visit.visit}: not: {', '.join(broken)}. {visit.ending} {visit.balance}")


def _money_is_right(box: OneBox, visit: Visit) -> bool:
    """The visit's books sum up, and the fee of each visit is what the box holds beyond its first change."""
    balance = visit.balance
    out = balance["returned_vnd"] + balance["kept_vnd"]
    pending = balance["owed_vnd"] + balance["voucher_vnd"] + balance["escrow_vnd"] + balance["unknown_vnd"]
    return bool(balance["received_vnd"] == out and pending == 0 and balance["kept_vnd"] == FEE_VND)


def _numbers(box: OneBox) -> list[int]:
    play = Play(box, lambda _: None)
    play.officer.log_in()
    year = SystemClock().now().astimezone(VIETNAM).year
    return sorted(int(row["number"]) for row in play.officer.register(year))


def _step_at(visit: Visit, killer: Killer) -> str:
    """Return the step during which the part was killed, as the kiosk's journal has it."""
    begun = [step for step in visit.steps if killer.killed_at and step.began_at <= killer.killed_at]
    return f"during '{begun[-1].name}'" if begun else "before the first step"


def main() -> None:
    """Run the proof; exit 1 where a promise breaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="kills of each part")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, default=Path("build/prove-kill"))
    args = parser.parse_args()
    chance = random.Random(args.seed)
    box = OneBox(args.out / f"{SystemClock().now():%H%M%S}", glass.lay((), args.out / "glass"), Ports.free())
    box.start(lambda _: None)
    began_s = time.monotonic()
    try:
        _check(box, Play(box, lambda _: None).one_visit(), 0, [])
        takes_s = time.monotonic() - began_s
        for part in PARTS:
            rounds(box, part, args.rounds, takes_s, chance)
        visits = args.rounds * len(PARTS) + 1
        if (gained := box.cash.gained_vnd()) != FEE_VND * visits:
            raise PromiseBroken(f"the machines hold {gained} đ more, not {FEE_VND * visits}")
    except PromiseBroken as broken:
        sys.exit(f"BROKEN: {broken}")
    finally:
        box.stop()
    print(f"{visits} copies, {visits - 1} kills within the {takes_s:.1f} s that a copy takes: {visits} sheets printed,")
    print(f"numbers 1 to {visits} without a gap, {FEE_VND * visits} đ in the box, nothing waits.")


if __name__ == "__main__":
    main()
