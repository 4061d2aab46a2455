"""`make prove-kill`: agent, hub and broker are killed (SIGKILL) at random moments of a running copy, and started again.

After each visit: it has ended, exactly one sheet was printed for it, exactly one register number was used, the number
follows the one before, and the citizen's money is where the books say it is, which is where the cash box has it.
"""

import argparse
import json
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from contract.clock import VIETNAM, SystemClock
from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.play import Play, Visit

PARTS = ("kiosk", "hub", "broker")
A_COPY_TAKES_S = 9.0
AWAY_S = 0.7


@dataclass(slots=True)
class Killer:
    """Kills one part once, at a moment drawn beforehand, and starts it again a little later."""

    box: OneBox
    part: str
    after_s: float
    began_at_s: float = field(default_factory=time.monotonic)
    killed_at_s: float | None = None
    back: bool = False

    def __call__(self) -> None:
        """Be called at every look."""
        now = time.monotonic()
        if self.killed_at_s is None and now - self.began_at_s >= self.after_s:
            self.box.kill_part(self.part)
            self.killed_at_s = time.monotonic()
        elif self.killed_at_s is not None and not self.back and now - self.killed_at_s >= AWAY_S:
            self.box.start_part(self.part)
            self.back = True


class PromiseBroken(AssertionError):
    """What must hold after a kill does not."""


def rounds(box: OneBox, part: str, count: int, chance: random.Random) -> None:
    """Play `count` visits, killing `part` once in each; raise PromiseBroken."""
    for number in range(1, count + 1):
        killer = Killer(box, part, chance.uniform(0.0, A_COPY_TAKES_S))
        printed, numbers = len(box.printer.jobs()), _numbers(box)
        visit = Play(box, lambda _: None, killer).one_visit(within_s=180)
        if not killer.back:  # the visit was quicker than the moment drawn: kill and restart between visits
            killer.after_s = 0.0
            killer()
            time.sleep(AWAY_S)
            killer()
        _check(box, visit, printed, numbers)
        where = _step_at(visit, killer)
        print(f"{part:<7} round {number:>2}: killed {killer.after_s:4.1f} s in, {where}; {visit.ending['code']}", flush=True)


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
        raise PromiseBroken(f"visit {visit.visit}: not {', not '.join(broken)}. Ending: {visit.ending}; {visit.balance}")


def _money_is_right(box: OneBox, visit: Visit) -> bool:
    """The visit's books sum up, and the fee of each visit is what the box holds beyond its first change."""
    balance = visit.balance
    out = balance["returned_vnd"] + balance["kept_vnd"]
    pending = balance["owed_vnd"] + balance["escrow_vnd"] + balance["unknown_vnd"]
    return bool(balance["received_vnd"] == out and pending == 0 and balance["kept_vnd"] == 3000)


def _numbers(box: OneBox) -> list[int]:
    play = Play(box, lambda _: None)
    play.officer.log_in()
    year = SystemClock().now().astimezone(VIETNAM).year
    return sorted(int(row["number"]) for row in play.officer.register(year))


def _step_at(visit: Visit, killer: Killer) -> str:
    return f"copy took {sum(step.seconds for step in visit.steps):4.1f} s"


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
    cash_before = _cash(box)
    try:
        for part in PARTS:
            rounds(box, part, args.rounds, chance)
        visits = args.rounds * len(PARTS)
        if _cash(box) - cash_before != 3000 * visits:
            raise PromiseBroken(f"the cash box holds {_cash(box) - cash_before} đ more, not {3000 * visits}")
    except PromiseBroken as broken:
        sys.exit(f"BROKEN: {broken}")
    finally:
        box.stop()
    print(f"{visits} visits, {visits} kills: {visits} sheets, numbers 1 to {visits}, {3000 * visits} đ in the box.")


def _cash(box: OneBox) -> int:
    held = json.loads((box.folder / "kiosk" / "cash-box.json").read_text()) if _has_cash(box) else {}
    return sum(int(note) * count for room in ("tubes", "cassette") for note, count in held.get(room, {}).items())


def _has_cash(box: OneBox) -> bool:
    return (box.folder / "kiosk" / "cash-box.json").exists()


if __name__ == "__main__":
    main()
