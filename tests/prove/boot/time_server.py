"""The time server of a booted machine's site (simulated: it tells this machine's time), and its chrony fitted to it."""

from pathlib import Path

from hub.signing.credentials import read_pem
from tests.chrony_doubles import certificate, server
from tests.prove.boot.machine import Machine

_CONTAINER = """\
[Unit]
ConditionCapability=
[Service]
ExecStart=
ExecStart=!/usr/sbin/chronyd -x -F 1 -f /etc/chrony/tram.conf
"""


class TimeServer:
    """An NTS server on the machine's loopback; `authority` (PEM, with its key beside it) vouches for its name.

    `name` is what the machine's file calls it.
    """

    def __init__(self, folder: Path, authority: Path) -> None:
        self._authority = authority.with_suffix(".pem")
        made = certificate(folder, "localhost", read_pem(authority))
        self._chronyd, self.name = server(folder / "time", *made)

    def start(self) -> None:
        """Begin again."""
        self._chronyd.start()

    def stop(self) -> None:
        """End it."""
        self._chronyd.stop()

    def fit(self, machine: Machine) -> None:
        """Let the machine's chrony run though a container may touch no clock (-x), and trust this server."""
        drop_in = machine.root / "etc/systemd/system/chrony.service.d"
        drop_in.mkdir(parents=True, exist_ok=True)
        (drop_in / "zz-container.conf").write_text(_CONTAINER)
        (machine.root / "etc/chrony/tram-ca/site.pem").write_bytes(self._authority.read_bytes())
        machine.do("systemctl daemon-reload && systemctl restart chrony")
