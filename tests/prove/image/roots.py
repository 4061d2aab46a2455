"""Another root by RAUC, chosen by UEFI and GRUB as on a real machine; the kiosk's program and data stay as they are."""

import re
import shutil
import time
from pathlib import Path

from tests.prove.image import kiosk
from tests.prove.image.bench import Bench
from tests.prove.image.computer import Computer
from tests.prove.image.first_boot import settled
from tests.prove.image.serial_console import ConsoleFailed

_SWITCH = "rauc status mark-active other"


def install(bench: Bench, bundle: Path) -> str:
    """Have RAUC write the root that does not run, and start from it; the computer is off in the end."""
    computer = bench.computer
    kiosk.up(bench)
    shutil.copy(bundle, bench.site.folder / "root.raucb")
    began_s = time.monotonic()
    computer.do("rauc install /mnt/site/root.raucb", within_s=900)
    wrote_s = time.monotonic() - began_s
    computer.shut_down()
    seconds = _good(bench, "B")
    chosen = _grubenv(computer)
    computer.shut_down()
    return f"written in {wrote_s:.0f} s; slot B: the same kiosk online {seconds:.1f} s after the switch; {chosen}"


def cut_on_trial(bench: Bench) -> str:
    """The power fails in the first start of a root that is not known to be good: the next start is the old root."""
    computer = bench.computer
    _good(bench, "B")
    computer.do(_SWITCH)
    computer.shut_down()
    computer.switch_on()
    computer.log_in()
    _require_slot(computer, "A")
    trial = _grubenv(computer)
    computer.pull_the_plug()
    if "A_TRY=1" not in trial:
        raise ConsoleFailed(f"it was no trial any more when the power failed: {trial}")
    seconds = _good(bench, "B")
    return (
        f"power cut in the trial of slot A ({trial}): back by itself to slot B, online {seconds:.1f} s after the switch"
    )


def back(bench: Bench) -> str:
    """The operator goes back to the first root."""
    computer = bench.computer
    _good(bench, "B")
    computer.do(_SWITCH)
    computer.shut_down()
    seconds = _good(bench, "A")
    return f"slot A again, online {seconds:.1f} s after the switch; {_grubenv(computer)}"


def _good(bench: Bench, slot: str) -> float:
    """Have the kiosk on and online from this root, which marks itself as good; return the seconds from the switch."""
    computer = bench.computer
    computer.firmware = True  # it is GRUB that chooses
    seconds = kiosk.up(bench)
    _require_slot(computer, slot)
    computer.until("it has started", lambda: settled(computer), 60)
    computer.until(f"slot {slot} is good", lambda: f"{slot}_OK=1 {slot}_TRY=0" in _grubenv(computer), 60)
    return seconds


def _require_slot(computer: Computer, slot: str) -> None:
    words = computer.do("cat /proc/cmdline")
    if f"rauc.slot={slot} " not in f"{words} ":
        raise ConsoleFailed(f"it did not start from slot {slot}: {words}")


def _grubenv(computer: Computer) -> str:
    """Return what GRUB's environment has of the slots, in one line in alphabetical order."""
    lines = computer.do("grub-editenv /boot/efi/grub/grubenv list").splitlines()
    return " ".join(sorted(each for each in lines if re.match(r"(ORDER|[AB]_)", each)))
