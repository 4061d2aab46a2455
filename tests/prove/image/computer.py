"""A computer with the image in it: QEMU with 2 GB, a graphics card, a console; KVM where usable.

The kernel of root A is handed over with GRUB's words; where `firmware` is asked for it starts from UEFI and GRUB. The
console is virtio's, for which the card has a unit: the emulated UART loses interrupts, then nothing typed is heard.
"""

import os
import re
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioning.onebox.child import Child
from tests.prove.image.card import cut_out, debugfs, part_of
from tests.prove.image.qmp import Qmp
from tests.prove.image.serial_console import ConsoleFailed, SerialConsole

FIRMWARE = Path("/usr/share/OVMF/OVMF_CODE_4M.fd")
GRUB = Path(__file__).resolve().parents[3] / "systemd/image/boot/grub.cfg"
RAM_MB = 2048
BOOT_S = 90.0


def has_kvm() -> bool:
    """Return whether this machine's processor can be lent; Debian's kernel can't run under kvm_pvm."""
    hardware = any(Path(f"/sys/module/kvm_{each}").exists() for each in ("intel", "amd"))
    return hardware and os.access("/dev/kvm", os.R_OK | os.W_OK)


SLOWNESS = 1.0 if has_kvm() else 10.0
"""An emulated processor is given so many times longer."""


