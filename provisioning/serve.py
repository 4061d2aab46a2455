"""`tram kiosk` and `tram hub`: run one process in the foreground until SIGTERM."""

import asyncio
from pathlib import Path

import click

_CONFIG = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--config", type=_CONFIG, required=True, help="kiosk.toml")
def kiosk(config: Path) -> None:
    """Run the kiosk's agent."""
    from agent.kiosk import run

    asyncio.run(run(config))


@click.command()
@click.option("--config", type=_CONFIG, required=True, help="hub.toml")
def hub(config: Path) -> None:
    """Run the hub."""
    from hub.app import run

    asyncio.run(run(config))
