"""What the panel says of a kiosk that can't serve: the agent crashes, the panel does not start, the data are gone."""

from pathlib import Path

from tests.prove.image import kiosk
from tests.prove.image.bench import Bench
from tests.prove.image.card import part_of, write_over
from tests.prove.image.computer import Computer
from tests.prove.image.first_boot import console_text, settled
from tests.prove.image.serial_console import ConsoleFailed
from tests.prove.image.site import TOML

_CLOSED = "OUT OF SERVICE"


def crash_loop(bench: Bench, pictures: Path) -> str:
    """A wrong key in kiosk.toml: five starts, then the closed page on the panel; put right, the next try opens it."""
    kiosk.up(bench)
    computer = bench.computer
    computer.do(f"cp -p {TOML} /etc/tram/good.toml; sed -i '/^\\[kiosk\\]/a sight = 1' {TOML}")
    computer.do("systemctl restart tram-agent.service || true", within_s=120)
    kiosk.reads(computer, pictures / "image-closed.png", "tạm ngừng phục vụ")
    computer.do(f"mv /etc/tram/good.toml {TOML}; systemctl start tram-restart.service")
    computer.until("the kiosk is online", lambda: kiosk.online(computer), 90)
    kiosk.reads(computer, pictures / "image-again.png", "chứng thực")
    return "the closed page is read on the panel; put right, the next try opens the kiosk"


def no_panel(bench: Bench, pictures: Path) -> str:
    """A panel that does not start: plain letters on the console; put right, the next try opens the kiosk."""
    kiosk.up(bench)
    computer = bench.computer
    folder = "/run/systemd/system/tram-display.service.d"
    broken = r"[Service]\nType=oneshot\nWatchdogSec=0\nRestart=no\nExecStart=\nExecStart=/bin/false\n"
    computer.do(f"mkdir -p {folder} && printf '{broken}' > {folder}/broken.conf && systemctl daemon-reload")
    computer.do("systemctl restart tram-display.service || true")
    computer.until("the console says so", lambda: _CLOSED in console_text(computer), 60)
    computer.picture(pictures / "image-closed-text.png")
    computer.do(f"rm -r {folder} && systemctl daemon-reload && systemctl start tram-restart.service")
    kiosk.reads(computer, pictures / "image-again.png", "chứng thực")
    return "closed in plain letters on the console; put right, the next try opens the kiosk"


def no_data(computer: Computer, pictures: Path) -> str:
    """A data partition that is wiped out: closed in plain letters, and nothing pretends to be a blank kiosk."""
    computer.pull_the_plug()
    part = part_of(computer.card, "tram-data", computer.folder)
    wiped = computer.folder / "wiped.img"
    with wiped.open("wb") as file:
        file.truncate(part.size)
    write_over(computer.card, part, wiped)
    computer.switch_on()
    computer.log_in()
    seconds = computer.until("it has started", lambda: settled(computer), 120)
    if _CLOSED not in (text := console_text(computer)) or "ENROLLED" in text:
        raise ConsoleFailed(f"the console says {text!r}")
    computer.picture(pictures / "image-no-data.png")
    return f"closed in plain letters {seconds:.1f} s after the switch"
