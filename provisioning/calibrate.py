"""`tram calibrate`: scanner and printer measured by a printed target; pass or fail, a picture, and a record of it.

The target is printed once on a printer that is known to be true (its 100 mm line is checked with a ruler) and kept. The
records lie in the kiosk's folder, `calibration/`: JSON and PNG by moment and device.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NoReturn

import click
import cv2
import msgspec
import numpy as np
from PIL import Image, UnidentifiedImageError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.config import Config, load
from agent.devices.errors import DeviceError
from agent.devices.page_printer import PagePrinter
from agent.devices.scanner import Scanner
from agent.kiosk import devices_alone
from agent.ledger.faults import LedgerFault
from agent.ledger.ledger import Ledger
from agent.whole_file import write_whole
from contract.clock import VIETNAM, Deadline, SystemClock
from contract.ids import new_ulid
from contract.messages import PrintOutcome
from contract.settings import SettingsFault
from provisioning.calibration import judge, target
from provisioning.calibration.judge import Figure, Pixels, Seen, TargetNotSeen

_FAILED, _BAD = 1, 2
_SCAN_S, _PRINT_S = 90.0, 120.0
_CONFIG = click.option("--config", "path", type=click.Path(path_type=Path), default=Path("kiosk.toml"))
Devices = dict[str, Any]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One calibration as it is kept; `figures` are name, value, unit, least, most."""

    kiosk: str
    device: str
    at: str
    passed: bool
    across: float
    down: float
    figures: list[tuple[str, float, str, float, float]]


@click.group()
def calibrate() -> None:
    """Measure scanner and printer by a printed target; the kiosk must be stopped."""


@calibrate.command("target")
@click.argument("file", type=click.Path(path_type=Path))
def make_target(file: Path) -> None:
    """Write the target as PDF. Print it at 100 % and check its line with a ruler."""
    file.write_bytes(target.pdf())
    click.echo(f"{file}: print it unscaled on a true printer; the line must be {target.RULER_MM:.1f} mm long.")


@calibrate.command()
@_CONFIG
def scanner(path: Path) -> None:
    """Scan the target that lies on the glass. Exit code 0: pass, 1: fail, 2: why nothing was measured."""

    async def measure(config: Config, devices: Devices) -> bool:
        pixels, seen = await _scanned(devices)
        return _kept(config, "scanner", pixels, seen, judge.scanner(pixels, seen))

    _run(path, measure)


@calibrate.command()
@_CONFIG
@click.option("--printed", is_flag=True, help="The target was printed already and lies on the glass.")
def printer(path: Path, printed: bool) -> None:
    """Print the target as a copy is printed, then scan it. Calibrate the scanner first."""

    async def measure(config: Config, devices: Devices) -> bool:
        known = _last(config, "scanner")
        if known is None or not known.passed:
            raise TargetNotSeen("The scanner has not passed. Calibrate it first: tram calibrate scanner.")
        if not printed:
            await _print(devices["printer"])
            click.prompt(
                "Lay the page on the glass, its head at the stop, and press Enter", default="", show_default=False
            )
        pixels, seen = await _scanned(devices)
        return _kept(config, "printer", pixels, seen, judge.printer(pixels, seen, known.across, known.down))

    _run(path, measure)


def _run(path: Path, measure: Callable[[Config, Devices], Awaitable[bool]]) -> None:
    try:
        passed = asyncio.run(_alone(path, measure))
    except (SettingsFault, LedgerFault, TargetNotSeen) as fault:
        _end(f"{fault} {getattr(fault, 'remedy', '')}".strip())
    except DeviceError as fault:
        _end(f"{fault.cause}. {fault.remedy}")
    except OSError as fault:
        _end(f"The record can't be written: {fault.strerror}.")
    sys.exit(0 if passed else _FAILED)


async def _alone(path: Path, measure: Callable[[Config, Devices], Awaitable[bool]]) -> bool:
    config, clock = load(path), SystemClock()
    ledger = await Ledger.open(config.kiosk.folder, clock)
    try:
        async with devices_alone(config, path.parent, ledger, clock) as devices:
            return await measure(config, dict(devices))
    finally:
        await ledger.close()


async def _print(device: PagePrinter) -> None:
    clock = SystemClock()
    job = await device.print_pdf(
        f"calibration {new_ulid(clock.now())}", target.pdf(), 1, Deadline.after(clock, _PRINT_S)
    )
    if job.outcome is not PrintOutcome.PRINTED:
        raise TargetNotSeen("The target did not come out for certain. See tram doctor --self-test printer --print.")


async def _scanned(devices: Devices) -> tuple[Pixels, Seen]:
    device: Scanner = devices["scanner"]
    png = await device.scan_one(Deadline.after(SystemClock(), _SCAN_S))
    try:
        picture = Image.open(io.BytesIO(png))
        dpi = float(picture.info.get("dpi", (target.DPI, target.DPI))[0])
        pixels = np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError) as fault:
        raise TargetNotSeen(f"The scanner gave no picture that can be read: {fault}.") from fault
    return pixels, judge.find(pixels, dpi)


def _kept(config: Config, device: str, pixels: Pixels, seen: Seen, figures: list[Figure]) -> bool:
    """Keep record and picture, show the figures; return whether all pass."""
    now = SystemClock().now().astimezone(VIETNAM)
    passed = all(figure.passes for figure in figures)
    record = Record(
        kiosk=config.kiosk.id,
        device=device,
        at=now.isoformat(timespec="seconds"),
        passed=passed,
        across=seen.across,
        down=seen.down,
        figures=[(each.name, round(each.value, 3), each.unit, each.least, each.most) for each in figures],
    )
    folder = _folder(config)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{now:%Y%m%dT%H%M%S}-{device}"
    _, png = cv2.imencode(".png", judge.drawn(pixels, seen, figures))
    write_whole(folder / f"{name}.png", png.tobytes())
    write_whole(folder / f"{name}.json", msgspec.json.format(msgspec.json.encode(record)))
    _show(device, figures)
    click.echo(f"{'PASS' if passed else 'FAIL'}  picture and record: {folder / name}.png, .json")
    return passed


def _show(device: str, figures: list[Figure]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in (device, "measured", "allowed", ""):
        table.add_column(column)
    for each in figures:
        allowed = f"{each.least:g} … {each.most:g} {each.unit}"
        verdict = Text("pass", style="green") if each.passes else Text("FAIL", style="bold red")
        table.add_row(each.name, f"{each.value:.2f} {each.unit}", allowed, verdict)
    Console(highlight=False).print(table)


def _last(config: Config, device: str) -> Record | None:
    """Return the last record of a device, None where there is none that can be read."""
    for path in sorted(_folder(config).glob(f"*-{device}.json"), reverse=True):
        return msgspec.json.decode(path.read_bytes(), type=Record)
    return None


def _folder(config: Config) -> Path:
    return config.kiosk.folder / "calibration"


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD)
