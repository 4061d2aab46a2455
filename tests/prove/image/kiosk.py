"""The kiosk on the image: enrolled, its page on a real graphics driver, devices by their udev names."""

import base64
import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageColor

from tests.prove.image.bench import Bench
from tests.prove.image.computer import SLOWNESS, Computer
from tests.prove.image.first_boot import settled, times
from tests.prove.image.serial_console import ConsoleFailed
from tests.prove.image.site import TOML

_GET = "python3 -c \"import urllib.request as u; print(u.urlopen('{}', timeout=20).read().decode())\""
_STILL = """\
import asyncio
from pathlib import Path
from PIL import Image
from agent.devices.camera import OpenCvCamera
from contract.clock import Deadline, SystemClock
still = OpenCvCamera(Path('/dev/tram-camera')).still(Deadline.after(SystemClock(), 900))
picture = Image.fromarray(asyncio.run(still).pixels)
print('%d × %d' % picture.size)
picture.thumbnail((480, 480))
picture.save('/tmp/still.jpg')
"""
_BARS = ("white", "yellow", "cyan", "lime", "magenta", "red", "blue", "black")
"""Of vivid's test picture, from the left."""
_AGENT = "http://127.0.0.1:8080"


def enrol(bench: Bench) -> str:
    """Make a kiosk of it by the commands that its console names, and switch it off."""
    computer = bench.computer
    if not computer.is_on:
        computer.switch_on()
        computer.log_in()
    bench.site.lead_in(computer)
    said = bench.site.enrol(computer)
    began_s = time.monotonic()
    computer.do("systemctl start tram.target")
    computer.until("the kiosk is online", lambda: online(computer), 120)
    online_s = time.monotonic() - began_s
    computer.do("sync")
    computer.shut_down()
    who = next(line for line in said.splitlines() if line.startswith("This is "))
    return f"{who} Online {online_s:.1f} s after `systemctl start tram.target`"


def up(bench: Bench) -> float:
    """Have the enrolled kiosk on and online; return the seconds from the switch until it was."""
    computer = bench.computer
    if not computer.is_on:
        computer.switch_on()
        computer.log_in()
        bench.site.lead_in(computer)
    return computer.until("the kiosk is online", lambda: online(computer), 120)


def panel(bench: Bench, pictures: Path) -> str:
    """Boot the kiosk and read its page on the panel; return the figures."""
    computer = bench.computer
    computer.pull_the_plug()
    ready_s = up(bench)
    reads(computer, pictures / "image-kiosk.png", "chứng thực")
    panel_s = computer.until("it has started", lambda: settled(computer), 60)
    free = computer.do("free --mega").splitlines()[1].split()
    board = computer.do("readlink /dev/tram-board")
    name = computer.do("hostname")
    if name != status(computer)["kiosk"]:
        raise ConsoleFailed(f"its name is {name}")
    return (
        f"online {ready_s:.1f} s after the switch, its page read before {panel_s:.1f} s; {times(computer)}; "
        f"{free[2]} MB of {free[1]} MB RAM in use, {free[6]} MB available; the host is {name}; tram-board → {board}"
    )


def camera(bench: Bench, pictures: Path) -> str:
    """Let the kernel's simulated camera appear, the doctor try it by the running kiosk; look at the agent's picture."""
    up(bench)
    computer = bench.computer
    computer.do("modprobe vivid n_devs=1 && udevadm settle")
    node = computer.do("readlink /dev/tram-camera")
    lines: list[dict[str, Any]] = []

    def seen() -> bool:  # an emulated machine may load OpenCV for longer than the self-test waits, the first time
        said = computer.says(f"tram doctor --json --self-test camera --config {TOML}")
        if not said.startswith("{"):
            raise ConsoleFailed(f"the doctor says: {said}")
        lines.extend(each for each in json.loads(said)["devices"] if each["name"] == "camera")
        return lines[-1]["state"] == "READY" and "sharpness" in lines[-1]["detail"]

    computer.until("the doctor's self-test of the camera is passed", seen, 60)
    size = computer.do(
        f'runuser -u tram -- $(readlink -f /opt/tram/current)/bin/python -Bc "{_STILL.replace(chr(10), ";")}"',
        within_s=120,
    )
    still = pictures / "image-camera.jpg"
    still.write_bytes(base64.b64decode(computer.do("base64 --wrap=200 /tmp/still.jpg")))
    with Image.open(still) as picture:
        if (bars := _bars(picture)) != [ImageColor.getrgb(name) for name in _BARS]:
            raise ConsoleFailed(f"the camera's picture has the bars {bars}, the test picture {_BARS}")
    return (
        f"vivid is /dev/tram-camera → {node}; self-test by the agent: {lines[-1]['detail']} (try {len(lines)}); "
        f"its picture of {size}, made smaller for the slow console, has the test picture's bars in their colours"
    )


def _bars(picture: Image.Image) -> list[tuple[int, ...]]:
    """Return the colours in the middle of each bar, every channel as none or all of it."""
    width, row = picture.width / len(_BARS), picture.height * 2 // 3
    full = picture.convert("RGB").point([255 * (level > 96) for level in range(256)] * 3)
    found = [full.getpixel((int((number + 0.5) * width), row)) for number in range(len(_BARS))]
    return [each for each in found if isinstance(each, tuple)]


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
        time.sleep(SLOWNESS)  # reading takes the processor from an emulated machine
        argv = ["tesseract", str(computer.picture(picture)), "-", "-l", "vie"]
        read = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        return words in re.sub(r"\s+", " ", read).lower()

    computer.until(f"the panel says {words!r}", there, 60)
