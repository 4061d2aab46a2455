"""`tram doctor`: every device in one line (what, state, since when, remedy), and its self-test on production's way.

While the kiosk runs it is asked over its local API; while it is stopped, the devices are built from kiosk.toml as it
would build them. The ledger's lock keeps the two apart: one program at a time works with the devices.
"""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click
import httpx
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.config import Config, load
from agent.devices.board import ANSWER_S, SELF_TEST_S, Board, Device
from agent.devices.status import DeviceState
from agent.kiosk import devices_alone
from agent.ledger.faults import LedgerFault, LedgerLocked
from agent.ledger.ledger import Ledger
from agent.screen.server import HOST
from agent.screen.status import StatusView
from contract.clock import VIETNAM, Clock, SystemClock
from contract.messages import DeviceReading
from contract.settings import SettingsFault

_ALL = "all"
_DOWN = 2
_SETTLE_S, _LOOK_S = 6.0, 0.3
_SETTLED = (DeviceState.READY, DeviceState.ATTENTION)
_COLOUR = {
    DeviceState.READY: "green",
    DeviceState.BUSY: "cyan",
    DeviceState.ATTENTION: "yellow",
    DeviceState.DOWN: "red",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which devices are to prove themselves ("all" = every one), and whether printers may use paper."""

    tests: tuple[str, ...] = ()
    printing: bool = False

    def names(self, there: Sequence[str]) -> tuple[str, ...]:
        """Return the devices named among those that are there; end the command where one is not."""
        if unknown := [name for name in self.tests if name not in (*there, _ALL)]:
            _end(f"There is no device {unknown[0]!r} in kiosk.toml; there is: {', '.join(there)}.")
        return tuple(there) if _ALL in self.tests else self.tests


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was seen, and by whom: the running kiosk, or this command."""

    by: str
    lines: list[DeviceReading]


@click.command()
@click.option("--config", "path", type=click.Path(path_type=Path), default=Path("kiosk.toml"), help="The kiosk's file.")
@click.option(
    "--self-test", "tests", multiple=True, metavar="DEVICE", help="Let a device prove itself; `all` = every one."
)
@click.option("--print", "printing", is_flag=True, help="With --self-test: printers print a test sheet.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(path: Path, tests: tuple[str, ...], printing: bool, as_json: bool) -> None:
    """Show every device: what, state, since when, remedy. Exit code 0: all ready, 1: attention, 2: down."""
    wish = Wish(tests=tests or ((_ALL,) if printing else ()), printing=printing)
    try:
        config = load(path)
        finding = asyncio.run(_look(config, path.parent, wish))
    except (SettingsFault, LedgerFault) as fault:
        remedy = getattr(fault, "remedy", "")
        _end(f"{fault}. {remedy}" if remedy else str(fault))
    _show_json(config, finding) if as_json else _show_table(config, finding)
    sys.exit(max((_grade(line) for line in finding.lines), default=0))


async def _look(config: Config, base: Path, wish: Wish) -> Finding:
    try:
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{config.screen.port}") as kiosk:
            return await _ask(kiosk, wish)
    except httpx.ConnectError:
        return await _look_alone(config, base, wish)
    except httpx.HTTPError as fault:
        _end(f"The kiosk listens and does not answer ({fault!r}). Restart it: systemctl restart tram-kiosk")


async def _ask(kiosk: httpx.AsyncClient, wish: Wish) -> Finding:
    said = await kiosk.get("/status", timeout=ANSWER_S + 5)
    said.raise_for_status()
    lines = msgspec.json.decode(said.content, type=StatusView).devices
    if names := wish.names([line.name for line in lines]):
        asked = {"devices": names, "printing": wish.printing}
        answer = await kiosk.post("/self-tests", json=asked, timeout=SELF_TEST_S + ANSWER_S + 5)
        if answer.status_code == httpx.codes.CONFLICT:
            _end(answer.json()["en"])
        answer.raise_for_status()
        lines = _replaced(lines, msgspec.json.decode(answer.content, type=list[DeviceReading]))
    return Finding(by="the running kiosk", lines=lines)


async def _look_alone(config: Config, base: Path, wish: Wish) -> Finding:
    clock = SystemClock()
    try:
        ledger = await Ledger.open(config.kiosk.folder, clock)
    except LedgerLocked as fault:
        _end(
            f"{fault}, but no kiosk answers on port {config.screen.port}: it starts, ends or hangs. Wait, then repeat."
        )
    try:
        board = Board(await ledger.device_states.all())
        async with devices_alone(config, base, ledger, clock) as devices:
            names = wish.names(tuple(devices))
            await _settle(devices, clock)
            lines = await board.lines(devices, clock)
            asked = {name: devices[name] for name in names}
            lines = _replaced(lines, await board.self_tests(asked, clock, printing=wish.printing))
        await ledger.device_states.keep(board.since)
        return Finding(by="this command; the kiosk is stopped", lines=lines)
    finally:
        await ledger.close()


async def _settle(devices: Mapping[str, Device], clock: Clock) -> None:
    """Wait a little for a control board that is only just being found, and for what it sets up."""
    until_s = clock.monotonic() + _SETTLE_S
    while clock.monotonic() < until_s:
        if all(line.state in _SETTLED for line in await Board().lines(devices, clock)):
            return
        await clock.sleep(_LOOK_S)


def _replaced(lines: Sequence[DeviceReading], by: Sequence[DeviceReading]) -> list[DeviceReading]:
    newer = {line.name: line for line in by}
    return [newer.get(line.name, line) for line in lines]


def _grade(line: DeviceReading) -> int:
    return {DeviceState.ATTENTION: 1, DeviceState.DOWN: _DOWN}.get(DeviceState(line.state), 0)


def _show_json(config: Config, finding: Finding) -> None:
    lines = [msgspec.to_builtins(line) for line in finding.lines]
    click.echo(
        json.dumps({"kiosk": config.kiosk.id, "seen_by": finding.by, "devices": lines}, ensure_ascii=False, indent=1)
    )


def _show_table(config: Config, finding: Finding) -> None:
    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim", expand=True)
    table.add_column("device", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("since", no_wrap=True)
    table.add_column("what, and → what to do", ratio=1)
    for line in finding.lines:
        what = Text(line.detail).append(f"\n→ {line.remedy}" if line.remedy else "", style="bold")
        since = line.since.astimezone(VIETNAM).strftime("%d/%m %H:%M")
        table.add_row(line.name, Text(line.state, style=_COLOUR[DeviceState(line.state)]), since, what)
    console = Console(highlight=False)
    console.print(Text(f"{config.kiosk.id} · {config.kiosk.site}", style="bold"))
    console.print(table)
    console.print(Text(f"seen by {finding.by}", style="dim"))


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_DOWN)
