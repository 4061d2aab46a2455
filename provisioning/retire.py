"""`tram retire`: a kiosk takes its leave. The hub revokes it, then everything of it on this machine is wiped."""

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from agent.config import Config, load
from agent.configured import credentials_of
from agent.ledger.closing import Inside
from agent.ledger.faults import LedgerFault
from agent.ledger.ledger import Ledger
from agent.link import est
from agent.link.faults import LinkFault
from contract.clock import SystemClock
from contract.remedies import told
from contract.settings import SettingsFault
from provisioning.cash_words import NEVER_COLLECTED, TAKE_IT_OUT, inside
from provisioning.kiosk_file import KioskFile
from provisioning.options import kiosk_file

_BAD = 2
_QUESTION = "Revoke this kiosk for good and wipe its data from this machine?"


@click.command()
@kiosk_file("path")
@click.option("--without-hub", is_flag=True, help="The hub can't be reached: wipe all the same; revoke at its console.")
@click.option("--lose", is_flag=True, help="Wipe although visits, money or messages are open. They are lost.")
@click.option("--cash-inside", is_flag=True, help="Wipe although the books say that cash is inside. Count it by hand.")
@click.option("--yes", is_flag=True, help="Don't ask.")
def retire(path: Path, without_hub: bool, lose: bool, cash_inside: bool, yes: bool) -> None:
    """Revoke this kiosk at its hub, then wipe its key, its books and its configuration. Stop the kiosk first.

    Take the cash out before, with `tram cash close` while the kiosk runs, and leave no change in it.
    """
    try:
        config = load(path)
        left, cash = asyncio.run(_in_the_books(config))
        if left and not lose:
            _end(f"Nothing was done: {left}. Let the kiosk finish while it reaches its hub, or add --lose.")
        if (held := inside(cash)) and not cash_inside:
            _end(f"Nothing was done: {held} {TAKE_IT_OUT}")
        if config.cash is not None and cash.last is None:
            click.echo(NEVER_COLLECTED)
        if not yes:
            click.confirm(f"{held} {_QUESTION}".lstrip(), abort=True)
        if not without_hub:
            asyncio.run(_revoke(config))
    except (SettingsFault, LedgerFault, LinkFault) as fault:
        _end(f"Nothing was wiped: {told(fault)}")
    for gone in _belongings(config, path):
        _wipe(gone)
        click.echo(f"wiped {gone}")
    click.echo(
        "Files are overwritten once and removed. Flash storage may keep old cells: what was not sealed under a TPM is "
        "safe only if the medium is destroyed."
    )
    if held:
        click.echo(f"{held} Nothing on this machine says so any more: write it down.")
    if without_hub:
        click.echo(f"Now revoke {config.kiosk.id} at the hub's console; until then its key is still good there.")


async def _in_the_books(config: Config) -> tuple[str, Inside]:
    """Return what is still open in the kiosk's books, empty where nothing is, and the cash; raise LedgerFault."""
    ledger = await Ledger.open(config.kiosk.folder, SystemClock())
    try:
        visits, messages = len(await ledger.journal.open_visits()), len(await ledger.outbox.pending())
        cash = await ledger.closings.inside()
    finally:
        await ledger.close()
    counts = {"visits are open": visits, "messages have not reached the hub": messages}
    return " and ".join(f"{count} {what}" for what, count in counts.items() if count), cash


async def _revoke(config: Config) -> None:
    if not config.hub.est:
        raise SettingsFault("kiosk.toml has no hub.est, so the hub can't be told. Use --without-hub")
    await est.retire(config.hub.est, credentials_of(config.hub))
    click.echo(f"The hub has revoked {config.kiosk.id}.")


def _belongings(config: Config, path: Path) -> Iterator[Path]:
    """Yield what is wiped: the key first, the file that names everything last."""
    versions = KioskFile(path).folder
    yield from (
        each for each in (config.hub.key, config.hub.certificate, config.kiosk.folder, versions, path) if each.exists()
    )


def _wipe(path: Path) -> None:
    files = [each for each in path.rglob("*") if each.is_file() and not each.is_symlink()] if path.is_dir() else [path]
    for each in files:
        with each.open("r+b") as file:
            file.write(os.urandom(each.stat().st_size))
            os.fsync(file.fileno())
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD)
