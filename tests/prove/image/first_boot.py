"""The first boot of a blank card: what it says, what may be written, how large it has become, who listens."""

import re
from pathlib import Path

from tests.prove.image.computer import Computer
from tests.prove.image.serial_console import ConsoleFailed

_WHY = "journalctl --boot --lines=40 $(systemctl list-units --failed --no-legend --plain | sed 's/ .*//; s/^/--unit=/')"
_LEAST_DATA_GB = 9
"""Of a card of 16 GB, after the boot partition and two roots."""


def prove(computer: Computer, pictures: Path) -> str:
    """Boot a blank card; return the figures."""
    computer.switch_on()
    computer.log_in()
    seconds = computer.until("it has started", lambda: settled(computer), 120)
    failed = computer.says("systemctl list-units --failed --no-legend --plain")
    _require(failed == "", f"these units failed: {failed}\n{computer.says(_WHY)}")
    _require("NOT YET ENROLLED" in console_text(computer), f"the console says {console_text(computer)!r}")
    computer.picture(pictures / "image-blank.png")
    for place in ("/usr/x", "/etc/x", "/var/lib/dpkg/x", "/boot/x"):
        said = computer.says(f"touch {place}")
        _require("Read-only file system" in said, f"touch {place}: {said!r}")
    size_gb = int(computer.do("df --block-size=1 --output=size /data | tail -1")) / 1e9
    _require(size_gb > _LEAST_DATA_GB, f"/data has {size_gb:.1f} GB of a card of 16")
    name = computer.do("hostname")
    _require(bool(re.fullmatch(r"tram-[0-9a-f]{6}", name)), f"its name is {name!r}")
    listeners = computer.says("ss --listening --tcp --udp --numeric --no-header | grep -v ':68 '")
    _require(listeners == "", f"these listen: {listeners}")
    return (
        f"first boot: ready {seconds:.1f} s after the switch, the console says that it is not yet enrolled; {name}; "
        f"the root can't be written; /data has grown to {size_gb:.1f} GB; nothing listens but DHCP; {times(computer)}"
    )


def settled(computer: Computer) -> bool:
    """Return whether systemd has done all that it starts by itself."""
    return computer.says("systemctl is-system-running") in ("running", "degraded")


def times(computer: Computer) -> str:
    """Return what systemd measured of the boot."""
    said = computer.says("systemd-analyze time")
    return said.splitlines()[0].removeprefix("Startup finished in ")


def console_text(computer: Computer) -> str:
    """Return the characters that stand on the first console now."""
    return computer.do("fold -w $(stty -F /dev/tty1 size | cut -d' ' -f2) /dev/vcs1 | sed 's/ *$//' | cat -s")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ConsoleFailed(otherwise)
