"""`tram configure`: kiosk.toml changed so that nothing unfit is ever written, and every change can be taken back."""

import asyncio
import sys
import tomllib
from pathlib import Path
from typing import Any, NoReturn

import click

from agent.config import load
from agent.ledger.faults import LedgerFault
from agent.ledger.ledger import Ledger
from contract.clock import VIETNAM, SystemClock
from contract.remedies import told
from contract.settings import SettingsFault
from provisioning.kiosk_file import KioskFile
from provisioning.options import kiosk_file

_BAD = 2
_CONFIG = kiosk_file()
_RESTART = "The kiosk takes it at its next start: systemctl restart tram-agent"


@click.group()
def configure() -> None:
    """See, check, change and take back what stands in kiosk.toml."""


@configure.command()
@_CONFIG
def check(config: Path) -> None:
    """Say whether a kiosk could start with the file. Exit code 2: why not, with the nearest valid key."""
    file = KioskFile(config)
    if why := file.complaint(file.text) if config.exists() else f"There is no {config}. `tram enrol` begins one.":
        _end(why)
    click.echo(f"{config} is sound.")


@configure.command("set")
@_CONFIG
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE…")
def put(config: Path, changes: tuple[str, ...]) -> None:
    """Set keys (`hub.port=8883`; `screen.port=` takes one out), all or none; show the difference."""
    file = KioskFile(config)
    try:
        _write(file, file.changed(dict(_change(each) for each in changes)))
    except SettingsFault as fault:
        _end(str(fault))


@configure.command()
@_CONFIG
@click.argument("version", type=click.IntRange(min=1), required=False)
def diff(config: Path, version: int | None) -> None:
    """Show what going back to VERSION (else the last one) would change. Exit code 1: something."""
    file = KioskFile(config)
    changes = file.diff(_kept(file, version).read_text(encoding="utf-8"))
    click.echo(changes, nl=False)
    sys.exit(1 if changes else 0)


@configure.command()
@_CONFIG
@click.argument("version", type=click.IntRange(min=1), required=False)
def rollback(config: Path, version: int | None) -> None:
    """Put VERSION (else the last one) back in place; what stands there now is kept as a version, too."""
    file = KioskFile(config)
    _write(file, _kept(file, version).read_text(encoding="utf-8"))


@configure.command()
@_CONFIG
def versions(config: Path) -> None:
    """List the versions that are kept, the newest first."""
    file = KioskFile(config)
    if not file.versions():
        click.echo(f"No version of {config} is kept yet: nothing was set or taken back.")
    for path in file.versions():
        moment = SystemClock().now().fromtimestamp(path.stat().st_mtime, VIETNAM)
        click.echo(f"{int(path.stem):4}  replaced {moment:%d/%m/%Y %H:%M}")


@configure.command()
@_CONFIG
def wanted(config: Path) -> None:
    """Show which settings the hub has set over those of the file (its shadow), and what was refused of them."""
    try:
        asyncio.run(_wanted(load(config).kiosk.folder))
    except (SettingsFault, LedgerFault) as fault:
        _end(told(fault))


async def _wanted(folder: Path) -> None:
    ledger = await Ledger.open(folder, SystemClock())
    try:
        wanted, reported = await ledger.remote.wanted(), await ledger.remote.reported()
    finally:
        await ledger.close()
    click.echo(f"wanted     version {wanted.version}: {dict(wanted.settings)}" if wanted else "wanted     nothing")
    click.echo(f"in effect  version {reported.version}: {dict(reported.settings)}")
    for key, why in reported.refused.items():
        click.echo(f"refused    version {reported.refused_version}: {key}: {why}")


def _change(text: str) -> tuple[str, Any]:
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise SettingsFault(f"{text!r} is no change. Write KEY=VALUE, as hub.port=8883")
    if not value.strip():
        return key.strip(), None
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value  # a text without its quotes, which shells eat


def _write(file: KioskFile, text: str) -> None:
    if why := file.complaint(text):
        _end(f"Nothing was changed. {why}")
    changes = file.diff(text)
    if not changes:
        click.echo("It stands there already; nothing was changed.")
        return
    try:
        file.write(text)
    except OSError as fault:
        _end(f"{file.path} can't be written: {fault.strerror}. Run it as root (sudo tram configure …).")
    click.echo(changes, nl=False)
    click.echo(_RESTART)


def _kept(file: KioskFile, version: int | None) -> Path:
    there = file.versions()
    found = [path for path in there if version in (None, int(path.stem))]
    if not found:
        named = ", ".join(str(int(path.stem)) for path in there)
        _end(f"There is no such version. There are: {named}." if there else "No version is kept yet; nothing was set.")
    return found[0]


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD)
