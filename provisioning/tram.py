"""`tram`: the command of technicians, receivers and newcomers; each verb is loaded only when it is called."""

import importlib
import importlib.util
import sys

import click

VERBS = {
    "verify": "provisioning.verify",
    "read": "provisioning.read",
    "log": "provisioning.log",
    "demo": "provisioning.demo",
    "up": "provisioning.up",
    "dock": "provisioning.up",
    "enrol": "provisioning.enrol",
    "configure": "provisioning.configure",
    "doctor": "provisioning.doctor",
    "calibrate": "provisioning.calibrate",
    "clock": "provisioning.clock",
    "support-bundle": "provisioning.support_bundle",
    "provision": "provisioning.provision",
    "cash": "provisioning.cash",
    "update": "provisioning.update",
    "release": "provisioning.release",
    "keys": "provisioning.keys",
    "retire": "provisioning.retire",
    "catalogue": "provisioning.catalogue",
    "separators": "provisioning.separators",
    "kiosk": "provisioning.serve",
    "hub": "provisioning.serve_hub",
}


class VerbGroup(click.Group):
    """A group that imports a verb when it is asked for, so that `tram --help` stays quick on a Pi."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of this file; a kiosk's package leaves out those of the hub."""
        return [verb for verb, module in VERBS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the click command of a verb, or None where there is no such verb."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(importlib.import_module(VERBS[cmd_name]), cmd_name.replace("-", "_"))
        return command


@click.command(cls=VerbGroup, context_settings={"help_option_names": ["-h", "--help"]})
def tram() -> None:
    """Trạm: certified copies from an unattended kiosk, signed by a person, checked by anyone."""


def main() -> None:
    """Run the command; the console script's entry point. Exit code 2 where the user may not do what it takes."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    try:
        tram()
    except PermissionError as fault:
        click.echo(f"{fault.filename} is not open to this user. Run it as root (sudo).", err=True)
        sys.exit(2)
