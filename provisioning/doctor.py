"""`tram doctor`: the way to the hub, the machine and every device, one line each; self-tests on production's way.

While the kiosk runs it is asked over its local API; while it is stopped, the devices are built from kiosk.toml as it
would build them. The ledger's lock keeps the two apart: one program at a time works with the devices.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import click
import httpx
import msgspec
from rich.console import Console, RenderableType
from rich.live import Live

from agent.config import Config, load
from agent.configured import credentials_of, devices_alone
from agent.devices.board import ANSWER_S, SELF_TEST_S, Board, Device
from agent.devices.status import DeviceState
from agent.ledger.faults import LedgerFault, LedgerLocked
from agent.ledger.ledger import Ledger
from agent.link.faults import BadCredentials
from agent.screen.server import HOST
from agent.screen.status import StatusView
from contract.clock import Clock, SystemClock
from contract.messages import DeviceReading
from contract.remedies import told
from contract.settings import SettingsFault
from provisioning.checkup.line import bad
from provisioning.checkup.machine import Checkup
from provisioning.checkup.network import Network
from provisioning.doctor_screen import Part, drawn, worst
from provisioning.options import kiosk_file

_ALL = "all"
_DOWN = 2
_SETTLE_S, _LOOK_S = 6.0, 0.3
_SETTLED = (DeviceState.READY, DeviceState.ATTENTION)
_WATCH_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which devices are to prove themselves ("all" = every one), whether printers may use paper; devices `alone`?"""

    tests: tuple[str, ...] = ()
    printing: bool = False
    alone: bool = False

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
    network: list[DeviceReading] = field(default_factory=list)
    machine: list[DeviceReading] = field(default_factory=list)

    @property
    def all_lines(self) -> list[DeviceReading]:
        """Every line."""
        return [*self.network, *self.machine, *self.lines]


@click.command()
@kiosk_file("path")
@click.option(
    "--self-test", "tests", multiple=True, metavar="DEVICE", help="Let a device prove itself; `all` = every one."
)
@click.option("--print", "printing", is_flag=True, help="With --self-test: printers print a test sheet.")
@click.option("--devices", "alone", is_flag=True, help="The devices alone: neither network nor machine.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--watch", is_flag=True, help="Look again and again until Ctrl-C.")
def doctor(path: Path, tests: tuple[str, ...], printing: bool, alone: bool, as_json: bool, watch: bool) -> None:
    """Show the way to the hub, the machine and every device: state, what, remedy.

    Exit code 0: all ready, 1: something wants attention, 2: something is down.
    """
    wish = Wish(tests=tests or ((_ALL,) if printing else ()), printing=printing, alone=alone)
    try:
        config = load(path)
        finding = asyncio.run(examine(config, path.parent, wish))
        if watch:
            finding = _watched(config, path.parent, wish, finding)
    except (SettingsFault, LedgerFault) as fault:
        _end(told(fault))
    if as_json:
        click.echo(json.dumps(as_plain(config, finding), ensure_ascii=False, indent=1))
    elif not watch:
        Console(highlight=False).print(_screen(config, finding))
    sys.exit(worst(finding.all_lines))


async def examine(config: Config, base: Path, wish: Wish) -> Finding:
    """Return what is found now; raise SettingsFault, LedgerFault; end the command where nobody can look."""
    devices = await _look(config, base, wish)
    if wish.alone:
        return devices
    clock = SystemClock()
    try:
        credentials = credentials_of(config.hub)
        credentials.context()  # key, certificate and authority are there and belong together
    except BadCredentials as fault:
        broken = bad("certificate", str(fault), fault.remedy, clock)
        return replace(devices, machine=[broken])
    network = await Network(config=config, credentials=credentials, clock=clock).lines()
    machine = await asyncio.to_thread(Checkup(config=config, credentials=credentials, clock=clock).lines)
    return replace(devices, network=network, machine=machine)


def as_plain(config: Config, finding: Finding) -> dict[str, Any]:
    """Return the finding as plain values."""
    kinds = {"network": finding.network, "machine": finding.machine, "devices": finding.lines}
    plain = {kind: [msgspec.to_builtins(line) for line in lines] for kind, lines in kinds.items()}
    return {"kiosk": config.kiosk.id, "seen_by": finding.by, **plain}


def _watched(config: Config, base: Path, wish: Wish, finding: Finding) -> Finding:
    """Show the finding, and newer ones, until Ctrl-C; return the last."""
    with Live(_screen(config, finding), console=Console(highlight=False), screen=True, auto_refresh=False) as shown:
        try:
            while True:
                time.sleep(_WATCH_S)
                finding = asyncio.run(examine(config, base, wish))
                shown.update(_screen(config, finding), refresh=True)
        except KeyboardInterrupt:
            return finding


def _screen(config: Config, finding: Finding) -> RenderableType:
    here = config.kiosk
    parts = [
        Part(name="network", lines=finding.network),
        Part(name="machine", lines=finding.machine),
        Part(name="devices", note=f"seen by {finding.by}", lines=finding.lines, dated=True),
    ]
    return drawn(" · ".join(filter(None, (here.id, here.site, here.agency))), parts)


async def _look(config: Config, base: Path, wish: Wish) -> Finding:
    try:
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{config.screen.port}") as kiosk:
            return await _ask(kiosk, wish)
    except httpx.ConnectError:
        return await _look_alone(config, base, wish)
    except httpx.HTTPError as fault:
        _end(f"The kiosk listens and does not answer ({fault!r}). Restart it: systemctl restart tram-agent")


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
            if config.board:
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


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_DOWN)
