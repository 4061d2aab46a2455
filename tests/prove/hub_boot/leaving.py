"""The package taken away: what stays, what goes, and that it comes back to the same books."""

from collections.abc import Callable

from tests.prove.boot.machine import MachineFailed
from tests.prove.hub_boot.office import BROKER, HUB, Office
from tests.prove.hub_boot.setting_up import INIT


def removed_and_installed_again_it_goes_on(office: Office) -> str:
    """`apt remove` leaves configuration, keys and register and says so; installed again the hub serves with them."""
    numbers, files = office.numbers(), _books(office)
    said = office.do("apt-get remove -y -qq tram-hub 2>&1", within_s=120)
    if "stay" not in said or office.machine.active(HUB) or office.do("ls /opt") or _books(office) != files:
        raise MachineFailed(f"removing took more than the program, or did not say what stays: {said[-500:]}")
    office.do(f"apt-get install -y -qq --no-install-recommends /build/{office.newer.name}", within_s=300)
    back_s = office.until_serves()
    office.until_online()
    if office.numbers() != numbers or _books(office) != files:
        raise MachineFailed(f"the books are others: {office.numbers()}")
    sentence = next(line for line in said.splitlines() if line.startswith("tram-hub:"))
    return f'"{sentence}"; installed again it served after {back_s:.1f} s; a copy in {office.copy():.1f} s'


def purge_takes_the_configuration_and_never_the_books(office: Office) -> str:
    """`apt purge` leaves the agency's books and a broker that runs; `tram hub init` goes on with them."""
    numbers, files = office.numbers(), _books(office)
    said = office.do("apt-get purge -y -qq tram-hub 2>&1", within_s=120)
    left = office.do(
        "find / -xdev \\( -iname '*tram-hub*' -o -path '/etc/tram*' -o -path '/etc/chrony/tram*' \\) "
        "-not -path '/proc/*' -not -path '/build/*' "
        "-not -path '/var/lib/tram-hub/*' -not -path '/var/cache/apt/*' -not -path '/var/log/*' | sort"
    ).split()
    if (
        set(left) - {"/var/lib/tram-hub", "/var/lib/systemd/timers/stamp-tram-hub-renew.timer"}
        or _books(office) != files
    ):
        raise MachineFailed(f"left: {left}")
    if "Delete them yourself" not in said or not office.machine.active(BROKER):
        raise MachineFailed(f"it did not say what stays, or the broker ended: {said[-500:]}")
    office.do(f"apt-get install -y -qq --no-install-recommends /build/{office.newer.name}", within_s=300)
    office.fit_clock()
    office.do(INIT)
    office.type_roster()
    office.do("sed -i 's/^second_factor = true/second_factor = false/; s#https://localhost/v#http://localhost:8080/v#' "
              f"/etc/tram/hub.toml; systemctl restart {HUB}")  # fmt: skip
    office.until_serves()
    office.until_online()
    if office.numbers() != numbers:
        raise MachineFailed(f"the books are others: {office.numbers()}")
    return f"left: {' '.join(left)}; after tram hub init the kiosk is online and a copy took {office.copy():.1f} s"


def _books(office: Office) -> str:
    return office.do(
        "cd /var/lib/tram-hub && find pki/people drafts tails evidence-key -type f | sort | xargs sha256sum | sha256sum"
    )


ALL: tuple[Callable[[Office], str], ...] = (
    removed_and_installed_again_it_goes_on,
    purge_takes_the_configuration_and_never_the_books,
)
