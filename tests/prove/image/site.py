"""The hub beside the computer, on this machine's loopback; the kiosk inside reaches it by systemd's socket proxy.

Simulated: officer and agency; the board (our firmware in simavr) at a USB serial bridge that QEMU makes; the camera
(the kernel's `vivid`). The ticket printer is left out: QEMU has no USB printer.
"""

import tomllib
from pathlib import Path

from provisioning.onebox import glass, settings
from provisioning.onebox.box import OneBox, Ports
from tests.prove.enrolment import Operator
from tests.prove.image.computer import Computer

_SOCKET = "[Socket]\\nListenStream=127.0.0.1:{port}\\n"
_PROXY = "[Service]\\nExecStart=/lib/systemd/systemd-socket-proxyd 10.0.2.2:{port}\\n"
_INSIDE = "/mnt/site"
TOML = "/etc/tram/kiosk.toml"


class Site:
    """The one-box set without its kiosk, in `folder`, which the computer sees at /mnt/site."""

    def __init__(self, folder: Path, ports: Ports) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.box = OneBox(folder / "box", glass.lay((), folder / "glass"), ports)

    def start(self) -> None:
        """Start everything but the kiosk, or start it again; write the file that names a kiosk's devices."""
        self.box.start(lambda _: None, kiosk=False)
        tree = tomllib.loads((self.box.folder / "kiosk.toml").read_text())
        own = "/var/lib/tram/kiosk"
        del tree["hub"], tree["ticket_printer"]  # `tram enrol` writes the former
        tree["screen"]["port"] = 8080  # the unit lets it listen on no other
        tree["stand_ins"] = {}
        tree["board"]["port"] = "/dev/tram-board"
        tree["kiosk"]["folder"] = own
        for section in ("printer", "cash", "cashless"):
            tree[section]["book"] = f"{own}/{section}.json"
        tree["scanner"]["pages"] = [page.replace(str(self.folder), _INSIDE, 1) for page in tree["scanner"]["pages"]]
        for key in ("config_dir", "hands"):
            tree["scanner"][key] = tree["scanner"][key].replace(str(self.folder), _INSIDE, 1)
        del tree["devices"]
        tree["devices.camera"] = {"class": "agent.devices.camera.OpenCvCamera", "path": "/dev/tram-camera"}
        settings.write_toml(self.folder / "kiosk.toml", tree)
        for path in (self.folder, self.box.folder):
            path.chmod(0o755)

    def board(self) -> list[str]:
        """Return QEMU's options for a USB serial bridge (an FT232's numbers) with the board at its other end."""
        at = self.box.cash.port.resolve()
        return ["-chardev", f"serial,id=board,path={at}", "-device", "usb-serial,chardev=board"]

    def lead_in(self, computer: Computer) -> None:
        """Let the computer at hub, broker and A4 printer; all of it is gone with the power."""
        ports = self.box.ports
        for port in (ports.broker, ports.hub, ports.printer, ports.enrolment):
            for kind, text in (("socket", _SOCKET), ("service", _PROXY)):
                computer.do(f"printf '{text.format(port=port)}' > /run/systemd/system/site-{port}.{kind}")
        names = " ".join(f"site-{port}.socket" for port in (ports.broker, ports.hub, ports.printer, ports.enrolment))
        computer.do(f"systemctl daemon-reload && systemctl start {names}")
        computer.do(f"mount -t tmpfs tmpfs /mnt && mkdir {_INSIDE}")
        computer.do(f"mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144 site {_INSIDE}")

    def enrol(self, computer: Computer) -> str:
        """Type what a technician types; return what `tram enrol` says."""
        computer.do(f"install -o root -g tram -m 640 {_INSIDE}/kiosk.toml {TOML}")
        return computer.do(f"tram enrol '{Operator(self.box).ticket()}'")
