"""`tram hub`: run the hub in the foreground until SIGTERM; its verbs set one up."""

import asyncio
import importlib
from pathlib import Path

import click

VERBS = {
    "init": "provisioning.hub_setup.init",
    "officer": "provisioning.hub_setup.roster",
    "kiosk": "provisioning.hub_setup.roster",
    "backup": "provisioning.hub_setup.backup",
    "restore": "provisioning.hub_setup.backup",
}


class HubVerbs(click.Group):
    """A group that imports a verb when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the click command of a verb, or None where there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(importlib.import_module(VERBS[cmd_name]), cmd_name)
        return command


@click.command(cls=HubVerbs, invoke_without_command=True)
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="hub.toml")
@click.pass_context
def hub(ctx: click.Context, config: Path | None) -> None:
    """Run the hub of this file, or set one up: `tram hub init`."""
    if ctx.invoked_subcommand:
        return
    if config is None:
        raise click.UsageError("Name the hub's file: --config /etc/tram/hub.toml. Where there is none: tram hub init")
    from hub.app import run

    asyncio.run(run(config))
