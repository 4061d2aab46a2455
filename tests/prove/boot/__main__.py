"""`make prove-boot`: three commands from an empty Debian 12 to the first copy, then faults; 1 where a promise breaks.

Everything runs in a network of its own without a way out, so nothing is fetched and every listener seen is ours.
"""

import sys
from pathlib import Path

from tests.prove.boot import alone, faults, first_copy, leaving, rootfs
from tests.prove.boot.machine import Machine
from tests.prove.boot.promises import play, say
from tests.prove.boot.site import Site

_PICTURES = Path("build/screens")


def main() -> int:
    """Prepare with the network, then prove without."""
    packages = [Path(each).resolve() for each in sys.argv[1:3]]
    layer = alone.layer("tests.prove.boot", sys.argv[1:3], lambda: rootfs.ensure(packages[0], say))
    return _prove(Machine(layer, alone.SHARED), Site(alone.SHARED), *packages)


def _prove(machine: Machine, site: Site, package: Path, newer: Path) -> int:
    try:
        first_copy.prove(machine, site, package, _PICTURES, say)
        broken = play((*faults.ALL, *leaving.ALL), machine, site, newer, _PICTURES)
    finally:
        machine.pull_the_plug()
        site.stop()
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
