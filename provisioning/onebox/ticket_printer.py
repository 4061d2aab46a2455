"""A ticket printer that is not there: its process, and the hands that put paper in, open the cover, pull the cable."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import msgspec

from provisioning.onebox import ticket_controls
from provisioning.onebox.child import Child
from provisioning.onebox.ticket_controls import ROLL_MM, Controls, Fault, State


class TicketStandIn:
    """A printer at `port` whose slips lie as pictures in `<folder>/slips`; use as a context or start/stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.port = self.folder / "port"
        self._controls, self._state = self.folder / "controls.json", self.folder / "state.json"
        argv = [sys.executable, "-m", "provisioning.onebox.ticket_machine", str(self.folder)]
        self._machine = Child("ticket printer", argv, self.folder / "machine.log")

    def __enter__(self) -> "TicketStandIn":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Switch it on; raise ChildFailed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for made_anew in (self.port, self._state):
            made_anew.unlink(missing_ok=True)
        self._machine.start(self._state.exists)

    def stop(self) -> None:
        """Switch it off; slips and settings stay."""
        self._machine.stop()

    def kill(self) -> None:
        """Pull its plug, in the middle of what it does."""
        self._machine.kill()

    def slips(self) -> list[Path]:
        """Return the slips that were cut, oldest first."""
        return sorted((self.folder / "slips").glob("*.png"))

    def state(self) -> State:
        """Return what the machine says of itself."""
        return msgspec.json.decode(self._state.read_bytes(), type=State)

    def load_roll(self, roll_mm: float = ROLL_MM) -> None:
        """Put a new roll of this length in; where it is switched on, return once it has noticed."""
        held = ticket_controls.read(self._controls)
        self._set(msgspec.structs.replace(held, roll=held.roll + 1, roll_mm=roll_mm))

    def set_faults(self, *faults: Fault, after_mm: float = 0.0) -> None:
        """Let it have these faults and no others, once `after_mm` more paper has been printed on; as `load_roll`."""
        held: Controls = ticket_controls.read(self._controls)
        self._set(msgspec.structs.replace(held, faults=faults, after_mm=after_mm))

    def _set(self, controls: Controls) -> None:
        ticket_controls.write(self._controls, controls)
        self._machine.wait_until(lambda: self.state().obeys == controls)

    @contextmanager
    def fault(self, *faults: Fault, after_mm: float = 0.0) -> Iterator[None]:
        """Let it have these faults while the context lasts."""
        self.set_faults(*faults, after_mm=after_mm)
        try:
            yield
        finally:
            self.set_faults()
