"""`make prove-update`: `--runs` updates with a cut, a lie or a lack at a random point: none bricked, none half."""

import argparse
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.prove.update.rounds import PromiseBroken, Proof, Tally, Trouble

CUTS = (Trouble.POWER, Trouble.POWER, Trouble.BAD_AND_POWER)
"""Every other run is one of these."""


def prove(folder: Path, *, runs: int, seed: int) -> Tally:
    """Play rounds in a folder of their own; raise PromiseBroken with the round."""
    if (folder / "disk").is_mount():  # of a run that was killed
        subprocess.run(["umount", "-l", str(folder / "disk")], check=True)
    shutil.rmtree(folder, ignore_errors=True)
    proof, chance = Proof(folder, seed), random.Random(seed)
    try:
        troubles = proof.troubles()
        for number in range(1, runs + 1):
            trouble = troubles[number // 2 % len(troubles)] if number % 2 else chance.choice(CUTS)
            try:
                print(f"{number:>4} {trouble:<24} {proof.round(trouble)}", flush=True)
            except PromiseBroken as broken:
                raise PromiseBroken(f"run {number} of seed {seed}: {broken}") from broken
    finally:
        proof.close()
    return proof.tally


def main() -> None:
    """Run the command."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--folder", type=Path, default=Path("build/prove-update"))
    chosen = arguments.parse_args()
    began_s = time.monotonic()
    try:
        tally = prove(chosen.folder.resolve(), runs=chosen.runs, seed=chosen.seed)
    except PromiseBroken as broken:
        sys.exit(f"BROKEN: {broken}")
    for title, counter in (("trouble", tally.troubles), ("ended", tally.ends), ("cut while", tally.cuts)):
        print(f"{title:<10} " + ", ".join(f"{count} {name}" for name, count in counter.most_common()))
    took_s = time.monotonic() - began_s
    print(f"{chosen.runs} runs in {took_s:.0f} s: 0 bricked, 0 half; {tally.visits} visits, none cut short")


if __name__ == "__main__":
    main()
