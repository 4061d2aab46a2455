"""`tram hub officer` and `tram hub kiosk`: people and kiosks in hub.toml, which the hub takes over at each start."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from contract.messages import LegalMode
from contract.settings import SettingsFault
from hub.console.sessions import hash_password
from hub.faults import HubFault
from hub.roster import Role
from provisioning.hub_setup.file import HubFile
from provisioning.options import hub_file

_BAD = 2
_SHORTEST_PASSWORD = 12
_CONFIG = hub_file()
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("login")
@click.option("--name", help="As on the copies that he certifies.")
@click.option("--title", help="As on the copies that he certifies.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), help="What he may do.")
@click.option("--authority-document", help="What gives a certifier his authority (number of the decision).")
@click.option("--valid-from", type=_DAY, help="The first day of a certifier's authority.")
@click.option("--valid-to", type=_DAY, help="The last day of it.")
@click.option("--password", envvar="TRAM_OFFICER_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
@_CONFIG
def officer(
    login: str,
    name: str | None,
    title: str | None,
    role: str | None,
    authority_document: str | None,
    valid_from: datetime | None,
    valid_to: datetime | None,
    password: str,
    config: Path,
) -> None:
    """Enter the person LOGIN; who is there already gets the new password, and what else is given."""
    if len(password) < _SHORTEST_PASSWORD:
        _end(f"A password has at least {_SHORTEST_PASSWORD} characters.")
    given: dict[str, Any] = {
        "login": login,
        "password_hash": hash_password(password),
        "name": name,
        "title": title,
        "role": role,
        "authority_document": authority_document,
        "valid_from": valid_from and valid_from.date(),
        "valid_to": valid_to and valid_to.date(),
    }
    _enter(HubFile(config), "officers", "login", given)


@click.command()
@click.argument("id_", metavar="ID")
@click.option("--site", help="Where it stands.")
@click.option("--ward", help="What the fleet is seen by, where several wards share a hub.")
@click.option("--legal-mode", type=click.Choice([str(mode) for mode in LegalMode]), help="What it may do.")
@click.option("--legal-decision", help="Number of the decision that permits a remote pilot.")
@_CONFIG
def kiosk(
    id_: str, site: str | None, ward: str | None, legal_mode: str | None, legal_decision: str | None, config: Path
) -> None:
    """Enter the kiosk ID, or change what is given; a ticket for its enrolment is then made at the console."""
    given = {"id": id_, "site": site, "ward": ward, "legal_mode": legal_mode, "legal_decision": legal_decision}
    _enter(HubFile(config), "kiosks", "id", given)


def _enter(file: HubFile, array: str, key: str, given: dict[str, Any]) -> None:
    values = {name: value for name, value in given.items() if value is not None}
    try:
        changed = file.enter(array, key, values)
    except (HubFault, SettingsFault) as fault:
        _end(f"Nothing was changed: {fault}")
    except OSError as fault:
        _end(f"{file.path} can't be written: {fault.strerror}. `tram hub init` makes it; run this as root.")
    click.echo(f"{values[key]} is {'changed' if changed else 'entered'}. The hub takes it over at its next start:")
    click.echo("systemctl restart tram-hub")


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD)
