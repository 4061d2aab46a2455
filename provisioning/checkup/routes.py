"""Whether the kernel has a way to other networks, by IPv4 or by IPv6 (proc_pid_net(5), linux/ipv6_route.h)."""

from pathlib import Path

_UP, _REJECT = 0x1, 0x200
"""RTF_UP and RTF_REJECT of linux/route.h; where IPv6 has no way out the kernel lists a default route that refuses."""


def has_default(root: Path) -> bool:
    """Return whether a default route of either family is in use; `root` is where the kernel's files hang.

    A VPN may cut its own in two; the half that begins at address 0 counts as well.
    """
    ipv4 = [line.split() for line in _lines(root / "proc/net/route")[1:]]
    ipv6 = [line.split() for line in _lines(root / "proc/net/ipv6_route")]
    ways = [(row[1], row[3]) for row in ipv4] + [(row[0], row[8]) for row in ipv6]
    return any(int(network, 16) == 0 and _in_use(flags) for network, flags in ways)


def _in_use(flags: str) -> bool:
    return int(flags, 16) & (_UP | _REJECT) == _UP


def _lines(table: Path) -> list[str]:
    """A kernel without one of the families has no table of it."""
    return table.read_text().splitlines() if table.exists() else []
