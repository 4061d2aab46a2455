"""`tram kiosk` and `tram hub`: run one process in the foreground until SIGTERM."""

import asyncio
import os
import sys
from pathlib import Path

import click

_CONFIG = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--config", type=_CONFIG, required=True, help="kiosk.toml")
def kiosk(config: Path) -> None:
    """Run the kiosk's agent."""
    from agent.kiosk import run

    if asyncio.run(run(config)):
        sys.stdout.flush()
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the same process id, so whoever watches it notices nothing


@click.command()
@click.option("--config", type=_CONFIG, required=True, help="hub.toml")
def hub(config: Path) -> None:
    """Run the hub."""
    from hub.app import run

    asyncio.run(run(config))
