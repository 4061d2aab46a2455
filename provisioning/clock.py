"""`tram clock`: who may set this kiosk's clock, as chrony's configuration."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from agent.config import ClockSection, load
from agent.whole_file import write_whole
from contract.settings import SettingsFault
from provisioning.options import kiosk_file

AT_LEAST = 2
"""So many servers must agree where three or more are named: one alone, or one with a stolen key, sets no clock."""


@click.command()
@kiosk_file()
@click.option("--into", type=click.Path(path_type=Path), help="Write it there instead of showing it.")
def clock(config: Path, into: Path | None) -> None:
    """Show the time servers of kiosk.toml as chrony is told them; chrony's start does this by itself.

    A kiosk that is not enrolled yet, or whose file is unfit, takes those that are given for all: it needs the time to
    enrol.
    """
    try:
        section = load(config).clock if config.exists() else ClockSection()
    except SettingsFault as fault:
        click.echo(f"{fault} The time servers are those given for all until then.", err=True)
        section = ClockSection()
    text = chrony_conf(section.servers)
    if into is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(into, text.encode())
    except OSError as fault:
        click.echo(f"{into} can't be written: {fault.strerror}.", err=True)
        sys.exit(2)


def chrony_conf(servers: Sequence[str]) -> str:
    """Return the directives of chrony.conf(5) for these NTS servers, `name` or `name:port`.

    The life of certificates can't be judged by a clock that is not set. Until it is, for the first time since chrony's
    start, it is not: only where two servers of different names must agree, so that it takes two stolen keys at once.
    """
    lines = [_server(*each.partition(":")[::2]) for each in servers]
    if len(servers) > AT_LEAST:
        lines += [f"minsources {AT_LEAST}", "nocerttimecheck 1"]
    return "\n".join(lines) + "\n"


def _server(name: str, port: str) -> str:
    return f"server {name} nts iburst" + (f" ntsport {port}" if port else "")
