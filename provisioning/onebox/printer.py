"""An A4 printer made of the real `ippeveprinter`, a D-Bus of its own (without one it does not start), and faults.

What it "prints" is counted in a file; `ipp_line` before it shows that count as the printer's page counter.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode
from urllib.request import urlopen

from provisioning.onebox import ipp_line
from provisioning.onebox.child import Child, ChildFailed, free_port, port_open

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

# The print command is the paper path: it counts sheets, and a fault is a word in a file that it obeys.
_COMMAND = """\
#!/bin/sh
cd "{folder}"
fault="$(cat fault 2>/dev/null)"
sheets=$(( $(qpdf --show-npages "$1") * ${{IPP_COPIES:-1}} ))
put_out() {{ echo $(( $(cat odometer 2>/dev/null || echo 0) + $1 )) > odometer.part && mv odometer.part odometer; }}
while [ "$(cat fault 2>/dev/null)" = hold ] || [ -s stopped ]; do sleep 0.2; done
case "$fault" in
  jam) put_out 1; echo "ATTR: job-impressions-completed=1" >&2; echo "STATE: +media-jam-error" >&2; exit 1 ;;
  refuse) exit 1 ;;
  uncounted) exit 0 ;;
  lazy) put_out $sheets; exit 0 ;;
  torn) put_out 1; exit 1 ;;
esac
echo "STATE: -media-jam-error" >&2
for sheet in $(seq $sheets); do
  put_out 1
  echo "ATTR: job-impressions-completed=$sheet" >&2
  sleep 0.05
done
"""

FAULTS = ("hold", "jam", "refuse", "uncounted", "lazy", "torn")
"""hold: a job stays processing · jam: stops after one sheet and says so · refuse: ends before the first · uncounted:
"completed" without a sheet · lazy: all sheets, no count of the job · torn: one sheet, no count, then aborted."""


class PrinterStandIn:
    """A printer at `uri` whose received jobs lie byte for byte in `<folder>/spool`; use as a context or start/stop."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder.resolve(), port
        self.uri = f"ipp://localhost:{port}/ipp/print"
        self._inner_port = port
        self._bus_folder: Path | None = None
        self._children: list[Child] = []

    def __enter__(self) -> "PrinterStandIn":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start the bus and the printer with A4 paper in its tray; raise ChildFailed naming what is missing."""
        for program, package in (("ippeveprinter", "cups-ipp-utils"), ("dbus-daemon", "dbus-daemon"), ("qpdf", "qpdf")):
            if shutil.which(program) is None:
                raise ChildFailed(f"{program} is not installed: apt-get install {package}")
        if port_open(self.port):
            raise ChildFailed(f"port {self.port} is taken: end what listens there, or choose another")
        self._inner_port = free_port()
        self._start_printer(self._start_bus())
        self._start_line()
        self.set_paper(250)

    def stop(self) -> None:
        """Stop both; what was received stays."""
        while self._children:
            self._children.pop().stop()
        if self._bus_folder:
            shutil.rmtree(self._bus_folder, ignore_errors=True)

    def kill(self) -> None:
        """Pull the printer's plug."""
        for child in reversed(self._children):
            child.kill()
        self._children.clear()

    def jobs(self) -> list[Path]:
        """Return the PDFs received, in the order of their job numbers."""
        return sorted((self.folder / "spool").glob("*.pdf"), key=lambda path: int(path.name.split("-", 1)[0]))

    def set_paper(self, sheets: int) -> None:
        """Put so many sheets of A4 in the main tray."""
        # A tray that the form leaves out counts as empty, and one empty tray stops every job: so name the by-pass too.
        a4 = {"size1": "iso_a4_210x297mm", "type1": "stationery", "level1": sheets}
        query = urlencode({**a4, "size3": "", "type3": "", "level3": -2 if sheets else 0})
        with urlopen(f"http://localhost:{self._inner_port}/media?{query}", timeout=5) as answer:
            answer.read()

    @property
    def sheets_out(self) -> int:
        """How many sheets have come out of it, ever: its page counter."""
        odometer = self.folder / "odometer"
        return int(odometer.read_text()) if odometer.exists() else 0

    def set_stopped(self, *reasons: str) -> None:
        """Stop it for these reasons (`media-jam`, `cover-open`, …: RFC 8011 5.4.12); none lets it go on."""
        self._set("stopped", " ".join(reasons))

    def set_fault(self, word: str) -> None:
        """Let it obey one of FAULTS or of `ipp_line.FAULTS`; nothing puts it in order."""
        if word not in ("", *FAULTS, *ipp_line.FAULTS):
            raise ValueError(f"{word!r} is none of {', '.join((*FAULTS, *ipp_line.FAULTS))}")
        self._set("fault", word if word in FAULTS else "")
        self._set("line", word if word in ipp_line.FAULTS else "")

    @contextmanager
    def fault(self, word: str) -> Iterator[None]:
        """Obey it while the context lasts."""
        self.set_fault(word)
        try:
            yield
        finally:
            self.set_fault("")

    def _set(self, name: str, word: str) -> None:
        part = self.folder / f"{name}.part"
        part.write_text(word)
        part.replace(self.folder / name)

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
        command.write_text(_COMMAND.format(folder=self.folder))
        command.chmod(0o700)
        argv = [
            "ippeveprinter", "-r", "off", "-p", str(self._inner_port), "-n", "localhost", "-f", "application/pdf", "-2",
            "-k", "-d", str(spool), "-K", str(keys), "-c", str(command), "Tram A4",
        ]  # fmt: skip
        printer = Child("printer", argv, self.folder / "printer.log", env={"DBUS_SYSTEM_BUS_ADDRESS": bus})
        try:
            printer.start(lambda: port_open(self._inner_port))
        except ChildFailed:
            self.stop()
            raise
        self._children.append(printer)

    def _start_line(self) -> None:
        module = "provisioning.onebox.ipp_line"
        argv = [sys.executable, "-m", module, str(self.folder), str(self.port), str(self._inner_port)]
        line = Child("printer's line", argv, self.folder / "line.log")
        try:
            line.start(lambda: port_open(self.port))
        except ChildFailed:
            self.stop()
            raise
        self._children.append(line)
