"""An A4 printer made of the real `ippeveprinter`, a D-Bus of its own (without one it does not start), and faults."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode
from urllib.request import urlopen

from provisioning.onebox.child import Child, ChildFailed, port_open

_BUS_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

# The print command tells the printer what it "printed"; a fault is a word in a file that it obeys.
_COMMAND = """\
#!/bin/sh
fault="$(cat "{fault}" 2>/dev/null)"
sheets=$(( $(qpdf --show-npages "$1") * ${{IPP_COPIES:-1}} ))
while [ "$(cat "{fault}" 2>/dev/null)" = hold ]; do sleep 0.2; done
case "$fault" in
  jam) echo "ATTR: job-impressions-completed=1" >&2; echo "STATE: +media-jam-error" >&2; exit 1 ;;
  refuse) exit 1 ;;
  uncounted) exit 0 ;;
esac
echo "STATE: -media-jam-error" >&2
echo "ATTR: job-impressions-completed=$sheets" >&2
"""

FAULTS = ("hold", "jam", "refuse", "uncounted")
"""hold: a job stays processing · jam: stops after one sheet · refuse: ends before the first · uncounted: no count."""


class PrinterStandIn:
    """A printer at `uri` whose received jobs lie byte for byte in `<folder>/spool`; use as a context or start/stop."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder.resolve(), port
        self.uri = f"ipp://localhost:{port}/ipp/print"
        self._bus_folder: Path | None = None
        self._children: list[Child] = []

    def __enter__(self) -> "PrinterStandIn":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def pids(self) -> list[int]:
        """The process ids: the bus, the printer."""
        return [child.pid for child in self._children]

    def start(self) -> None:
        """Start the bus and the printer with A4 paper in its tray; raise ChildFailed naming what is missing."""
        for program, package in (("ippeveprinter", "cups-ipp-utils"), ("dbus-daemon", "dbus-daemon"), ("qpdf", "qpdf")):
            if shutil.which(program) is None:
                raise ChildFailed(f"{program} is not installed: apt-get install {package}")
        if port_open(self.port):
            raise ChildFailed(f"port {self.port} is taken: end what listens there, or choose another")
        bus = self._start_bus()
        self._start_printer(bus)
        self.set_paper(250)

    def stop(self) -> None:
        """Stop both; what was received stays."""
        while self._children:
            self._children.pop().stop()
        if self._bus_folder:
            shutil.rmtree(self._bus_folder, ignore_errors=True)

    def kill(self) -> None:
        """Pull the printer's plug."""
        self._children[-1].kill()
        self._children.pop()
        self._children.pop().stop()

    def jobs(self) -> list[Path]:
        """Return the PDFs received, in the order of their job numbers."""
        return sorted((self.folder / "spool").glob("*.pdf"), key=lambda path: int(path.name.split("-", 1)[0]))

    def set_paper(self, sheets: int) -> None:
        """Put so many sheets of A4 in the main tray."""
        # A tray that the form leaves out counts as empty, and one empty tray stops every job: so name the by-pass too.
        a4 = {"size1": "iso_a4_210x297mm", "type1": "stationery", "level1": sheets}
        query = urlencode({**a4, "size3": "", "type3": "", "level3": -2 if sheets else 0})
        with urlopen(f"http://localhost:{self.port}/media?{query}", timeout=5) as answer:
            answer.read()

    @contextmanager
    def fault(self, word: str) -> Iterator[None]:
        """Obey one of FAULTS while the context lasts."""
        if word not in FAULTS:
            raise ValueError(f"{word!r} is none of {', '.join(FAULTS)}")
        path = self.folder / "fault"
        path.write_text(word)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)

    def _start_bus(self) -> str:
        # A socket's path is limited to 107 bytes, so it does not lie in the caller's folder.
        self._bus_folder = Path(tempfile.mkdtemp(prefix="tram-bus-"))
        socket, config = self._bus_folder / "bus", self._bus_folder / "bus.conf"
        config.write_text(_BUS_CONFIG.format(socket=socket))
        bus = Child("D-Bus", ["dbus-daemon", f"--config-file={config}", "--nofork"], self.folder / "dbus.log")
        bus.start(socket.exists)
        self._children.append(bus)
        return f"unix:path={socket}"

    def _start_printer(self, bus: str) -> None:
        spool, keys, command = self.folder / "spool", self.folder / "keys", self.folder / "print.sh"
        for folder in (spool, keys):
            folder.mkdir(parents=True, exist_ok=True)
        command.write_text(_COMMAND.format(fault=self.folder / "fault"))
        command.chmod(0o700)
        argv = [
            "ippeveprinter", "-r", "off", "-p", str(self.port), "-n", "localhost", "-f", "application/pdf", "-2", "-k",
            "-d", str(spool), "-K", str(keys), "-c", str(command), "Tram A4",
        ]  # fmt: skip
        printer = Child("printer", argv, self.folder / "printer.log", env={"DBUS_SYSTEM_BUS_ADDRESS": bus})
        try:
            printer.start(lambda: port_open(self.port))
        except ChildFailed:
            self.stop()
            raise
        self._children.append(printer)
