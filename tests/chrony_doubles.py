"""chronyd as a time server and as a kiosk has it, on ports of the loopback; -x: no clock is touched."""

import os
import pwd
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

from contract.clock import SystemClock
from contract.time_report import REPORT, TimeReport
from hub.signing import profiles
from hub.signing.credentials import Credential, write_pem
from provisioning.checkup.clock import below
from provisioning.checkup.time_servers import OWN_AUTHORITIES
from provisioning.clock import chrony_conf
from provisioning.onebox.child import Child, free_port

ROOT = Path(__file__).resolve().parents[1]
FORGER, FORGED_BY_S = "127.0.0.3", 3600.0
_SINCE_1900_S = 2_208_988_800


class Chronyd:
    """A chronyd with this configuration, by whoever runs the tests; `folder` is its root."""

    def __init__(self, folder: Path, conf: str) -> None:
        self.run, self.log = folder / "run/chrony", folder / "log"
        self.run.mkdir(parents=True, mode=0o700)
        own = f"{conf}\nbindcmdaddress {self.socket}\npidfile {self.run}/chronyd.pid\n"
        (folder / "chrony.conf").write_text(own)
        user = pwd.getpwuid(os.geteuid()).pw_name
        argv = ["chronyd", "-x", "-U", "-d", "-u", user, "-f", str(folder / "chrony.conf")]
        self._child = Child("chronyd", argv, self.log)
        self.start()

    @property
    def socket(self) -> Path:
        """Where it takes orders."""
        return self.run / "chronyd.sock"

    def start(self) -> None:
        """Begin, or begin again."""
        self._child.start(self.socket.exists)

    def stop(self) -> None:
        """End it."""
        self._child.stop()


def certificate(folder: Path, name: str, by: Credential) -> tuple[Path, Path]:
    """Return files with a server's certificate of this name by that authority, and its key."""
    authority = profiles.Authority(credential=by, now=SystemClock().now())
    made = authority.issue(profiles.machine(name), profiles.server(profiles.server_names(name)))
    stem = folder / f"{made.certificate.serial_number:x}"
    write_pem(made, stem)
    return stem.with_suffix(".pem"), stem.with_suffix(".key.pem")


def server(folder: Path, certificate: Path, key: Path, *, address: str = "127.0.0.1") -> tuple[Chronyd, str]:
    """Return a started NTS server, and how `[clock] servers` names it."""
    port = free_port()
    name = "localhost" if address == "127.0.0.1" else address
    conf = f"""
        port {free_port()}
        bindaddress {address}
        ntsport {port}
        ntsprocesses 0
        ntsservercert {certificate}
        ntsserverkey {key}
        cmdport 0
        local stratum 3
        allow 127.0.0.0/8
    """
    return Chronyd(folder, conf), f"{name}:{port}"


class KioskClock:
    """A kiosk's chronyd with the configuration that the package brings, and the watcher that writes its report down."""

    def __init__(
        self, folder: Path, authority: Path | None, servers: tuple[str, ...], change: Callable[[str], str]
    ) -> None:
        self.root, self.servers = folder, servers
        own = folder / OWN_AUTHORITIES
        own.mkdir(parents=True)
        if authority:
            (own / "site.pem").write_bytes(authority.read_bytes())
        (folder / "var/lib/chrony").mkdir(parents=True, mode=0o700)
        shipped = (ROOT / "systemd/etc/chrony.conf").read_text()
        for path in ("/etc/chrony", "/var/lib/chrony"):
            shipped = shipped.replace(f" {path}", f" {folder}{path}")
        shipped = shipped.replace("confdir /run/chrony", chrony_conf(servers))
        quick = shipped.replace(" iburst", " iburst minpoll 0 maxpoll 1")
        self.chronyd = Chronyd(folder, change(quick))
        self.report = below(folder, REPORT)
        self.report.parent.mkdir(parents=True)
        argv = [str(ROOT / "systemd/clock-watch"), str(self.report.parent), str(self.chronyd.socket), "0.5"]
        self._watcher = Child("clock-watch", argv, folder / "watch.log")
        self._watcher.start(self.report.exists)

    def until(self, what: Callable[[TimeReport], bool], within_s: float = 30.0) -> TimeReport:
        """Return the first report of which that holds."""
        ends_s, told = time.monotonic() + within_s, ""
        while time.monotonic() < ends_s:
            told = self.report.read_text()
            if what(report := TimeReport.parse(told)):
                return report
            time.sleep(0.1)
        raise AssertionError(f"not within {within_s:.0f} s:\n{told}\n{self.chronyd.log.read_text()}")

    def stop(self) -> None:
        """End both."""
        self._watcher.stop()
        self.chronyd.stop()


class ForgedServer:
    """Answers plain NTP (RFC 5905), an hour ahead, as somebody on the way could."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((FORGER, 0))
        self.port, self.asked = self._socket.getsockname()[1], 0
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                asked, who = self._socket.recvfrom(1024)
                self.asked += 1
                self._socket.sendto(_answer(asked), who)
            except OSError:
                return


def _answer(asked: bytes) -> bytes:
    now = _timestamp(time.time() + FORGED_BY_S)
    version = asked[0] >> 3 & 7
    head = struct.pack("!BBbbII4s", version << 3 | 4, 1, asked[2], -20, 0, 0, b"GPS\0")
    return head + now + asked[40:48] + now + now


def _timestamp(at_s: float) -> bytes:
    whole, part = divmod(at_s + _SINCE_1900_S, 1)
    return struct.pack("!II", int(whole) & 0xFFFFFFFF, int(part * 2**32))
