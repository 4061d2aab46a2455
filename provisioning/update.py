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
from agent.update.trial import Trial
from agent.update.updater import AnotherRuns, Updater
from contract.clock import SystemClock
from contract.settings import SettingsFault
from models.manifest import ModelError, verified, weights

_CONFIG = click.option(
    "--config", "path", type=click.Path(path_type=Path), default=Path("kiosk.toml"), help="The kiosk's file."
)


@click.group()
def update() -> None:
    """The kiosk's own program: what runs, what is wanted, and the way from one to the other."""


@update.command()
@_CONFIG
def run(path: Path) -> None:
    """Finish what a power cut interrupted and bring what the fleet's job wants; exit code 0 unless it can't begin."""
    logging.basicConfig(level=os.environ.get("TRAM_LOG", "INFO"), format="%(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        stands = asyncio.run(_updater(_config(path)).run())
    except AnotherRuns as fault:
        click.echo(str(fault))
        return
    except OSError as fault:
        _end(f"The updater can't work: {fault}. Check who owns the folders of [updates] in {path}.")
    click.echo(_line(stands))


@update.command()
@_CONFIG
def status(path: Path) -> None:
    """Say what runs in which slot, and how the last update stands."""
    config = _config(path)
    place = _updates(config).place
    slots = Slots(place.root)
    try:
        for name in ("a", "b"):
            marks = [mark for mark, named in (("runs", slots.current), ("kept", slots.kept)) if named == name]
            click.echo(f"slot {name}   {slots.version(name) or 'not whole':<12} {', '.join(marks)}".rstrip())
    except OSError as fault:
        _end(f"There are no slots below {place.root}: {fault.strerror}. Install the package first.")
    stands = progress.read(place.progress)
    click.echo(_line(stands))
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


def _updater(config: Config) -> Updater:
    section = _updates(config)
    place, clock = section.place, SystemClock()
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
        tls = ssl.create_default_context(cafile=section.ca)
    except OSError as fault:
        _end(f"[updates] trusted_root or ca can't be read: {fault}. Put the files of the publisher there.")
    return Updater(place=place, address=section.url, trusted_root=root, trial=trial, slots=slots, clock=clock, tls=tls)


def _config(path: Path) -> Config:
    try:
        return load(path)
    except SettingsFault as fault:
        _end(str(fault))


def _updates(config: Config) -> UpdatesSection:
    if config.updates is None:
        _end("kiosk.toml has no [updates]. Add it with the url of the repository.")
    return config.updates


def _line(stands: progress.Progress) -> str:
    what = f" {stands.version}" if stands.version else ""
    return f"update{what}   {stands.phase}" + (f": {stands.detail}" if stands.detail else "")


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(1)
