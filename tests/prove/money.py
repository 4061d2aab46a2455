"""`make prove-money`: power cuts at random moments while money moves, and the sum is right to the đồng each time.

Boxes of their own (`--jobs`) play rounds until together they have cut the power `--cuts` times. In each round a citizen
pays (or gives up half-way), and once to three times the agent is killed (SIGKILL), the board is reset, both, or the
whole kiosk loses its mains. Then the machines' own record of every coin and note must agree with the ledger's books:
what lies in the machines is what was booked as taken less what was booked as handed out.
`--seed` and `--first` take a broken round up again (a box's seed stands in its lines).
"""

import argparse
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.prove.money_rounds import PromiseBroken, Proof, Tally


def prove(folder: Path, *, cuts: int, seed: int, first: int = 1, speed: int = 8) -> Tally:
    """Play rounds in a folder of their own until the power was cut `cuts` times; raise PromiseBroken with the round."""
    shutil.rmtree(folder, ignore_errors=True)
    proof, number = Proof(folder, speed), first
    try:
        proof.start()
        while sum(proof.tally.cuts.values()) < cuts:
            try:
                proof.round(seed, number)
            except PromiseBroken as broken:
                raise PromiseBroken(f"round {number} of seed {seed}: {broken}") from broken
            if number % 25 == 0:
                print(f"seed {seed}, round {number}: {_summary(proof.tally)}", flush=True)
            number += 1
    finally:
        proof.stop()
    return proof.tally


def _summary(tally: Tally) -> str:
    cuts = ", ".join(f"{count} {name}" for name, count in sorted(tally.cuts.items()))
    sums = {account: abs(tally.totals.get(account, 0)) for account in ("box", "fee", "tube", "owed", "unknown")}
    return (
        f"{tally.rounds} visits ({tally.paid} paid), {sum(tally.cuts.values())} cuts ({cuts}), {tally.pieces} pieces; "
        f"{sums['box']:,} đ taken = {sums['fee']:,} kept + {sums['tube']:,} handed out + {sums['owed']:,} owed "
        f"+ {sums['unknown']:,} unknown"
    )


def _together(tallies: Sequence[Tally]) -> Tally:
    cuts, totals = Counter[str](), Counter[str]()
    for tally in tallies:
        cuts.update(tally.cuts)
        totals.update(tally.totals)
    sums = {name: sum(getattr(tally, name) for tally in tallies) for name in ("rounds", "paid", "pieces")}
    return Tally(cuts=cuts, totals=totals, **sums)


def main() -> None:
    """Run the proof; exit 1 where a promise breaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2, help="boxes at a time, with seeds that follow each other")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--first", type=int, default=1, help="the round to begin with")
    parser.add_argument("--speed", type=int, default=8, help="simulated seconds a second, at most; 0: no limit")
    parser.add_argument("--out", type=Path, default=Path("build/prove-money"))
    asked = parser.parse_args()
    began_s = time.monotonic()

    def one(box: int) -> Tally:
        seed, cuts = asked.seed + box, -(-asked.cuts // asked.jobs)
        return prove(asked.out / str(seed), cuts=cuts, seed=seed, first=asked.first, speed=asked.speed)

    try:
        with ThreadPoolExecutor(asked.jobs) as boxes:
            tally = _together(list(boxes.map(one, range(asked.jobs))))
    except PromiseBroken as broken:
        sys.exit(f"BROKEN: {broken}")
    print(f"{_summary(tally)}. Right to the đồng each time. {time.monotonic() - began_s:.0f} s")


if __name__ == "__main__":
    main()
