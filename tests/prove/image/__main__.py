"""`make prove-image`: a kiosk's disk image booted by QEMU; exits 1 where a promise breaks.

    python -m tests.prove.image IMAGE BUNDLE.raucb [--cuts 8] [ROUND …]

The image is that of `make image` with a known login at its serial console, through which the proof looks; the bundle
brings another root. Without a ROUND all are played, one after the other on the same card. Those that are named begin
from what an earlier run put aside beside the image, else what they need is played before.
"""

import argparse
import random
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from provisioning.onebox.child import ChildFailed
from tests.prove.boot.promises import say
from tests.prove.image import faults, first_boot, kiosk, power, roots
from tests.prove.image.bench import Bench, usable
from tests.prove.image.card import DataBroken
from tests.prove.image.computer import has_kvm
from tests.prove.image.rounds import Round, State, plan
from tests.prove.image.serial_console import ConsoleFailed

_PICTURES = Path("build/screens")


def main() -> int:
    """Prove what is promised, one after the other; return 1 where one does not hold."""
    asked = argparse.ArgumentParser()
    asked.add_argument("image", type=Path)
    asked.add_argument("bundle", type=Path, help="a RAUC bundle with another root")
    asked.add_argument("--cuts", type=int, default=8)
    asked.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked.add_argument("rounds", nargs="*", metavar="ROUND")
    args = asked.parse_intermixed_args()
    rounds = _rounds(args.bundle, random.Random(args.seed), args.cuts)
    if unknown := set(args.rounds) - {each.name for each in rounds}:
        asked.error(f"no round {', '.join(unknown)}; there are: {', '.join(each.name for each in rounds)}")
    say(f"the processor is {'lent by KVM' if has_kvm() else 'emulated: ten times slower'}; seed {args.seed}")
    later = (State.ENROLLED, State.OTHER_ROOT)
    kept: dict[State, Path] = {state: args.image.with_name(f"state-{state.name.lower()}") for state in later}
    wanted = args.rounds or [each.name for each in rounds]
    at_hand = [state for state, folder in kept.items() if args.rounds and usable(folder, args.image)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # whatever was started ends with it
    broken = _play(*plan(rounds, wanted, at_hand), args.image, kept)
    say(f"BROKEN: {', '.join(broken)}" if broken else "every promise held")
    return 1 if broken else 0


def _play(begin: State, played: Sequence[Round], image: Path, kept: Mapping[State, Path]) -> list[str]:
    """Play the rounds; return the names of those that broke. After one, the next begins from what was put aside."""
    state, broken = begin, list[str]()
    bench = Bench(image.with_name("bench"), image, put_aside=kept.get(state))
    try:
        bench.begin()
        for each in played:
            if each.needs > state:
                say(f"{each.name}: not played, there is no kiosk for it")
                continue
            say(f"{each.name} …")
            try:
                say(f"{each.name}: {each.play(bench)}")
            except (ConsoleFailed, DataBroken, ChildFailed) as failed:
                say(f"BROKEN: {each.name}: {failed}")
                broken.append(each.name)
                bench.computer.picture(_PICTURES / f"image-broken-{each.name}.png")
                bench.clear()
                bench = Bench(image.with_name("bench"), image, put_aside=kept.get(state))
                bench.begin()
                continue
            if each.makes:
                bench.put_aside(kept[each.makes])
                state = each.makes
    finally:
        bench.clear()
    return broken


def _rounds(bundle: Path, draw: random.Random, cuts: int) -> list[Round]:
    def first_cuts(bench: Bench) -> str:
        return power.cut_amid_first_boot(bench.computer, draw, cuts // 2)

    def blank(bench: Bench) -> str:
        return first_boot.prove(bench.computer, _PICTURES)

    def panel(bench: Bench) -> str:
        return kiosk.panel(bench, _PICTURES)

    def camera(bench: Bench) -> str:
        return kiosk.camera(bench, _PICTURES)

    def cuts_at_work(bench: Bench) -> str:
        return power.cut_amid_work(bench, draw, cuts - cuts // 2)

    def crash_loop(bench: Bench) -> str:
        return faults.crash_loop(bench, _PICTURES)

    def no_panel(bench: Bench) -> str:
        return faults.no_panel(bench, _PICTURES)

    def other_root(bench: Bench) -> str:
        return roots.install(bench, bundle)

    def no_data(bench: Bench) -> str:
        return faults.no_data(bench.computer, _PICTURES)

    return [
        Round(name="cuts-at-first-boot", play=first_cuts, needs=State.BLANK),
        Round(name="first-boot", play=blank, needs=State.BLANK),
        Round(name="enrol", play=kiosk.enrol, needs=State.BLANK, makes=State.ENROLLED),
        Round(name="panel", play=panel),
        Round(name="camera", play=camera),
        Round(name="cuts-at-work", play=cuts_at_work),
        Round(name="crash-loop", play=crash_loop),
        Round(name="no-panel", play=no_panel),
        Round(name="other-root", play=other_root, makes=State.OTHER_ROOT),
        Round(name="root-on-trial", play=roots.cut_on_trial, needs=State.OTHER_ROOT),
        Round(name="root-back", play=roots.back, needs=State.OTHER_ROOT),
        Round(name="no-data", play=no_data),
    ]


if __name__ == "__main__":
    sys.exit(main())
