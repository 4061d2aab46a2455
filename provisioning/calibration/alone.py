"""Runs a measurement with the devices of a kiosk that is stopped; the exit code says what came of it.

0: pass, 1: fail, 2: why nothing was measured.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from agent.config import Config, load
from agent.configured import devices_alone
from agent.devices.board import Device
from agent.devices.errors import DeviceError
from agent.ledger.faults import LedgerFault
from agent.ledger.ledger import Ledger
from contract.clock import Clock, SystemClock
from contract.remedies import told
from contract.settings import SettingsFault
from provisioning.calibration.figure import NotMeasured
from provisioning.options import kiosk_file

_FAILED, _BAD = 1, 2
T = TypeVar("T")

config_option = kiosk_file("path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A kiosk that is stopped: its file, devices by name, and ledger."""

    config: Config
    devices: dict[str, Device]
    ledger: Ledger
    clock: Clock

    def one(self, kind: type[T], what: str) -> T:
        """Return the device that is of this kind; raise NotMeasured."""
        if (found := self.any(kind)) is None:
            raise NotMeasured(f"kiosk.toml has no {what}.")
        return found

    def any(self, kind: type[T]) -> T | None:
        """Return the device that is of this kind, where there is one."""
        return next((each for each in self.devices.values() if isinstance(each, kind)), None)


Measure = Callable[[Bench], Awaitable[bool]]


def run(path: Path, measure: Measure) -> NoReturn:
    """Run it and end the command."""
    try:
        passed = asyncio.run(_alone(path, measure))
    except (SettingsFault, LedgerFault, NotMeasured) as fault:
        _end(told(fault))
    except DeviceError as fault:
        _end(f"{fault.cause}. {fault.remedy}")
    except OSError as fault:
        _end(f"The record can't be written: {fault.strerror}.")
    sys.exit(0 if passed else _FAILED)


async def _alone(path: Path, measure: Measure) -> bool:
    config, clock = load(path), SystemClock()
    ledger = await Ledger.open(config.kiosk.folder, clock)
    try:
        async with devices_alone(config, path.parent, ledger, clock) as devices:
            try:
                return await measure(Bench(config=config, devices=devices, ledger=ledger, clock=clock))
            except (NotMeasured, DeviceError, LedgerFault, OSError, click.Abort) as fault:
                told = fault  # raised in here, the board's group of tasks would wrap it
        raise told
    finally:
        await ledger.close()


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD)
