"""The kiosk's package taken away: what stays, what goes, and that it comes back to the same books."""

from collections.abc import Callable
from pathlib import Path

from tests.prove.boot.first_copy import copy, online
from tests.prove.boot.machine import Machine, MachineFailed
from tests.prove.boot.site import Site

_OF_THE_SITE = ("/etc/systemd/system/tram-display.service.d", "/etc/systemd/system/tram-agent.service.d")
"""What this proof laid there itself."""


def removed_and_installed_again_it_goes_on(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """`apt remove` leaves configuration, identity and ledger and says so; installed again it is the same kiosk."""
    books = "cd / && sha256sum etc/tram/kiosk.toml && find var/lib/tram/identity -type f | sort | xargs sha256sum"
    before = machine.do(books)
    said = machine.do("apt-get remove -y -qq tram-kiosk 2>&1", within_s=300)
    if (
        "ledger, money on record" not in said
        or machine.says("ls /opt; pgrep -u tram,tram-screen")
        or (machine.do(books) != before)
    ):
        raise MachineFailed(f"removing took more than the program, or did not say what stays: {said[-500:]}")
    machine.do(f"apt-get install -y -qq --no-install-recommends /build/{newer.name}", within_s=900)
    machine.do("systemctl start tram.target")
    took_s = machine.until("the kiosk is online", lambda: online(site), 180)
    copy(site)
    return f"online {took_s:.1f} s after its start, then a copy"


def purged_it_leaves_nothing_but_its_users(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """`apt purge` takes configuration, identity, ledger and updates; users stay, as Debian has it."""
    machine.do("apt-get purge -y -qq tram-kiosk", within_s=300)
    found = machine.do(
        "find / -xdev \\( -name 'tram' -o -name 'tram[-.]*' \\) -not -path '/proc/*' -not -path '/build/*' "
        "-not -path '/mnt/*' -not -path '/run/*' -not -path '/var/cache/apt/*' "
        "-not -path '/var/lib/systemd/timers/*' | sort"
    ).split()
    left = [each for each in found if not each.startswith(_OF_THE_SITE)]
    if left or not machine.says("id -u tram"):
        raise MachineFailed(f"left: {left}")
    return "no file or folder is left"


ALL: tuple[Callable[[Machine, Site, Path, Path], str], ...] = (
    removed_and_installed_again_it_goes_on,
    purged_it_leaves_nothing_but_its_users,
)
