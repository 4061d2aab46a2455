"""`tram keys`: which keys a hub uses until when, and replacing one without a stop of the hub."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from contract.clock import SystemClock, vietnam_text
from hub import config as hub_config
from hub.faults import HubFault
from hub.signing import rotation
from hub.signing.evidence_key import OVERLAP, EvidenceKeys
from hub.signing.faults import SigningFault
from hub.signing.pki import Pki
from hub.signing.roles import Role
from provisioning.options import hub_file

_CONFIG = hub_file()


_EVIDENCE = "evidence"


@click.group()
def keys() -> None:
    """The hub's keys and certificates (embedded PKI)."""


@keys.command("list")
@_CONFIG
def listed(config: Path) -> None:
    """List the certificates in use, those that end first on top."""
    try:
        pki = Pki(_folder(config), SystemClock())
    except (SigningFault, HubFault) as fault:
        _end(str(fault))
    for role, whose, certificate in sorted(pki.in_use(), key=lambda each: each[2].not_valid_after_utc):
        click.echo(f"{vietnam_text(certificate.not_valid_after_utc)}  {role:<12} {whose}")


@keys.command()
@_CONFIG
@click.argument("role", type=click.Choice([*map(str, rotation.REPLACEABLE), _EVIDENCE]))
@click.argument("whose", default="")
@click.option("--revoke-old", is_flag=True, help="The old key was lost or stolen: what it signs is void from now on.")
def rotate(config: Path, role: str, whose: str, revoke_old: bool) -> None:
    """Replace the key of ROLE; WHOSE is a certifier's name or a kiosk's id. A running hub follows within seconds."""
    if role == _EVIDENCE:
        _rotate_evidence(config, revoke_old=revoke_old)
        return
    try:
        new = rotation.rotate(_folder(config), SystemClock(), Role(role), whose, revoke_old=revoke_old)
    except (SigningFault, HubFault) as fault:
        _end(str(fault))
    click.echo(f"New certificate {new.serial_number:X}, good until {vietnam_text(new.not_valid_after_utc)}.")
    click.echo(_THEN.get(Role(role), "The hub uses it within seconds."))
    if revoke_old and Role(role) in (Role.HUB, Role.KIOSK):
        click.echo("Let the broker shut the old key out: send it SIGHUP.")


def _rotate_evidence(config: Path, *, revoke_old: bool) -> None:
    if revoke_old:
        _end("The key for evidence signs nothing, so nothing of it can be revoked. Rotate it without --revoke-old.")
    try:
        fresh = EvidenceKeys.ensure(hub_config.load(config).data_dir / "evidence-key").rotate(SystemClock().now())
    except (SigningFault, HubFault, OSError) as fault:
        _end(str(fault))
    click.echo(f"New key {fresh}. Running hubs give it out at once; kiosks take it within the hour.")
    click.echo(f"The old one still opens what is sealed to it. After {OVERLAP.days} days, and once no such evidence is")
    click.echo("left, the hub destroys it.")


_THEN = {
    Role.CERTIFIER: "The officer chooses a PIN for the new key at the console; until then the old one signs.",
    Role.BROKER: "Let the broker read it: send it SIGHUP.",
    Role.HUB: "The hub uses it at its next start.",
    Role.KIOSK: "Put both files on the kiosk; it uses them at its next start.",
}


def _folder(config: Path) -> Path:
    return hub_config.load(config).data_dir / "pki"


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(2)
