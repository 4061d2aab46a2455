"""`make prove-hub-boot`: an empty Debian 12 becomes a hub by typed commands, then faults; 1 where a promise breaks.

Everything runs in a network of its own without a way out. Real: systemd, PostgreSQL, Mosquitto, the package, and the
program of a kiosk that enrols there. Simulated: the kiosk's devices, the citizen, the officer.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.prove.boot import rootfs
from tests.prove.boot.machine import Machine
from tests.prove.boot.promises import play, say
from tests.prove.hub_boot import faults, keeping, leaving, setting_up
from tests.prove.hub_boot.office import Office

_INSIDE = "TRAM_BOOT_INSIDE"


def main() -> int:
    """Prepare with the network, then prove without."""
    packages = [Path(each).resolve() for each in sys.argv[1:3]]
    if os.geteuid():
        print("This proof boots a machine and mounts file systems: run it as root.", file=sys.stderr)
        return 2
    if _INSIDE not in os.environ:
        rootfs.ensure(packages[0], say, "postgresql")
        os.environ[_INSIDE] = "1"
        again = [sys.executable, "-m", "tests.prove.hub_boot", *map(str, packages)]
        os.execvp("unshare", ["unshare", "--net", "--mount", "--", *again])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    layer = rootfs.FOLDER / "layer"
    for folder in (Path("/run/systemd/nspawn"), Path("/mnt"), layer):  # what is written is lost with this process
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
    shared = Path("/mnt/site")
    return _prove(Office(Machine(layer, shared), shared, *packages))


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
