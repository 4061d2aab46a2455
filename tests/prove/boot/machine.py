"""One booted machine: base and a layer over it, its own process tree under systemd, the network of whoever boots it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from provisioning.onebox.child import Child, ChildFailed
from tests.prove.boot import rootfs

_ENVIRONMENT = ("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive")


class MachineFailed(AssertionError):
    """It did not do what was expected; the text says what was seen."""


class Machine:
    """Debian in `folder` (a layer that is lost with it); `shared` is seen at the same path inside."""

    def __init__(self, folder: Path, shared: Path) -> None:
        self.root = folder / "root"
        for each in ("root", "upper", "work"):
            (folder / each).mkdir(parents=True, exist_ok=True)
        layers = f"lowerdir={rootfs.BASE},upperdir={folder / 'upper'},workdir={folder / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.root], check=True)
        argv = ["systemd-nspawn", "--quiet", "--boot", f"--directory={self.root}", "--register=no", "--keep-unit",
                "--console=read-only", "--resolv-conf=off", f"--bind={rootfs.ARCHIVES}:/var/cache/apt/archives",
                f"--bind={shared}", f"--bind-ro={rootfs.FOLDER.parent}:/build", "--bind=/dev/pts:/mnt/pts"]  # fmt: skip
        self._child = Child("machine", argv, folder / "console.log")

    def boot(self) -> float:
        """Switch it on; return the seconds until its systemd has settled."""
        began_s = time.monotonic()
        self._child.start(self._settled, within_s=90)
        return time.monotonic() - began_s

    def pull_the_plug(self) -> None:
        """End it at this very moment."""
        if leader := self._leader():
            os.kill(int(leader), signal.SIGKILL)
            self._child.kill()

    def do(self, command: str, *, within_s: float = 60.0) -> str:
        """Return what a shell command says inside; raise MachineFailed where it fails."""
        done = self._enter(command, within_s)
        if done.returncode:
            raise MachineFailed(f"`{command}` failed ({done.returncode}):\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout.strip()

    def says(self, command: str) -> str:
        """Return what a shell command says inside, whether or not it succeeds."""
        return self._enter(command, 30.0).stdout.strip()

    def until(self, what: str, holds: Callable[[], bool], within_s: float) -> float:
        """Wait until `holds()`; return the seconds it took; raise MachineFailed with the journal's end."""
        began_s = time.monotonic()
        while not holds():
            if time.monotonic() - began_s > within_s:
                journal = self.says("journalctl --boot --no-pager -u 'tram-*' -u chrony -u mosquitto -n 40")
                raise MachineFailed(f"not within {within_s:.0f} s: {what}\n{journal}")
            time.sleep(0.1)
        return time.monotonic() - began_s

    def active(self, unit: str) -> bool:
        """Return whether a unit is active."""
        return self.says(f"systemctl is-active {unit}") == "active"

    def shown(self, unit: str, name: str) -> str:
        """Return a property of a unit."""
        return self.do(f"systemctl show --value -p {name} {unit}")

    def picture(self, path: Path) -> Path:
        """Write what the panel shows as PNG to `path`; return it."""
        self.do("DISPLAY=:0 xwd -root -silent | xwdtopnm 2>/dev/null | pnmtopng > /root/panel.png")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((self.root / "root/panel.png").read_bytes())
        return path

    def _settled(self) -> bool:
        return bool(self._leader()) and self.says("systemctl is-system-running") in ("running", "degraded")

    def _leader(self) -> str:
        try:
            return Path(f"/proc/{self._child.pid}/task/{self._child.pid}/children").read_text().split(" ")[0]
        except (ChildFailed, FileNotFoundError):
            return ""

    def argv(self, command: str) -> list[str]:
        """Return the command line that runs a shell command inside."""
        entering = ["nsenter", "--target", self._leader(), "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--root"]
        return [*entering, "--wdns=/", "env", "-i", *_ENVIRONMENT, "sh", "-c", command]

    def _enter(self, command: str, within_s: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.argv(command), capture_output=True, text=True, timeout=within_s, check=False)
