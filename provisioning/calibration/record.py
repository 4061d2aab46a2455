"""The record of a calibration: JSON, and a PNG where there is a picture, by moment and device in `calibration/`."""

from collections.abc import Sequence
from pathlib import Path

import click
import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.config import Config
from agent.whole_file import write_whole
from contract.clock import VIETNAM, SystemClock
from provisioning.calibration.figure import Figure


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Measured over true length, across and down the page."""

    across: float = 1.0
    down: float = 1.0


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One calibration as it is kept; `figures` are name, value, unit, least, most. A scale is the scanner's alone."""

    kiosk: str
    device: str
    at: str
    passed: bool
    figures: list[tuple[str, float, str, float, float]]
    scale: Scale | None = None


def keep(
    config: Config,
    device: str,
    figures: Sequence[Figure],
    picture: NDArray[np.uint8] | None = None,
    scale: Scale | None = None,
) -> bool:
    """Keep record and picture (blue first), show the figures; return whether all pass."""
    now = SystemClock().now().astimezone(VIETNAM)
    record = Record(
        kiosk=config.kiosk.id,
        device=device,
        at=now.isoformat(timespec="seconds"),
        passed=all(figure.passes for figure in figures),
        scale=scale,
        figures=[(each.name, round(float(each.value), 3), each.unit, each.least, each.most) for each in figures],
    )
    folder = _folder(config)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S}-{device}.json"
    if picture is not None:
        _, png = cv2.imencode(".png", picture)
        write_whole(path.with_suffix(".png"), png.tobytes())
    write_whole(path, msgspec.json.format(msgspec.json.encode(record)))
    _show(device, figures)
    kept = f"record: {path}" if picture is None else f"picture and record: {path.with_suffix('')}.png, .json"
    click.echo(f"{'PASS' if record.passed else 'FAIL'}  {kept}")
    return record.passed


def last(config: Config, device: str) -> Record | None:
    """Return the last record of a device, None where there is none."""
    for path in sorted(_folder(config).glob(f"*-{device}.json"), reverse=True):
        return msgspec.json.decode(path.read_bytes(), type=Record)
    return None


def _show(device: str, figures: Sequence[Figure]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in (device, "measured", "allowed", ""):
        table.add_column(column)
    for each in figures:
        allowed = f"{each.least:g} … {each.most:g} {each.unit}"
        verdict = Text("pass", style="green") if each.passes else Text("FAIL", style="bold red")
        table.add_row(each.name, f"{each.value:.2f} {each.unit}", allowed, verdict)
    Console(highlight=False).print(table)
    for remedy in dict.fromkeys(each.remedy for each in figures if each.remedy and not each.passes):
        click.echo(f"→ {remedy}")


def _folder(config: Config) -> Path:
    return config.kiosk.folder / "calibration"
