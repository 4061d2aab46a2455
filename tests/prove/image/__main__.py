"""`make prove-image`: a kiosk's disk image booted by QEMU; exits 1 where a promise breaks.

    python -m tests.prove.image IMAGE [--cuts 8] [--bundle NEWER.raucb]

The image is that of `make image` with a known login at its serial console, through which the proof looks.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.prove.image import faults, first_boot, kiosk, power
from tests.prove.image.card import DataBroken
from tests.prove.image.computer import Computer, blank_card, has_kvm
from tests.prove.image.serial_console import ConsoleFailed
from tests.prove.image.site import Site

_PICTURES = Path("build/screens")
_BEGAN_S = time.monotonic()


def main() -> int:
    """Prove what is promised, one after the other; return 1 where one does not hold."""
    asked = argparse.ArgumentParser()
    asked.add_argument("image", type=Path)
    asked.add_argument("--bundle", type=Path, help="a RAUC bundle with another root")
    asked.add_argument("--cuts", type=int, default=8)
    asked.add_argument("--seed", type=int, default=random.randrange(2**32))
    args = asked.parse_args()
    _say(f"the processor is {'lent by KVM' if has_kvm() else 'emulated: ten times slower'}; seed {args.seed}")
    folder = Path(tempfile.mkdtemp(prefix="tram-image-"))
    site = Site(folder / "site")
    site.start()
    card = blank_card(args.image, folder / "card.qcow2")
    computer = Computer(folder / "computer", card, shared=site.folder, devices=site.board())
    draw = random.Random(args.seed)
    parts: list[Callable[[], str]] = [
        lambda: power.cut_amid_first_boot(computer, draw, args.cuts // 2),
        lambda: first_boot.prove(computer, _PICTURES),
        lambda: kiosk.enrol(computer, site, _PICTURES),
        lambda: kiosk.camera(computer, _PICTURES),
        lambda: power.cut_amid_work(computer, site, draw, args.cuts - args.cuts // 2),
        lambda: faults.crash_loop(computer, site, _PICTURES),
        lambda: faults.no_panel(computer, site, _PICTURES),
    ]
    if args.bundle:
        parts.append(lambda: kiosk.other_root(computer, site, args.bundle))
    parts.append(lambda: faults.no_data(computer, _PICTURES))
    try:
        for part in parts:
            _say(part())
    except (ConsoleFailed, DataBroken) as failed:
        _say(f"BROKEN: {failed}")
        return 1
    finally:
        computer.pull_the_plug()
        site.box.stop()
        shutil.rmtree(folder, ignore_errors=True)
    _say("every promise held")
    return 0


def _say(what: str) -> None:
    print(f"[{time.monotonic() - _BEGAN_S:6.1f} s] {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
