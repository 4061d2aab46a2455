"""The stand-in's ticket printer as a process: a pty, a print head that takes its time, sensors, and faults on demand.

`python -m provisioning.onebox.ticket_machine FOLDER` makes in FOLDER: `port` (a link to the pty), `slips/0001.png` …,
`state.json`; it obeys `controls.json`. It has its own power: what is in its buffer goes on while the cable is out.
"""

import os
import select
import sys
import tty
from contextlib import suppress
from pathlib import Path

from provisioning.onebox import ticket_controls
from provisioning.onebox.ticket_controls import NEAR_END_MM, Controls, Fault, State
from provisioning.onebox.ticket_paper import ROWS_PER_MM, Deed, Interpreter, Paper

IDLE_S, TICK_S = 0.1, 0.02
ROWS_PER_TICK = 32
"""200 mm/s, as the printers of this class have it."""

_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"


class Cable:
    """The pty; `port` in the folder leads to it while it is plugged in."""

    def __init__(self, port: Path) -> None:
        self._port = port
        self._ends: tuple[int, ...] = ()
        self.plug(True)

    def plug(self, plugged: bool) -> None:
        """Put the cable in or pull it."""
        if plugged and not self._ends:
            self._ends = os.openpty()
            for end in self._ends:
                tty.setraw(end)
            self._port.unlink(missing_ok=True)
            self._port.symlink_to(os.ttyname(self._ends[1]))
        elif not plugged and self._ends:
            self._port.unlink(missing_ok=True)
            for end in self._ends:
                os.close(end)
            self._ends = ()

    def read(self, seconds: float) -> bytes:
        """Return what the host sends within this time."""
        ready = select.select([self._ends[0]] if self._ends else [], [], [], seconds)[0]
        return os.read(ready[0], 65536) if ready else b""

    def write(self, data: bytes) -> None:
        """Say something, if anybody is there."""
        if self._ends:
            os.write(self._ends[0], data)


class Machine:
    """Head, cutter, sensors and roll around an interpreter."""

    def __init__(self, folder: Path) -> None:
        cut = (int(path.stem) for path in (folder / "slips").glob("*.png"))
        self._folder, self._slips = folder, max(cut, default=0)
        self._controls = Controls(roll=0)
        self._left_mm = self._since_mm = 0.0
        self._paper, self._arrived = Paper(), b""
        self._interpreter = Interpreter(self._paper, self._say, self._roll_status)
        self._deed = next(self._interpreter.steps)
        self.cable = Cable(folder / "port")

    def tick(self) -> None:
        """Live through one tick: obey the hands, hear the host, print a little."""
        self._obey(ticket_controls.read(self._folder / "controls.json"))
        waits = self._deed is Deed.WAIT_FOR_BYTES
        self._hear(self.cable.read(IDLE_S if waits else TICK_S))
        for _ in range(ROWS_PER_TICK):
            if self._stopped or not self._act():
                return

    def _obey(self, controls: Controls) -> None:
        if controls != self._controls:
            if controls.roll != self._controls.roll:
                self._left_mm = controls.roll_mm
            self._controls, self._since_mm = controls, 0.0
            self.cable.plug(not self._has(Fault.UNPLUGGED))
            self._tell()
        self.cable.plug(not self._has(Fault.UNPLUGGED))

    def _hear(self, data: bytes) -> None:
        """Obey real-time commands on arrival, wherever they stand; the rest waits in the buffer."""
        if self._has(Fault.SILENT):
            return
        seen, self._arrived = self._arrived + data, (self._arrived + data)[-(len(_CLEAR) - 1) :]
        fresh = len(seen) - len(data)
        self._interpreter.feed(data)
        for subject in (1, 2, 3, 4):
            at = -1
            while (at := seen.find(bytes((0x10, 0x04, subject)), at + 1)) >= 0:
                if at + 3 > fresh:
                    self.cable.write(bytes((self._status(subject),)))
        at = seen.find(_CLEAR)
        if at >= 0 and at + len(_CLEAR) > fresh:
            self._interpreter.clear()
            self._interpreter.feed(seen[at + len(_CLEAR) :])
            self._deed = next(self._interpreter.steps)
            self.cable.write(b"\x37\x25\x00")

    def _act(self) -> bool:
        """Do the next deed; return whether there was one."""
        if self._deed is Deed.PRINT_ROW:
            self._left_mm -= 1 / ROWS_PER_MM
            self._since_mm += 1 / ROWS_PER_MM
        elif self._deed is Deed.CUT:
            self._slips += 1
            self._paper.save(self._folder / "slips" / f"{self._slips:04d}.png")
            self._tell()
        waited = self._deed is Deed.WAIT_FOR_BYTES
        begins = self._deed is Deed.PRINT_ROW and not self._paper.rows
        self._deed = next(self._interpreter.steps)
        if begins:
            self._tell()
        return not (waited and self._deed is Deed.WAIT_FOR_BYTES)

    @property
    def _stopped(self) -> bool:
        jammed = self._deed is Deed.CUT and self._has(Fault.CUTTER_JAM)
        return jammed or self._out or self._has(Fault.COVER_OPEN) or self._has(Fault.FAILED)

    @property
    def _out(self) -> bool:
        return self._left_mm <= 0

    def _has(self, fault: Fault) -> bool:
        return fault in self._controls.faults and self._since_mm >= self._controls.after_mm

    def _status(self, subject: int) -> int:
        cover, cutter, failed = map(self._has, (Fault.COVER_OPEN, Fault.CUTTER_JAM, Fault.FAILED))
        near = self._left_mm < NEAR_END_MM
        bits = {
            1: 0x08 * (cover or cutter or failed or self._out),
            2: 0x04 * cover | 0x20 * self._out | 0x40 * (cutter or failed),
            3: 0x08 * cutter | 0x20 * failed,
            4: 0x0C * near | 0x60 * self._out,
        }
        return 0x12 | bits[subject]

    def _roll_status(self) -> int:
        return 0x03 * (self._left_mm < NEAR_END_MM) | 0x0C * self._out

    def _say(self, data: bytes) -> None:
        self.cable.write(data)

    def _tell(self) -> None:
        state = State(
            paper_mm=round(self._left_mm, 1), slips=self._slips, torn=bool(self._paper.rows), obeys=self._controls
        )
        ticket_controls.write(self._folder / "state.json", state)


def main() -> None:
    """Run until killed."""
    folder = Path(sys.argv[1])
    (folder / "slips").mkdir(parents=True, exist_ok=True)
    machine = Machine(folder)
    with suppress(KeyboardInterrupt):
        while True:
            machine.tick()


if __name__ == "__main__":
    main()
