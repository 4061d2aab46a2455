"""`tram up`: everything running on this machine until Ctrl-C."""

import signal
import sys
from pathlib import Path
from threading import Event

import click

from provisioning.onebox import glass, settings
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.child import ChildFailed

FOLDER = Path("var/up")
PORTS = Ports(broker=18883, hub=18080, kiosk=18081, printer=18631)


@click.command()
def up() -> None:
    """Start broker, hub, kiosk and stand-ins; print the local addresses; stop all on Ctrl-C."""
    over = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    try:
        box = OneBox(FOLDER, glass.lay((), FOLDER / "glass"), PORTS)
        box.start(click.echo)
    except (ChildFailed, OSError) as fault:
        click.echo(f"It could not be started: {fault}", err=True)
        sys.exit(1)
    for line in _addresses(box):
        click.echo(line)
    over.wait()
    click.echo("stopping everything")
    box.stop()


def _addresses(box: OneBox) -> tuple[str, ...]:
    login, password = settings.officer_login(box.folder)
    return (
        f"kiosk's status   {box.kiosk_url}/status",
        f"hub's API        {box.hub_url}/docs   (officer {login}, password {password})",
        f"verify page      {box.hub_url}/v/…   (the address in a copy's QR)",
        f"trust bundle     {box.hub_url}/trust.json",
        f"logs             {box.folder / 'logs'}",
        "Ctrl-C stops everything.",
    )
