"""`tram up` and `tram dock`: everything running on this machine until Ctrl-C, and the page to drive it by hand."""

import signal
import sys
from pathlib import Path
from threading import Event

import click

from provisioning.onebox import dock as dock_server
from provisioning.onebox import glass, settings
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.child import ChildFailed, port_open
from provisioning.onebox.controls import Controls

FOLDER = Path("var/up")
PORTS = Ports(broker=18883, hub=18080, kiosk=18081, printer=18631, enrolment=18443)
DOCK_PORT = 18082
DOCK_URL = f"http://127.0.0.1:{DOCK_PORT}/"


@click.command()
def up() -> None:
    """Start broker, hub, kiosk and stand-ins; print the local addresses; stop all on Ctrl-C."""
    _run()


@click.command()
def dock() -> None:
    """Say where the dock is, the page that drives the stand-ins by hand; start the set where it does not run."""
    if port_open(DOCK_PORT):
        click.echo(DOCK_URL)
    else:
        _run()


def _run() -> None:
    over = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    try:
        box = OneBox(FOLDER, glass.lay((), FOLDER / "glass"), PORTS)
        box.start(click.echo)
    except (ChildFailed, OSError) as fault:
        click.echo(f"It could not be started: {fault}", err=True)
        sys.exit(1)
    server = dock_server.serve(Controls(box), DOCK_PORT)
    for line in _addresses(box):
        click.echo(line)
    over.wait()
    click.echo("stopping everything")
    server.should_exit = True
    box.stop()


def _addresses(box: OneBox) -> tuple[str, ...]:
    login, password, pin = settings.officer_login(box.folder)
    return (
        f"the dock         {DOCK_URL}   (drive the stand-ins by hand)",
        f"kiosk's screen   {box.kiosk_url}/   (what the citizen touches)",
        f"kiosk's status   {box.kiosk_url}/status",
        f"console          {box.hub_url}/console   (officer {login}, password {password}, PIN {pin})",
        f"the fleet        {box.hub_url}/console/fleet   (operator {settings.OPERATOR}, the same password)",
        f"hub's API        {box.hub_url}/docs",
        f"verify page      {box.hub_url}/v/…   (the address in a copy's QR)",
        f"trust bundle     {box.hub_url}/trust.json",
        f"other agencies   {box.agencies.url}   (simulated; make each behave badly; a code of VNeID)",
        f"logs             {box.folder / 'logs'}",
        "Ctrl-C stops everything.",
    )