_EMULATED = ["-accel", "tcg,thread=multi", "-cpu", "max,la57=off", "-smp", "2"]
_PATIENT = "systemd.default_timeout_start_sec=1800 systemd.watchdog_sec=0 mitigations=off"
"""Words for the kernel of an emulated computer: no start is given up because it is slow, and nothing guards against
speculation, which an emulated processor does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """What GRUB would start of root A."""

    image: Path
    initrd: Path
    words: str


class Computer:
    """`card` is in it; `folder` takes its sockets and log; `shared` is offered as 9P under the tag `site`.

    `firmware`, set before it is switched on, has it started by UEFI and GRUB.
    """

    def __init__(self, folder: Path, card: Path, *, shared: Path, devices: Callable[[], Sequence[str]]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.card, self.firmware = folder, card, False
        self._kernel = kernel_of(card, folder)
        self._shared, self._devices = shared, devices
        self._child = Child("qemu", [], folder / "qemu.log")
        self._qmp: Qmp | None = None
        self._console: SerialConsole | None = None
        self.switched_on_s = 0.0

    @property
    def is_on(self) -> bool:
        """Whether it runs."""
        return self._child.alive

    def switch_on(self) -> None:
        """Start it; it boots by itself."""
        for name in ("console", "qmp"):
            (self.folder / name).unlink(missing_ok=True)
        self._child = Child("qemu", self._argv(), self.folder / "qemu.log")
        self.switched_on_s = time.monotonic()
        self._child.start((self.folder / "qmp").exists, within_s=20)
        self._qmp = Qmp(self.folder / "qmp")
        self._console = SerialConsole(self.folder / "console")

    def log_in(self) -> None:
        """Wait for its console; raise ConsoleFailed."""
        self.console.log_in(BOOT_S * SLOWNESS)

    def pull_the_plug(self) -> None:
        """End it at this very moment: what it has not flushed is lost with QEMU's own memory of the disk."""
        for each in (self._qmp, self._console):
            if each is not None:
                each.close()
        self._qmp = self._console = None
        if self._child.alive:
            self._child.kill()

    def shut_down(self) -> None:
        """Have it end as a technician would, then switch it off."""
        self.console.run("systemctl poweroff --no-block", 20 * SLOWNESS)
        until_s = time.monotonic() + 60 * SLOWNESS
        while self._child.alive and time.monotonic() < until_s:
            time.sleep(0.2)
        ended = not self._child.alive
        self.pull_the_plug()
        if not ended:
            raise ConsoleFailed("it did not power off")

    def do(self, command: str, *, within_s: float = 60.0) -> str:
        """Return what a shell command says inside; raise ConsoleFailed where it fails."""
        code, said = self.console.run(command, within_s * SLOWNESS)
        if code:
            raise ConsoleFailed(f"`{command}` failed ({code}):\n{said[-2000:]}")
        return said

    def says(self, command: str) -> str:
        """Return what a shell command says inside, whether or not it succeeds."""
        return self.console.run(command, 60.0 * SLOWNESS)[1]

    def until(self, what: str, holds: Callable[[], bool], within_s: float) -> float:
        """Wait until `holds()`; return the seconds since it was switched on; raise ConsoleFailed."""
        until_s = time.monotonic() + within_s * SLOWNESS
        while not holds():
            if not self.is_on:
                raise ConsoleFailed(f"it went off while this was awaited: {what}")
            if time.monotonic() > until_s:
                journal = self.says("journalctl --boot --no-pager -n 40")
                raise ConsoleFailed(f"not within {within_s * SLOWNESS:.0f} s: {what}\n{journal}")
            time.sleep(0.2 * SLOWNESS)
        return time.monotonic() - self.switched_on_s

    def picture(self, path: Path) -> Path:
        """Write what the panel shows as PNG to `path`, where it is on; return it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._qmp and self.is_on:
            self._qmp.do("screendump", filename=str(path.resolve()), format="png")
        return path

    @property
    def console(self) -> SerialConsole:
        """The serial console of the computer, which is on."""
        assert self._console is not None, "it is switched off"
        return self._console

    def _argv(self) -> list[str]:
        argv = ["qemu-system-x86_64", "-machine", "q35", "-m", str(RAM_MB), "-no-reboot",
                "-display", "none", "-device", "virtio-vga,xres=1080,yres=1920", "-nic", "user,model=virtio-net-pci",
                "-drive", f"if=virtio,format=qcow2,discard=unmap,file={self.card}", "-device", "qemu-xhci",
                "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off",
                "-device", "virtio-serial-pci", "-device", "virtconsole,chardev=console",
                "-chardev", f"socket,id=console,path={self.folder / 'console'},server=on,wait=off",
                "-serial", f"file:{self.folder / 'serial.log'}"]  # fmt: skip
        argv += ["-virtfs", f"local,path={self._shared},mount_tag=site,security_model=none"]
        argv += ["-accel", "kvm", "-cpu", "host", "-smp", "2"] if has_kvm() else _EMULATED
        return [*argv, *(self._from_firmware() if self.firmware else self._handed_over()), *self._devices()]

    def _from_firmware(self) -> list[str]:
        variables = self.folder / "uefi-variables.fd"
        if not variables.exists():
            variables.write_bytes(FIRMWARE.with_name("OVMF_VARS_4M.fd").read_bytes())
        return ["-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE}",
                "-drive", f"if=pflash,format=raw,file={variables}"]  # fmt: skip

    def _handed_over(self) -> list[str]:
        kernel = self._kernel
        words = kernel.words if has_kvm() else f"{kernel.words} {_PATIENT}"
        return ["-kernel", str(kernel.image), "-initrd", str(kernel.initrd), "-append", words]


def kernel_of(card: Path, folder: Path) -> Kernel:
    """Return the kernel of a card's root A, taken out into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    root = part_of(card, "tram-root-a", folder)
    image = cut_out(card, root.offset, root.size, folder / "root.img")
    for name in ("vmlinuz", "initrd.img"):
        link = re.search(r'link dest: "(.*)"', debugfs(f"stat /{name}", image))
        assert link is not None, f"/{name} of root A is no link"
        debugfs(f"dump /{link[1]} {folder / name}", image)
    image.unlink()
    said = dict(re.findall(r'^set (\w+)="(.*)"$', GRUB.read_text(), re.MULTILINE))
    words = f"root=PARTLABEL=tram-root-a rauc.slot=A {said['options'].replace('$serial', said['serial'])}"
    return Kernel(image=folder / "vmlinuz", initrd=folder / "initrd.img", words=words)


def blank_card(image: Path, card: Path, size: str = "16G") -> Path:
    """Return a card of `size` on which the image was written (a layer over it)."""
    card.parent.mkdir(parents=True, exist_ok=True)
    argv = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(image.resolve()), str(card), size]
    subprocess.run(argv, check=True)
    return card
