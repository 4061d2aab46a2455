"""`tram catalogue`: make the key that catalogues of procedures are signed with, build one, publish it at the hub.

Kiosks take it by the job `update-catalogue`, if their [guide] key is this key's public half and the version is higher.
"""

import sys
from pathlib import Path
from typing import NoReturn

import click
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import catalogue as catalogues
from contract.catalogue import ORIGIN_PATH, CatalogueWrong
from contract.clock import VIETNAM, SystemClock
from contract.note import LogKey, LogSigner, NoteWrong
from hub import config as hub_config
from hub.faults import HubFault
from hub.fleet import catalogue as published
from hub.signing.credentials import write_private
from provisioning import catalogue_crawl
from provisioning.options import hub_file

_FILE = click.Path(path_type=Path, dir_okay=False)
DEFAULT_NAME = "tram"
_NAME = click.option(
    "--name", default=DEFAULT_NAME, show_default=True, help="Whose catalogue it is: the host of the hub."
)
_KEY = click.option("--key", type=_FILE, required=True, help="The private key that `tram catalogue key` made.")


@click.group()
def catalogue() -> None:
    """The catalogue of procedures that the guide answers from."""


@catalogue.command()
@click.argument("file", type=_FILE)
@_NAME
def key(file: Path, name: str) -> None:
    """Make a private key in FILE, and print the line for [guide] key of every kiosk.toml."""
    if file.exists():
        _end(f"{file} is there already. A key is made once: kiosks trust it until their kiosk.toml is changed.")
    click.echo(made_key(file, name))


@catalogue.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@_KEY
@_NAME
@click.option("--number", "version", type=click.IntRange(min=2), required=True, help="Its version, higher than before.")
@click.option("--official", is_flag=True, help="Of a crawl: take the official words, also where we have own ones.")
@click.option("--out", type=_FILE, required=True)
def build(source: Path, key: Path, name: str, version: int, official: bool, out: Path) -> None:
    """Build and sign a package of SOURCE: a folder like contract/procedures, or a crawl of the portal (JSON lines)."""
    today = SystemClock().now().astimezone(VIETNAM).date()
    try:
        if source.is_dir():
            made = catalogues.stamped(catalogues.read(source), version=version, on=today)
        else:
            made = catalogue_crawl.read(source, version=version, on=today, own_words=not official)
        out.write_bytes(catalogues.packed(made, LogSigner(name=name + ORIGIN_PATH, key=_private(key))))
    except (CatalogueWrong, OSError) as fault:
        _end(str(fault))
    click.echo(f"{out}: version {version}, {len(made.procedure)} procedures, {out.stat().st_size} bytes.")


@catalogue.command()
@click.argument("package", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--signed-by", required=True, help="The public key, as in [guide] key.")
@hub_file()
def publish(package: Path, signed_by: str, config: Path) -> None:
    """Let the hub hand out PACKAGE; kiosks take it when `update-catalogue` is asked of them."""
    try:
        folder = hub_config.load(config).data_dir
        fresh = published.publish(folder, package.read_bytes(), LogKey.parse(signed_by))
    except (CatalogueWrong, NoteWrong, HubFault, OSError) as fault:
        _end(str(fault))
    click.echo(f"Version {fresh.version} is published. Ask kiosks for update-catalogue at the console.")


def made_key(file: Path, name: str = DEFAULT_NAME) -> LogKey:
    """Return the public half of a private key that is made in `file` now."""
    made = Ed25519PrivateKey.generate()
    plain = serialization.NoEncryption()
    write_private(file, made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return LogSigner(name=name + ORIGIN_PATH, key=made).public


def _private(file: Path) -> Ed25519PrivateKey:
    try:
        made = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError) as fault:
        _end(f"The key {file} can't be read: {fault}.")
    if not isinstance(made, Ed25519PrivateKey):
        _end(f"The key {file} is no Ed25519 key; make one with `tram catalogue key`.")
    return made


def _end(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(1)
