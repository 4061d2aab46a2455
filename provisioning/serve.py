"""`tram kiosk`: run the agent in the foreground until SIGTERM."""

import asyncio
import os
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="kiosk.toml"
)
def kiosk(config: Path) -> None:
    """Run the kiosk's agent."""
    from agent.kiosk import run

    again = asyncio.run(run(config))
    if (
        again and "NOTIFY_SOCKET" not in os.environ
    ):  # a service manager starts it anew, from the slot that is current then
        sys.stdout.flush()
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - the same process id, so whoever watches it notices nothing
