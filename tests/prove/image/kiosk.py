"""The enrolled kiosk on the image: panel on a real graphics driver, devices by their udev names, another root."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.prove.image.computer import Computer
from tests.prove.image.first_boot import settled, times
from tests.prove.image.serial_console import ConsoleFailed
from tests.prove.image.site import TOML, Site

_GET = "python3 -c \"import urllib.request as u; print(u.urlopen('{}', timeout=20).read().decode())\""
_AGENT = "http://127.0.0.1:8080"


def enrol(computer: Computer, site: Site, pictures: Path) -> str:
    """Make a kiosk of it by the commands that its console names; return the figures."""
    site.lead_in(computer)
    said = site.enrol(computer)
    computer.do("systemctl start tram.target")
    computer.until("the kiosk is online", lambda: online(computer), 120)
    computer.do("sync")
    computer.shut_down()
    computer.switch_on()
    computer.log_in()
    site.lead_in(computer)
    ready_s = computer.until("the kiosk is online", lambda: online(computer), 120)
    reads(computer, pictures / "image-kiosk.png", "chứng thực")
    panel_s = computer.until("it has started", lambda: settled(computer), 60)
    free = computer.do("free --mega").splitlines()[1].split()
    board = computer.do("readlink /dev/tram-board")
    name = computer.do("hostname")
    if name != status(computer)["kiosk"]:
        raise ConsoleFailed(f"its name is {name}")
    return (
        f"enrolled ({said.splitlines()[2]}); booted anew: online {ready_s:.1f} s after the switch, its page read on "
        f"the panel before {panel_s:.1f} s; {times(computer)}; {free[2]} MB of {free[1]} MB RAM in use, {free[6]} MB "
        f"available; the host is {name}; tram-board → {board}"
    )


def camera(computer: Computer, pictures: Path) -> str:
    """Let the kernel's simulated camera appear, and the doctor take its picture through the running kiosk."""
    computer.do("modprobe vivid n_devs=1 && udevadm settle")
    node = computer.do("readlink /dev/tram-camera")
    said = json.loads(computer.says(f"tram doctor --json --self-test camera --config {TOML}"))
    line = next(each for each in said["devices"] if each["name"] == "camera")
    if line["state"] != "READY" or "sharpness" not in line["detail"]:
        raise ConsoleFailed(f"the doctor says of the camera: {line}")
    return f"camera: vivid is /dev/tram-camera → {node}; the doctor's self-test by the agent: {line['detail']}"


def other_root(computer: Computer, site: Site, bundle: Path) -> str:
    """Have RAUC write the root that does not run, and start from it by UEFI and GRUB."""
    shutil.copy(bundle, site.folder / "root.raucb")
    computer.do("rauc install /mnt/site/root.raucb", within_s=900)
    computer.shut_down()
    computer.firmware = True  # it is GRUB that chooses
    computer.switch_on()
    computer.log_in()
    slot = re.search(r"rauc\.slot=(\w)", computer.do("cat /proc/cmdline"))
    site.lead_in(computer)
    seconds = computer.until("the kiosk is online", lambda: online(computer), 120)
    if slot is None or slot[1] != "B":
        raise ConsoleFailed(f"it did not start from the other root: {slot}")
    computer.until("it has started", lambda: settled(computer), 60)
    good = computer.do("grub-editenv /boot/efi/grub/grubenv list | tr '\\n' ' '")
    return f"another root by RAUC: slot B runs, the same kiosk online {seconds:.1f} s after the switch; GRUB has {good}"


def status(computer: Computer) -> dict[str, Any]:
    """Return what the agent says of itself; raise ConsoleFailed where it does not answer."""
    return asked(computer, "/status")


def asked(computer: Computer, path: str) -> dict[str, Any]:
    """Return what the agent answers to a GET; raise ConsoleFailed where it does not."""
    answer: dict[str, Any] = json.loads(computer.do(_GET.format(_AGENT + path)))
    return answer


def online(computer: Computer) -> bool:
    """Return whether the agent answers and the hub has its hand."""
    try:
        return bool(status(computer)["link"]["online"])
    except ConsoleFailed:
        return False


def reads(computer: Computer, picture: Path, words: str) -> None:
    """Raise ConsoleFailed unless Tesseract reads these words on the panel within a minute."""

    def there() -> bool:
        argv = ["tesseract", str(computer.picture(picture)), "-", "-l", "vie"]
        read = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        return words in re.sub(r"\s+", " ", read).lower()

    computer.until(f"the panel says {words!r}", there, 60)
