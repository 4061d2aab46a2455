"""`tram hub backup` and `tram hub restore`: file, keys, stores and tables of a hub in one archive.

The tables are dumped before the stores are copied: what they name is there by then, and goes when it is needed no more.
The archive holds every key: it belongs where only the agency reads it. It also holds the scans of papers that are in
work, which may not outlive their day (R13): one archive is kept, and each day's backup takes its place.
"""

import contextlib
import os
import shutil
import sys
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NoReturn

import click

from contract.clock import VIETNAM, SystemClock, vietnam_text
from contract.settings import SettingsFault
from hub.config import HubConfig
from hub.faults import HubFault
from hub.register import restored
from hub.register.restored import LastNumber
from hub.store import dump
from hub.store.address import name_on_this_machine
from hub.store.dump import DumpFailed
from provisioning.hub_setup import database, debian_broker
from provisioning.hub_setup.database import DatabaseMissing
from provisioning.hub_setup.file import HubFile
from provisioning.hub_setup.init import USER, give_to_its_user
from provisioning.options import hub_file

_BAD = 2
_TABLES, _FILE, _DATA = "tables", "hub.toml", "data"
_CONFIG = hub_file()
_FAULTS = (HubFault, SettingsFault, DatabaseMissing, DumpFailed, tarfile.TarError)


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@_CONFIG
def backup(archive: Path, config: Path) -> None:
    """Write everything of this hub to ARCHIVE (tar) while it runs, in place of the one before; run it as root daily."""
    try:
        hub = HubFile(config).load()
        _write(archive, config, hub)
    except _FAULTS as fault:
        _end(f"There is no backup: {fault}")
    except OSError as fault:
        _end(f"There is no backup: {fault.filename or archive}: {fault.strerror}.")
    click.echo(
        f"{archive} holds file, keys, stores and tables ({archive.stat().st_size:,} bytes). Keep it locked away."
    )
    click.echo(
        "It holds scans of papers in work, which the law gives 24 hours: let tomorrow's backup replace it, keep no"
    )
    click.echo("older one.")


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--last-number",
    type=click.IntRange(min=0),
    prompt="The last number that the lost hub gave in its register this year (0: none)",
    help="Of this year's register, as copies, receipts and printed months show it; 0 where none was given.",
)
@_CONFIG
def restore(archive: Path, last_number: int, config: Path) -> None:
    """Make this machine, which is not a hub yet, the one of ARCHIVE; run it as root. A hub.toml that is there stays.

    The backup does not know the numbers that were given after it, and none may be given twice: the register goes on
    after the last one that you name, or after its own where that is higher. If nobody knows it, name one that is surely
    higher: an agency can explain numbers that it left out.
    """
    clock = SystemClock()
    last = LastNumber(year=clock.now().astimezone(VIETNAM).year, number=last_number)
    try:
        at = _read(archive, HubFile(config), last)
    except _FAULTS as fault:
        _end(f"It is not restored: {fault}")
    except OSError as fault:
        _end(f"It is not restored: {fault.filename or archive}: {fault.strerror}.")
    click.echo(f"This is the hub of {vietnam_text(at)}. Start it: systemctl restart tram-hub")
    click.echo(
        f"Its numbers of {last.year} go on after {last.number}, or after its register's last where that is higher."
    )
    click.echo("What was certified after the backup is missing in register and public log: write down why, and let")
    click.echo("nobody start the old machine again.")


def _write(archive: Path, config: Path, hub: HubConfig) -> None:
    part = archive.with_name(archive.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        with tempfile.TemporaryDirectory(dir=archive.resolve().parent) as folder, tarfile.open(part, "w") as tar:
            tables = Path(folder) / _TABLES
            dump.write(hub, tables, USER)
            tables.touch()
            tar.add(tables, _TABLES)
            tar.add(config, _FILE)
            _add_data(tar, hub.data_dir)
        _make_durable(part)
        part.replace(archive)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _add_data(tar: tarfile.TarFile, folder: Path) -> None:
    """Add the stores; a scan that the hub destroys meanwhile (R13), or a file that it replaces, is passed over."""
    for root, folders, files in os.walk(folder):
        folders.sort()
        for path in (Path(root), *(Path(root) / name for name in sorted(files))):
            with contextlib.suppress(FileNotFoundError):
                tar.add(path, Path(_DATA) / path.relative_to(folder), recursive=False, filter=_wanted)


def _wanted(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out SQLite's own files, which are dumped, and locks."""
    name = Path(member.name).name
    return None if name.startswith("hub.sqlite") or name.endswith((".lock", ".part")) else member


def _read(archive: Path, file: HubFile, last: LastNumber) -> datetime:
    with tempfile.TemporaryDirectory(dir=archive.resolve().parent) as folder, tarfile.open(archive) as tar:
        tar.extractall(folder, members=_plain(tar))  # noqa: S202 - Debian 12's Python has no `filter` yet
        there = Path(folder)
        if not file.path.exists():
            file.take(there / _FILE)
        hub = file.load()
        if (hub.data_dir / "pki").exists():
            raise SettingsFault(f"{hub.data_dir} has the keys of a hub already; nothing is put over them.")
        if name := name_on_this_machine(hub.database):
            database.ensure(name, USER)
        hub.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        dump.load(hub, there / _TABLES, USER)
        restored.leave_word(hub.data_dir, last)
        _move_in(there / _DATA, hub.data_dir)
        at = datetime.fromtimestamp(tar.getmember(_TABLES).mtime, SystemClock().now().tzinfo)
    debian_broker.write(hub.mqtt.port)
    debian_broker.start()
    return at


def _plain(tar: tarfile.TarFile) -> list[tarfile.TarInfo]:
    """Return the members: files and folders that stay in their place; raise SettingsFault for anything else."""
    members = tar.getmembers()
    for each in members:
        path = PurePosixPath(each.name)
        if path.is_absolute() or ".." in path.parts or not (each.isfile() or each.isdir()):
            raise SettingsFault(f"It holds {each.name}, which `tram hub backup` does not write.")
    return members


def _move_in(source: Path, folder: Path) -> None:
    """Lay the stores into the data folder, the keys last: without them a second try is possible."""
    for each in sorted(source.iterdir(), key=lambda path: path.name == "pki"):
        shutil.move(each, folder / each.name)  # from the archive's disk to the hub's
    give_to_its_user(folder)


def _make_durable(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD)
