"""Run the proof on the one-machine set; exit 1 where a mark is found, or the search is blind."""

import argparse
import secrets
import sys
from pathlib import Path

from contract.clock import SystemClock
from tests.prove.privacy.proof import prove


def main() -> None:
    """Play the visit, search, and search again with an attendant that talks, which must be found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/prove-privacy"))
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    args = parser.parse_args()
    folder = args.out / f"{SystemClock().now():%H%M%S}"
    outcome = prove(folder / "silent", args.seed)
    if outcome.wrong:
        sys.exit("BROKEN:\n" + "\n".join(outcome.wrong))
    told = prove(folder / "talking", args.seed, talks=True)
    if not any("logs/kiosk.log: name" in each for each in told.wrong):
        sys.exit(f"BROKEN: the search did not find the name that an attendant wrote into the log: {told.wrong}")
    print(
        f"{outcome.files} files and {outcome.messages} messages searched for 7 marks in every form: nothing in the "
        f"clear while {outcome.sealed_bytes} sealed bytes lay there, nothing at all after the purge (R13); "
        "an attendant that writes a name into the log is found."
    )


if __name__ == "__main__":
    main()
