"""`make prove-boot`: three commands from an empty Debian 12 to the first copy, then faults; 1 where a promise breaks.

Everything runs in a network of its own without a way out, so nothing is fetched and every listener seen is ours.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.prove.boot import faults, first_copy, leaving, rootfs
from tests.prove.boot.machine import Machine
from tests.prove.boot.promises import play, say
from tests.prove.boot.site import Site

_INSIDE = "TRAM_BOOT_INSIDE"
_PICTURES = Path("build/screens")


def main() -> int:
    """Prepare with the network, then prove without."""
    packages = [Path(each).resolve() for each in sys.argv[1:3]]
    if os.geteuid():
        print("This proof boots a machine and mounts file systems: run it as root.", file=sys.stderr)
        return 2
    if _INSIDE not in os.environ:
        rootfs.ensure(packages[0], say)
        os.environ[_INSIDE] = "1"
        again = [sys.executable, "-m", "tests.prove.boot", *map(str, packages)]
        os.execvp("unshare", ["unshare", "--net", "--mount", "--", *again])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    layer = rootfs.FOLDER / "layer"
    for folder in (Path("/run/systemd/nspawn"), Path("/mnt"), layer):  # what is written is lost with this process
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=True)
    shared = Path("/mnt/site")
    return _prove(Machine(layer, shared), Site(shared), *packages)


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
