"""From an empty Debian 12 to a hub that has certified its first copy, by what a person types."""

import subprocess
import time
from collections.abc import Callable

from provisioning.onebox import settings
from provisioning.onebox.box import TRAM
from tests.prove.boot.machine import MachineFailed
from tests.prove.hub_boot.office import HUB, Office

_AGENCY = settings.AGENCY
INIT = (
    f"tram hub init --agency '{_AGENCY['name']}' --code {_AGENCY['code']} --place '{_AGENCY['place']}' "
    f"--province '{_AGENCY['province']}' --host localhost"
)


def prove(office: Office, say: Callable[[str], None]) -> None:
    """Set up; raise MachineFailed."""
    machine = office.machine
    office.start()
    say(f"an empty Debian 12 booted in {machine.boot():.1f} s")
    began_s = time.monotonic()
    said = office.do(
        f"apt-get install -y -qq --no-install-recommends /build/{office.package.name} postgresql 2>&1", within_s=900
    )
    if "tram hub init" not in said:
        raise MachineFailed(f"the package does not say what comes next: {said[-500:]}")
    say(f"1. apt install ./{office.package.name} postgresql: {time.monotonic() - began_s:.1f} s, without a network")
    office.fit_clock()
    at_s = time.monotonic()
    said = office.do(INIT)
    say(f"2. tram hub init: {time.monotonic() - at_s:.1f} s\n{said}")
    again = office.do("tram hub init")
    if "stays as it is" not in again or again.count(":") < 4:
        raise MachineFailed(f"a second init is not the first: {again}")
    office.type_roster()
    # the scripted people have no second factor, and no web server with TLS stands in front
    office.do("sed -i 's/^second_factor = true/second_factor = false/; s#https://localhost/v#http://localhost:8080/v#' "
              "/etc/tram/hub.toml")  # fmt: skip
    at_s = time.monotonic()
    office.do(f"systemctl restart {HUB}")
    say(f"3. tram hub officer, tram hub kiosk, systemctl restart tram-hub: ready {time.monotonic() - at_s:.1f} s later")
    at_s = time.monotonic()
    enrol(office)
    office.box.start_part("kiosk")
    office.until_online()
    say(f"4. tram enrol at the kiosk: online {time.monotonic() - at_s:.1f} s later")
    believed_s = office.until_clock_believed()
    say(f"the hub's clock was believed {believed_s:.1f} s after that")
    took_s = office.copy()
    say(f"first copy in {took_s:.1f} s, as tram verify and pdfsig see it; {time.monotonic() - began_s:.1f} s in all")


def enrol(office: Office) -> None:
    """Have the kiosk's program enrol at the hub."""
    folder = office.box.folder
    argv = [
        TRAM,
        "enrol",
        office.operator().ticket(),
        "--config",
        folder / "kiosk.toml",
        "--identity",
        folder / "identity",
    ]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MachineFailed(f"tram enrol: {done.stdout}{done.stderr}")
