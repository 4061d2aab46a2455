"""`make prove-boot-update`: a booted kiosk through its updates; 1 where a promise breaks.

Needs root, mmdebstrap and what `make prove-boot` needs; the first time a network. The machine has none. Simulated: the
devices, the citizen, the officer, the time server. A cut is SIGKILL of the machine's
PID 1: processes are gone at once, what they had written stays (lost sectors are not played here).
"""

import subprocess
import sys
from pathlib import Path

import httpx

from provisioning.onebox.play import DemoStopped
from tests.prove.boot import alone, first_copy, rootfs
from tests.prove.boot.machine import Machine, MachineFailed
from tests.prove.boot.promises import play, say
from tests.prove.boot.site import Site
from tests.prove.boot_update import rounds
from tests.prove.boot_update.kiosk import Kiosk
from tests.prove.boot_update.releases import ARCH, Releases

_BREAKS = (MachineFailed, DemoStopped, httpx.HTTPError, subprocess.SubprocessError)
_PICTURES, _ROOM = Path("build/screens"), "size=8g"
_PACKAGE = Path(f"build/tram-kiosk_0.1.0_{ARCH}.deb")


def main() -> int:
    """Prepare with the network, then prove without."""
    only = sys.argv[1:]
    return _prove(alone.layer("tests.prove.boot_update", only, _prepare, room=_ROOM), only)


def _prepare() -> None:
    subprocess.run(["bash", "systemd/deb/build.sh", ARCH, "0.1.0"], check=True, stdout=subprocess.DEVNULL)
    rootfs.ensure(_PACKAGE.resolve(), say)


def _prove(layer: Path, only: list[str]) -> int:
    releases, site = Releases(Path("build/boot-update").resolve()), Site(alone.SHARED)
    newer, package = releases.package("0.1.9"), releases.package("0.1.0")
    say(f"packages with the publisher's root: {package.name} ({package.stat().st_size / 1e6:.0f} MB), {newer.name}")
    releases.publish(rounds.OLDEST)
    offered = site.box.folder / "hub" / "releases"
    offered.parent.mkdir(parents=True)
    offered.symlink_to(releases.repository)
    machine = Machine(layer, alone.SHARED)
    kiosk = Kiosk(machine, site)
    named = {each.__name__: each for each in rounds.ALL}
    chosen = [named[each] for each in only] or rounds.ALL
    try:
        first_copy.prove(machine, site, package, _PICTURES, say, kiosk.prepare)
        broken = play(chosen, kiosk, releases, faults=_BREAKS)
    finally:
        machine.pull_the_plug()
        site.stop()
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
