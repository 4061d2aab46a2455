"""`tram hub init`: file, database, keys and broker of a new hub. What is there already stays; a second run goes on."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from contract.clock import SystemClock
from contract.enrolment import for_the_eye
from contract.settings import SettingsFault
from hub.app import open_pki
from hub.config import HubConfig
from hub.faults import HubFault
from hub.register.certificates import fingerprint
from hub.signing.faults import SigningFault
from hub.store.address import name_on_this_machine
from provisioning.hub_setup import database, debian_broker
from provisioning.hub_setup.database import DatabaseMissing
from provisioning.hub_setup.file import HubFile
from provisioning.options import hub_file

USER = "tram-hub"
_BAD = 2
_LOCAL_DATABASE = f"postgresql+psycopg:///{USER}?host=/run/postgresql"
_NEXT = """\
Next:
  tram hub officer LOGIN …      who decides papers, and who runs kiosks (--role operator); --help says more
  tram hub kiosk ID …           each kiosk, before it enrols
  systemctl restart tram-hub    the hub takes them over
Console and public pages answer at {where}. A web server with TLS belongs in front: {public}
Keep a backup from today on: {data} and the database are one."""


@click.command()
@hub_file()
@click.option("--agency", help="The agency's name, as on its papers.")
@click.option("--code", help="Its code (QĐ 20/2020/QĐ-TTg), H26.1.23.")
@click.option("--place", help="The place in its dates (Hà Nội, ngày …).")
@click.option("--province", help="Its province.")
@click.option("--contact", default="", help="Address and telephone, for the public's page.")
@click.option("--host", help="This machine's name as kiosks and citizens reach it.")
@click.option("--database", "url", default=_LOCAL_DATABASE, show_default=True, help="Empty: SQLite.")
def init(
    config: Path,
    agency: str | None,
    code: str | None,
    place: str | None,
    province: str | None,
    contact: str,
    host: str | None,
    url: str,
) -> None:
    """Make this machine a hub; run it as root. What is not given is asked for; a second run goes on where one failed.

    Exit code 0: ready to start. 2: why not.
    """
    file = HubFile(config)
    try:
        if file.path.exists():
            click.echo(f"{config} is there already and stays as it is.")
        else:
            asked = {
                "agency.name": agency or click.prompt("Agency's name"),
                "agency.code": code or click.prompt("Its code (H26.1.23)"),
                "agency.place": place or click.prompt("Place in its dates (Hà Nội)"),
                "agency.province": province or click.prompt("Province"),
                "agency.contact": contact,
            }
            file.begin(asked | _addresses(host or click.prompt("This machine's name (tram.example.vn)"), url))
            click.echo(f"{config} is written.")
        _make_ready(file.load())
    except (HubFault, SigningFault, SettingsFault, DatabaseMissing) as fault:
        _end(str(fault))
    except OSError as fault:
        _end(f"{fault.filename or config} can't be written: {fault.strerror}. Run it as root (sudo tram hub init).")


def _addresses(host: str, url: str) -> dict[str, str]:
    return {
        "database": url,
        "verify_base_url": f"https://{host}/v",
        "enrolment.address": f"{host}:8443",
        "enrolment.broker": f"{host}:8883",
    }


def _make_ready(config: HubConfig) -> None:
    if name := name_on_this_machine(config.database):
        made = database.ensure(name, USER)
        click.echo("The database is made." if made else "The database is there already and stays as it is.")
    pki = open_pki(config, SystemClock())
    give_to_its_user(config.data_dir)
    click.echo(f"The keys lie in {config.data_dir / 'pki'}. Kiosks know this hub by the fingerprint")
    click.echo(f"  {for_the_eye(fingerprint(pki.broker.authority))}")
    debian_broker.write(config.mqtt.port)
    if complaint := debian_broker.start():
        click.echo(f"The broker does not start yet: {complaint}", err=True)
    else:
        click.echo(f"The broker listens for kiosks on port {config.mqtt.port}.")
    data, where = config.data_dir, f"http://{config.http.host}:{config.http.port}/console"
    click.echo(_NEXT.format(where=where, public=config.public_url, data=data))


def give_to_its_user(folder: Path) -> None:
    """Let what root made belong to whom the folder belongs to, the hub's user."""
    owner = folder.stat()
    if os.geteuid() == 0:
        for path in folder.rglob("*"):
            os.chown(path, owner.st_uid, owner.st_gid)


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(_BAD)
