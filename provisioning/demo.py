"""`tram demo`: one citizen, one officer, one certified copy, from the paper on the glass to an independent check."""

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
import httpx
import msgspec
from rich.console import Console
from rich.table import Table

from agent.reading.errors import UnreadableFile
from models import specimens
from provisioning.onebox import glass
from provisioning.onebox.box import TRAM, OneBox, Ports
from provisioning.onebox.child import ChildFailed
from provisioning.onebox.play import Play, Visit
from provisioning.onebox.players import DemoStopped

OUT = Path("build/demo")
PATIENCE_A_PAGE_S = 5
LETTER_COMES_S = 30
RIGHTLY_ENDED = ("REFUSED", "SECRET_PAPER")
"""Endings without a copy in which the kiosk did what it should."""


@click.command()
@click.argument("scans", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", default=OUT, type=click.Path(path_type=Path), show_default=True, help="Where everything lies.")
@click.option(
    "--specimen",
    default=glass.SPECIMEN_KIND,
    type=click.Choice(specimens.KINDS),
    show_default=True,
    help="Kind of the specimen that is laid in without SCANS.",
)
@click.option("--copies", default=1, show_default=True, help="Printed copies.")
@click.option(
    "--pay",
    default="cash",
    type=click.Choice(("cash", "card", "transfer")),
    show_default=True,
    help="How the citizen pays: coins and notes, a card, or the VietQR code at the simulated bank.",
)
@click.option("--identity/--no-identity", default=True, help="The kiosk asks who is there; a simulated person answers.")
@click.option("--mail", default="", help="The file is also e-mailed there, by a server that stands for the agency's.")
@click.option("--one-by-one", is_flag=True, help="Pages go on the glass one after another, not into the feeder.")
@click.option("--approve", is_flag=True, help="The scripted officer approves whatever the findings say.")
def demo(
    scans: Sequence[Path],
    out: Path,
    specimen: str,
    copies: int,
    pay: str,
    identity: bool,
    mail: str,
    one_by_one: bool,
    approve: bool,
) -> None:
    """Play one certified copy end to end on stand-ins; SCANS are your own pages instead of the specimen."""
    started = time.monotonic()
    progress = Progress(started)
    try:
        sheets = _lay(scans, out, specimen, progress)
        box = OneBox(out / "state", sheets, Ports.free(), keep_in=out.resolve(), asks_who_is_there=identity)
        visit = _play(box, out, copies, pay, mail, one_by_one, approve, progress)
    except (ChildFailed, DemoStopped, UnreadableFile, OSError, httpx.HTTPError) as fault:
        progress.end()
        click.echo(f"\nThe demo stopped: {fault}", err=True)
        sys.exit(1)
    progress.end()
    _report(visit, out, time.monotonic() - started)
    if visit.certified:
        sys.exit(_check(out))
    sys.exit(0 if visit.ending["code"] in RIGHTLY_ENDED else 1)


class Progress:
    """One line on a terminal that says what is going on; plain lines elsewhere."""

    def __init__(self, started: float) -> None:
        self._started, self._live = started, sys.stdout.isatty()

    def __call__(self, what: str) -> None:
        """Say what is going on now."""
        line = f"[{time.monotonic() - self._started:5.1f} s] {what}"
        click.echo(f"\r\x1b[K{line}" if self._live else line, nl=not self._live)

    def end(self) -> None:
        """Leave the line."""
        if self._live:
            click.echo()


def _lay(scans: Sequence[Path], out: Path, specimen: str, say: Progress) -> list[Path]:
    say("laying the paper on the scanner's glass")
    shutil.rmtree(out, ignore_errors=True)
    return glass.lay(scans, out / "glass", kind=specimen)


def _play(
    box: OneBox, out: Path, copies: int, pay: str, mail: str, one_by_one: bool, approve: bool, say: Progress
) -> Visit:
    box.start(say)
    try:
        pages = box.sheets if one_by_one else ()
        within_s = 120 + PATIENCE_A_PAGE_S * len(box.sheets) * (1 + copies)
        play = Play(box, say, heedful=not approve, way=pay)
        visit = play.one_visit(copies=copies, pages=pages, mail=mail, within_s=within_s)
        (out / "trust.json").write_bytes(httpx.get(f"{box.hub_url}/trust.json").raise_for_status().content)
        for job in box.printer.jobs()[:1]:
            shutil.copy(job, out / "print-job.pdf")
        for slip in box.tickets.slips()[:1]:
            shutil.copy(slip, out / "ticket.png")
        if mail and visit.certified:
            say("waiting for the e-mail")
            _keep_letter(box, out)
    finally:
        say("stopping everything")
        box.stop()
    return visit


def _keep_letter(box: OneBox, out: Path) -> None:
    until = time.monotonic() + LETTER_COMES_S
    while not (letters := sorted(box.letters.glob("*.eml"))):
        if time.monotonic() > until:
            raise DemoStopped(f"no e-mail came within {LETTER_COMES_S} s")
        time.sleep(0.2)
    shutil.copy(letters[0], out / "letter.eml")


def _report(visit: Visit, out: Path, total_s: float) -> None:
    files = {path.name: str(path) for path in sorted(out.iterdir()) if path.is_file()}
    report = {"total_s": round(total_s, 2), "files": files, **msgspec.to_builtins(visit)}
    (out / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    table = Table(title="One certified copy" if visit.certified else "No copy was certified", title_justify="left")
    table.add_column("step")
    table.add_column("seconds", justify="right")
    for step in visit.steps:
        table.add_row(step.name, f"{step.seconds or 0:.2f}")
    table.add_section()
    table.add_row("pages of the original", str(visit.pages))
    table.add_row("sheets printed", str(visit.sheets))
    table.add_row("machine time, without people", f"{visit.machine_s:.2f}")
    table.add_row("bytes up", f"{visit.bytes_up:,}")
    table.add_row("bytes down", f"{visit.bytes_down:,}")
    console = Console()
    console.print(table)
    for key in ("vi", "en", "paper_vi", "money_vi", "register_label"):
        if visit.ending[key]:
            console.print(visit.ending[key], highlight=False)
    if visit.officer == "refuse":
        console.print(
            "The scripted officer follows the findings. --approve (make demo OFFICER=approve) overrules them."
        )
    for name, path in files.items():
        console.print(f"  {name:<16} {path}", highlight=False)


def _check(out: Path) -> int:
    """Let `tram verify` and poppler's pdfsig judge the signed copy; return the worst exit code."""
    copy = str(out / "copy.pdf")
    worst = 0
    for argv in ([str(TRAM), "verify", "--trust", str(out / "trust.json"), "--offline", copy], ["pdfsig", copy]):
        click.echo(f"\n$ {' '.join([Path(argv[0]).name, *argv[1:]])}")
        worst = max(worst, subprocess.run(argv, check=False).returncode)
    return worst
