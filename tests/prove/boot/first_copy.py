"""Three commands: install, enrol, start; then one copy, played by the scripted citizen and officer."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx

from provisioning.onebox.play import Play
from tests.prove.boot.machine import Machine, MachineFailed
from tests.prove.boot.site import Site

Say = Callable[[str], None]


def prove(
    machine: Machine, site: Site, package: Path, pictures: Path, say: Say, prepare: Callable[[], None] = lambda: None
) -> None:
    """Bring an empty machine to its first copy, `prepare` it before it is enrolled; raise MachineFailed."""
    site.start()
    say(f"an empty Debian 12 booted in {machine.boot():.1f} s")
    began_s = time.monotonic()
    machine.do(f"apt-get install -y -qq --no-install-recommends /build/{package.name}", within_s=900)
    say(f"1. apt install ./{package.name}: {time.monotonic() - began_s:.1f} s, without a network")
    site.fit_panel(machine)
    site.time.fit(machine)
    prepare()
    at_s = time.monotonic()
    said = site.enrol(machine)
    say(f"2. tram enrol: {time.monotonic() - at_s:.1f} s: {said.splitlines()[2]}")
    at_s = time.monotonic()
    machine.do("systemctl start tram.target")
    took_s = machine.until("the kiosk is online", lambda: online(site), 120)
    say(f"3. systemctl start tram.target: online {time.monotonic() - at_s:.1f} s later ({took_s:.1f} s of waiting)")
    waited_s = machine.until("the clock is believed", lambda: clock_is_believed(site), 60)
    say(f"its clock was believed {waited_s:.1f} s after that")
    copy(site)
    say(f"first copy printed {time.monotonic() - began_s:.1f} s after the first command")
    machine.until("the panel shows the agent's page", lambda: _is_drawn(machine, pictures), 60)


def online(site: Site) -> bool:
    """Return whether the agent answers and the hub has its hand."""
    try:
        return bool(httpx.get(f"{site.box.kiosk_url}/status", timeout=15).json()["link"]["online"])
    except httpx.HTTPError:  # it starts, or is started anew
        return False


def clock_is_believed(site: Site) -> bool:
    """Return whether an authenticated time server has set the kiosk's clock (R23)."""
    try:
        devices = httpx.get(f"{site.box.kiosk_url}/status", timeout=15).json()["devices"]
    except httpx.HTTPError:
        return False
    return any(each["name"] == "clock" and each["state"] == "READY" for each in devices)


def copy(site: Site) -> None:
    """Have one copy made once the clock is believed, as none begins before; raise MachineFailed if none came out."""
    ends_s = time.monotonic() + 60
    while not clock_is_believed(site):
        if time.monotonic() > ends_s:
            raise MachineFailed("its clock is not believed within 60 s")
        time.sleep(0.2)
    visit = Play(site.box, lambda _: None, heedful=False).one_visit(within_s=180)
    if not visit.certified or visit.sheets < 1:
        raise MachineFailed(f"no copy came out: {visit.ending}")


def _is_drawn(machine: Machine, pictures: Path) -> bool:
    return len(machine.picture(pictures / "boot-first.png").read_bytes()) > 30_000
