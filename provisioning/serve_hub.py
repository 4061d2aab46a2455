"""`tram hub`: run the hub in the foreground until SIGTERM."""

import asyncio
from pathlib import Path

import click


@click.command()
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="hub.toml")
def hub(config: Path) -> None:
    """Run the hub."""
    from hub.app import run

    asyncio.run(run(config))
