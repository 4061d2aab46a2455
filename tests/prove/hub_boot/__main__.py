"""`make prove-hub-boot`: an empty Debian 12 becomes a hub by typed commands, then faults; 1 where a promise breaks.

Promises that are named after the two packages are played alone.

Everything runs in a network of its own without a way out. Real: systemd, PostgreSQL, Mosquitto, the package, and the
program of a kiosk that enrols there. Simulated: the kiosk's devices, the citizen, the officer.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from provisioning.onebox.play import DemoStopped
from tests.prove.boot import alone, rootfs
from tests.prove.boot.machine import Machine, MachineFailed
from tests.prove.boot.promises import play, say
from tests.prove.hub_boot import faults, keeping, leaving, setting_up
from tests.prove.hub_boot.office import Office

_BREAKS = (MachineFailed, DemoStopped, httpx.HTTPError, subprocess.SubprocessError)


def main() -> int:
    """Prepare with the network, then prove without."""
    given, only = sys.argv[1:], sys.argv[3:]
    packages = [Path(each).resolve() for each in given[:2]]
    layer = alone.layer("tests.prove.hub_boot", given, lambda: rootfs.ensure(packages[0], say, "postgresql"))
    named = {each.__name__: each for each in (*faults.ALL, *keeping.ALL, *leaving.ALL)}
    promises = [named[each] for each in only] or list(named.values())
    return _prove(Office(Machine(layer, alone.SHARED), alone.SHARED, *packages), promises)


def _prove(office: Office, promises: Sequence[Callable[[Office], str]]) -> int:
    try:
        setting_up.prove(office, say)
        broken = play(promises, office, faults=_BREAKS)
    finally:
        office.stop()
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
