"""`tram update`: a newer version into the kiosk's other slot. See `agent.update` for what happens when, and why."""

import asyncio
import logging
import os
import ssl
import sys
from pathlib import Path
from typing import NoReturn

import click

from agent.config import Config, UpdatesSection, load
from agent.ledger.schema import SCRIPTS, WORKS_FROM
from agent.update import progress
from agent.update.health import Agent
from agent.update.progress import Record
from agent.update.slots import Slots
from agent.update.source import Nowhere, Server, Source
from agent.update.trial import Trial
from agent.update.updater import AnotherRuns, Updater
from contract.clock import SystemClock, vietnam_text
from contract.settings import SettingsFault
from models.manifest import ModelError, verified, weights
from provisioning import carried_update
from provisioning.carried_update import CarriedWrong
from provisioning.options import kiosk_file

_CONFIG = kiosk_file("path")
NO_ROOT = (
    "none: this package brings no publisher's root ({}), it is one for development. Newer packages (apt) update the "
    "kiosk all the same; one that believes releases is built with: make deb ROOT=REPOSITORY/metadata/1.root.json"
)


@click.group(invoke_without_command=True)
@click.option(
    "--from", "folder", type=click.Path(path_type=Path, file_okay=False), help="A repository that was carried here."
)
@click.option("--release", "version", default="", help="With --from: this version, not the newest there.")
@click.option("--clock-is-right", is_flag=True, help="With --from: you have compared the kiosk's clock.")
@_CONFIG
@click.pass_context
def update(context: click.Context, folder: Path | None, version: str, clock_is_right: bool, path: Path) -> None:
    """The kiosk's own program: what runs, what is wanted, and the way from one to the other.

    `tram update --from /media/stick` brings a release that was carried here, without a network: the same signatures,
    the same trial, and not before nobody is served. Exit code 0: it runs and is kept. 1: it is not, and why.
    """
    if context.invoked_subcommand is None:
        if folder is None:
            click.echo(context.get_help())
            return
        _by_hand(folder, version, clock_is_right=clock_is_right, path=path)


@update.command()
@_CONFIG
def run(path: Path) -> None:
    """Finish what a power cut interrupted and bring what the fleet's job wants; exit code 0 unless it can't begin."""
    logging.basicConfig(level=os.environ.get("TRAM_LOG", "INFO"), format="%(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("tuf").setLevel(logging.ERROR)  # it warns of each holder who did not sign, beyond the threshold
    config = _config(path)
    try:
        stands = asyncio.run(_updater(config, _server(config)).run())
    except AnotherRuns as fault:
        click.echo(str(fault))
        return
    except OSError as fault:
        _end(f"The updater can't work: {fault}. Check who owns the folders of [updates] in {path}.")
    click.echo(_line(stands))


@update.command()
@_CONFIG
def status(path: Path) -> None:
    """Say what runs in which slot, how the last update stands, and whether the repository is believed."""
    section = _config(path).updates or UpdatesSection()
    place = section.place
    slots = Slots(place.root)
    try:
        for name in ("a", "b"):
            marks = [mark for mark, named in (("runs", slots.current), ("kept", slots.kept)) if named == name]
            click.echo(f"slot {name}   {slots.version(name) or 'not whole':<12} {', '.join(marks)}".rstrip())
    except OSError as fault:
        _end(f"There are no slots below {place.root}: {fault.strerror}. Install the package first.")
    stands = progress.read(place.progress)
    click.echo(_line(stands))
    click.echo(f"repository   {_repository(section, stands)}")
    for version, why in stands.bad.items():
        click.echo(f"not again   {version}: {why}")


@update.command("self-check")
@click.option(
    "--ledger", type=int, default=len(SCRIPTS), help="How far the program that may have to come back knows it."
)
def self_check(ledger: int) -> None:
    """Load what the kiosk runs and hold every weight against its hash; the updater asks a new slot this."""
    if ledger < WORKS_FROM:
        _end(f"The program before knows the ledger to {ledger}, this one needs {WORKS_FROM}: update in two steps.")
    import agent.kiosk  # noqa: F401 - that it can be imported is what is asked

    try:
        for name in weights():
            verified(name)
    except ModelError as fault:
        _end(str(fault))
    click.echo(f"{len(weights())} weights are as listed.")


def _by_hand(folder: Path, version: str, *, clock_is_right: bool, path: Path) -> None:
    config = _config(path)
    try:
        carried_update.become_owner(config.update_place.root)
        source = carried_update.found(folder)
        updater = _updater(config, source, is_clock_vouched_for=clock_is_right)
        done = asyncio.run(carried_update.bring(updater, version, click.echo))
    except AnotherRuns as fault:
        _end(f"{fault}. See how it goes: tram update status")
    except CarriedWrong as fault:
        _end(carried_update.wrapped(str(fault)))
    except OSError as fault:
        _end(f"The updater can't work: {fault}. Run it as root, on a kiosk with the package installed.")
    sys.exit(0 if done else 1)


def _updater(config: Config, source: Source, *, is_clock_vouched_for: bool = False) -> Updater:
    section, place, clock = config.updates or UpdatesSection(), config.update_place, SystemClock()
    slots = Slots(place.root)
    trial = Trial(
        place=place,
        slots=slots,
        record=Record(place.progress),
        agent=Agent(config.screen.port),
        clock=clock,
        minutes=section.trial_minutes,
        steady_s=section.steady_s,
    )
    try:
        root = section.trusted_root.read_bytes()
    except FileNotFoundError:
        _end(carried_update.wrapped(f"[updates] trusted_root: {NO_ROOT.format(section.trusted_root)}"))
    except OSError as fault:
        _end(f"[updates] trusted_root can't be read: {fault}. Install the package anew.")
    return Updater(
        place=place, source=source, trusted_root=root, trial=trial, slots=slots, clock=clock,
        is_clock_vouched_for=is_clock_vouched_for,
    )  # fmt: skip


def _server(config: Config) -> Source:
    if config.updates is None or config.updates.url is None:
        click.echo("No server updates this kiosk: kiosk.toml has no [updates] with the url of a repository.")
        return Nowhere()
    try:
        tls = ssl.create_default_context(cafile=config.updates.ca)
    except OSError as fault:
        _end(f"[updates] ca can't be read: {fault}. Put the authority's certificate there.")
    return Server(address=config.updates.url, tls=tls)


def _repository(section: UpdatesSection, stands: progress.Progress) -> str:
    if not section.trusted_root.exists():
        return NO_ROOT.format(section.trusted_root)
    seen = f"seen in order at {vietnam_text(stands.seen_at)[:16]}" if stands.seen_at else "never seen in order"
    if stands.distrust:
        return f"{stands.distrust.cause}; {seen}. {stands.distrust.remedy}"
    if section.url is None:
        return f"{seen}; no server is named ([updates] url), releases are carried here: tram update --from FOLDER"
    return f"{section.url}, {seen}"


def _config(path: Path) -> Config:
    try:
        return load(path)
    except SettingsFault as fault:
        _end(str(fault))


def _line(stands: progress.Progress) -> str:
    what = f" {stands.version}" if stands.version else ""
    return f"update{what}   {stands.phase}" + (f": {stands.detail}" if stands.detail else "")


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(1)
