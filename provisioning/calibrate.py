"""`tram calibrate`: each device measured; pass or fail, a picture where there is one, and a record of it.

Scanner, printer and camera are measured by a printed target. It is printed once on a printer that is known to be true
(its 100 mm line is checked with a ruler) and kept. The records lie in the kiosk's folder, `calibration/`: JSON and PNG
by moment and device.
"""

import io
from pathlib import Path

import click
import numpy as np
from PIL import Image, UnidentifiedImageError

from agent.devices.page_printer import PagePrinter
from agent.devices.scanner import Scanner
from contract.clock import Deadline
from contract.ids import new_ulid
from contract.messages import PrintOutcome
from provisioning.calibration import judge, record, target
from provisioning.calibration.alone import Bench, config_option, run
from provisioning.calibration.asking import wait_for_enter
from provisioning.calibration.camera import camera
from provisioning.calibration.cash import cash
from provisioning.calibration.figure import NotMeasured
from provisioning.calibration.judge import Pixels, Seen, TargetNotSeen
from provisioning.calibration.lamp import lamp
from provisioning.calibration.touch import touch

_SCAN_S, _PRINT_S = 90.0, 120.0


@click.group()
def calibrate() -> None:
    """Measure scanner, printer, camera, lamp, cash and touch; the kiosk must be stopped."""


@calibrate.command("target")
@click.argument("file", type=click.Path(path_type=Path))
def make_target(file: Path) -> None:
    """Write the target as PDF. Print it at 100 % and check its line with a ruler."""
    file.write_bytes(target.pdf())
    click.echo(f"{file}: print it unscaled on a true printer; the line must be {target.RULER_MM:.1f} mm long.")


@calibrate.command()
@config_option
def scanner(path: Path) -> None:
    """Scan the target that lies on the glass. Exit code 0: pass, 1: fail, 2: why nothing was measured."""

    async def measure(bench: Bench) -> bool:
        pixels, seen = await _scanned(bench)
        figures = judge.scanner(pixels, seen)
        scale = record.Scale(across=seen.across, down=seen.down)
        return record.keep(bench.config, "scanner", figures, judge.drawn(pixels, seen, figures), scale)

    run(path, measure)


@calibrate.command()
@config_option
@click.option("--printed", is_flag=True, help="The target was printed already and lies on the glass.")
def printer(path: Path, printed: bool) -> None:
    """Print the target as a copy is printed, then scan it. Calibrate the scanner first."""

    async def measure(bench: Bench) -> bool:
        known = record.last(bench.config, "scanner")
        if known is None or not known.passed or known.scale is None:
            raise NotMeasured("The scanner has not passed. Calibrate it first: tram calibrate scanner.")
        if not printed:
            await _print(bench)
            await wait_for_enter("Lay the page on the glass, its head at the stop")
        pixels, seen = await _scanned(bench)
        figures = judge.printer(pixels, seen, known.scale.across, known.scale.down)
        return record.keep(bench.config, "printer", figures, judge.drawn(pixels, seen, figures))

    run(path, measure)


for command in (camera, lamp, cash, touch):
    calibrate.add_command(command)


async def _print(bench: Bench) -> None:
    job = await bench.one(PagePrinter, "page printer").print_pdf(  # type: ignore[type-abstract]
        f"calibration {new_ulid(bench.clock.now())}", target.pdf(), 1, Deadline.after(bench.clock, _PRINT_S)
    )
    if job.outcome is not PrintOutcome.PRINTED:
        raise NotMeasured("The target did not come out for certain. See tram doctor --self-test printer --print.")


async def _scanned(bench: Bench) -> tuple[Pixels, Seen]:
    device = bench.one(Scanner, "scanner")  # type: ignore[type-abstract]
    png = await device.scan_one(Deadline.after(bench.clock, _SCAN_S))
    try:
        picture = Image.open(io.BytesIO(png))
        dpi = float(picture.info.get("dpi", (target.DPI, target.DPI))[0])
        pixels = np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError) as fault:
        raise TargetNotSeen(f"The scanner gave no picture that can be read: {fault}.") from fault
    return pixels, judge.find(pixels, dpi)
