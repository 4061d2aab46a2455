"""`make prove-hub-boot`: an empty Debian 12 becomes a hub by typed commands, then faults; 1 where a promise breaks.

Everything runs in a network of its own without a way out. Real: systemd, PostgreSQL, Mosquitto, the package, and the
program of a kiosk that enrols there. Simulated: the kiosk's devices, the citizen, the officer.
"""

import sys
from pathlib import Path

from tests.prove.boot import alone, rootfs
from tests.prove.boot.machine import Machine
from tests.prove.boot.promises import play, say
from tests.prove.hub_boot import faults, keeping, leaving, setting_up
from tests.prove.hub_boot.office import Office


def main() -> int:
    """Prepare with the network, then prove without."""
    packages = [Path(each).resolve() for each in sys.argv[1:3]]
    layer = alone.layer("tests.prove.hub_boot", sys.argv[1:3], lambda: rootfs.ensure(packages[0], say, "postgresql"))
    return _prove(Office(Machine(layer, alone.SHARED), alone.SHARED, *packages))


def _prove(office: Office) -> int:
    try:
        setting_up.prove(office, say)
        broken = play((*faults.ALL, *keeping.ALL, *leaving.ALL), office)
    finally:
        office.machine.pull_the_plug()
        office.box.stop()
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
