"""Machine time of a one-page copy by step, bytes up and down, and the agent's memory at rest and at its peak."""

import statistics
import tempfile
import threading
import time
from pathlib import Path

import psutil

from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.play import PEOPLE_STEPS, Play, Visit

COPIES = 3
BUDGET_S = 20.0


class PeakMemory:
    """Watches what a process and its children hold, at fifty looks a second."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.peak_mb = 0.0
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def now_mb(self) -> float:
        """Return the proportional set size of the process and its children in MB."""
        family = [self._process, *self._process.children(recursive=True)]
        return sum(member.memory_full_info().pss for member in family if member.is_running()) / 1e6

    def stop(self) -> None:
        """Watch no longer."""
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            try:
                self.peak_mb = max(self.peak_mb, self.now_mb())
            except psutil.Error:
                continue


def measure() -> dict[str, object]:
    """Return seconds by step (medians over a few copies), bytes and memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        box = OneBox(folder, glass.lay((), folder / "glass"), Ports.free())
        box.start(lambda _: None)
        try:
            memory = PeakMemory(box.children["kiosk"].pid)
            time.sleep(2)
            rest_mb = memory.now_mb()
            visits = [Play(box, lambda _: None).one_visit() for _ in range(COPIES)]
            memory.stop()
        finally:
            box.stop()
    return {
        "steps": _medians(visits),
        "machine_s": statistics.median(visit.machine_s for visit in visits),
        "first_machine_s": visits[0].machine_s,
        "bytes_up": statistics.median(visit.bytes_up for visit in visits),
        "bytes_down": statistics.median(visit.bytes_down for visit in visits),
        "rest_mb": rest_mb,
        "peak_mb": memory.peak_mb,
    }


def _medians(visits: list[Visit]) -> dict[str, float]:
    names = [step.name for step in visits[0].steps]
    times = {
        name: [step.seconds or 0.0 for visit in visits for step in visit.steps if step.name == name] for name in names
    }
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def main() -> None:
    """Print the figures beside the budgets."""
    figures = measure()
    steps = figures["steps"]
    assert isinstance(steps, dict)
    print("One copy of one page (stand-ins, this machine)")
    for name, seconds in steps.items():
        whose = "people" if name.startswith(PEOPLE_STEPS) else ""
        print(f"  {name:<20} {seconds:7.3f} s {whose}")
    first, machine = figures["first_machine_s"], figures["machine_s"]
    print(f"  machine time         {machine:7.3f} s  (first copy {first:.3f} s; budget {BUDGET_S:.0f} s, in the end 6)")
    print(f"  bytes up / down      {figures['bytes_up']:,.0f} / {figures['bytes_down']:,.0f}  (budget 300,000 up)")
    print(f"  agent at rest / peak {figures['rest_mb']:.0f} / {figures['peak_mb']:.0f} MB  (budget 200 / 600)")


if __name__ == "__main__":
    main()
