"""Options that several verbs of `tram` share: where a kiosk's and a hub's file lie unless somebody says otherwise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

KIOSK_FILE = Path("/etc/tram/kiosk.toml")
HUB_FILE = Path("/etc/tram/hub.toml")


def kiosk_file(name: str = "config") -> Callable[[Any], Any]:
    """Return the option `--config` of a verb of the kiosk, given to its function as the argument `name`."""
    return _file(name, KIOSK_FILE, "The kiosk's file.")


def hub_file(name: str = "config") -> Callable[[Any], Any]:
    """Return the option `--config` of a verb of the hub, given to its function as the argument `name`."""
    return _file(name, HUB_FILE, "The hub's file.")


def _file(name: str, default: Path, text: str) -> Callable[[Any], Any]:
    return click.option(
        "--config", name, type=click.Path(path_type=Path), default=default, show_default=True, help=text
    )
