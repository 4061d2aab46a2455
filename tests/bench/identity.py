"""`make bench-identity`: chip, face and liveness, each beside its peer or its target; ARGS="--part face …" runs one."""

import argparse
import sys

from tests.bench import identity_chip, identity_face, identity_liveness

PARTS = {"chip": identity_chip, "face": identity_face, "liveness": identity_liveness}


def main() -> None:
    """Run the parts chosen; what else stands on the command line is theirs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS)
    chosen, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    for name, part in PARTS.items():
        if chosen.part in (None, name):
            print(f"== {name}", flush=True)
            part.main()
            print()


if __name__ == "__main__":
    main()
