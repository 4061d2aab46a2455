"""`make prove-boot`: three commands from an empty Debian 12 to the first copy, then faults; 1 where a promise breaks.

Promises that are named after the two packages are played alone.

Everything runs in a network of its own without a way out, so nothing is fetched and every listener seen is ours.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.prove.boot import alone, faults, first_copy, leaving, rootfs
from tests.prove.boot.machine import Machine
from tests.prove.boot.promises import play, say
from tests.prove.boot.site import Site

_PICTURES = Path("build/screens")
Promise = Callable[[Machine, Site, Path, Path], str]


def main() -> int:
    """Prepare with the network, then prove without."""
    given, only = sys.argv[1:], sys.argv[3:]
    package, newer = (Path(each).resolve() for each in given[:2])
    layer = alone.layer("tests.prove.boot", given, lambda: rootfs.ensure(package, say))
    named = {each.__name__: each for each in (*faults.ALL, *leaving.ALL)}
    promises = [named[each] for each in only] or list(named.values())
    return _prove(Machine(layer, alone.SHARED), Site(alone.SHARED), package, newer, promises)


def _prove(machine: Machine, site: Site, package: Path, newer: Path, promises: Sequence[Promise]) -> int:
    try:
        first_copy.prove(machine, site, package, _PICTURES, say)
        broken = play(promises, machine, site, newer, _PICTURES)
    finally:
        machine.pull_the_plug()
        site.stop()
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
