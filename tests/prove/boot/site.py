"""What stands around the booted kiosk: hub, broker and devices of the one-box set, on the machine's loopback.

Simulated: the devices, the officer, the citizen, the time server (a chronyd that tells this machine's time); the panel
is Xvfb. The kiosk is the installed package alone.
"""

import tomllib
from dataclasses import replace
from pathlib import Path

from provisioning.onebox import glass, settings
from provisioning.onebox.box import OneBox, Ports
from tests.prove.boot.machine import Machine
from tests.prove.boot.time_server import TimeServer
from tests.prove.enrolment import Operator

KIOSK_PORT = 8080
"""tram-agent.service lets it listen on no other."""

_PANEL = """\
[Service]
ExecStart=/usr/bin/Xvfb :0 -screen 0 1080x1920x24 -ac -nolisten tcp
"""
_ON_THE_PANEL = """\
[Unit]
Wants=panel.service
After=panel.service
[Service]
Environment=DISPLAY=:0 XDG_RUNTIME_DIR=/run/tram-display
PAMName=
TTYPath=
TTYReset=no
TTYVHangup=no
StandardInput=null
BindPaths=/tmp/.X11-unix
ExecStart=
ExecStart=/usr/bin/weston --config=/usr/share/tram/weston.ini --socket=panel --backend=x11-backend.so \\
  --width=1080 --height=1920
"""


class Site:
    """The set in `shared`."""

    def __init__(self, shared: Path) -> None:
        self.shared = shared
        ports = replace(Ports.free(), kiosk=KIOSK_PORT)
        self.box = OneBox(shared / "box", glass.lay((), shared / "glass"), ports)

    def stop(self) -> None:
        """End all of it."""
        self.time.stop()
        self.box.stop()

    def start(self) -> None:
        """Start everything but the kiosk, and let the machine's users at the stand-ins."""
        self.box.start(lambda _: None, kiosk=False)
        self.plug()
        self.time = TimeServer(self.shared, self.box.folder / "hub" / "pki" / "broker" / "root")
        tree = tomllib.loads((self.box.folder / "kiosk.toml").read_text())
        del tree["hub"]  # `tram enrol` writes it
        own = "/var/lib/tram/kiosk"
        moved = {
            str(self.box.folder / "kiosk"): own,
            str(self.box.folder / "heard"): f"{own}/heard",
            str(self.box.tickets.port): f"{self.shared}/ticket-printer",
            str(self.box.cash.port): f"{self.shared}/board",
        }
        tree["stand_ins"] = {}
        tree["clock"] = {"servers": [self.time.name]}
        for section in tree.values():
            for key, value in section.items() if isinstance(section, dict) else ():
                for old, new in moved.items():
                    if isinstance(value, str) and value.startswith(old):
                        section[key] = value.replace(old, new, 1)
        flat = {(f"devices.{name}"): each for name, each in tree.pop("devices", {}).items()}
        settings.write_toml(self.shared / "kiosk.toml", tree | flat)
        for path in (self.shared, self.box.folder):
            path.chmod(0o755)

    def plug(self) -> None:
        """Lead the serial lines of this moment into the machine, which has the terminals of this one at /mnt/pts."""
        for name, port in (("board", self.box.cash.port), ("ticket-printer", self.box.tickets.port)):
            terminal = port.resolve()
            terminal.chmod(0o666)
            link = self.shared / name
            link.unlink(missing_ok=True)
            link.symlink_to(f"/mnt/pts/{terminal.name}")

    def enrol(self, machine: Machine) -> str:
        """Lay down the file that names the devices, let `tram enrol` do the rest; return what it says."""
        machine.do(f"install -o root -g tram -m 640 {self.shared}/kiosk.toml /etc/tram/kiosk.toml")
        return machine.do(f"tram enrol '{Operator(self.box).ticket()}'")

    def fit_panel(self, machine: Machine) -> None:
        """Let weston draw on Xvfb instead of a graphics card."""
        units = machine.root / "etc/systemd/system"
        (units / "tram-display.service.d").mkdir(parents=True, exist_ok=True)
        (units / "panel.service").write_text(_PANEL)
        (units / "tram-display.service.d/panel.conf").write_text(_ON_THE_PANEL)
        machine.do("systemctl daemon-reload")
