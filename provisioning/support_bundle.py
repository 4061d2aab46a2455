"""`tram support-bundle`: what a technician sends to whoever looks for a fault, with nothing of the people served.

In: the doctor's findings, kiosk.toml without persons and secrets, the log with numbers and addresses struck out, facts
of the machine. Out, whatever happens: wishes, papers, names, PINs, keys (see `agent.upkeep.bundle` for the log's rule).
"""

import asyncio
import json
import platform
import sys
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import click

from agent.config import load
from agent.ledger.faults import LedgerFault
from agent.upkeep import logbook
from agent.upkeep.bundle import without_persons
from contract.clock import SystemClock
from contract.settings import SettingsFault
from provisioning.doctor import Wish, as_plain, examine
from provisioning.options import kiosk_file

_LEFT_OUT = ("collectors", "staff", "help_phone", "pin", "key", "token", "password")
_MEMORY = Path("/proc/meminfo")


@click.command("support-bundle")
@kiosk_file("path")
@click.option("--into", type=click.Path(path_type=Path), default=Path(), help="The folder of the bundle.")
def support_bundle(path: Path, into: Path) -> None:
    """Write a ZIP for whoever looks for a fault from afar; it holds nothing of the people served."""
    try:
        config = load(path)
        finding = as_plain(config, asyncio.run(examine(config, path.parent, Wish())))
    except (SettingsFault, LedgerFault) as fault:
        finding = {"fault": str(fault)}
    parts = {
        "doctor.json": _json(finding),
        "kiosk.json": _json(without_secrets(_file(path))),
        "machine.json": _json(_machine()),
        "agent.log": _log(path),
    }
    name = into / f"support-{SystemClock().now():%Y%m%dT%H%M%S}.zip"
    try:
        into.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as bundle:
            for part, text in parts.items():
                bundle.writestr(part, without_persons(text))
    except OSError as fault:
        click.echo(f"{name} can't be written: {fault.strerror}.", err=True)
        sys.exit(2)
    click.echo(f"{name}  {name.stat().st_size:,} bytes: {', '.join(parts)}")


def without_secrets(value: Any) -> Any:
    """Return a tree of settings without persons and secrets; a path to a key is none."""
    if isinstance(value, dict):
        return {key: without_secrets(each) for key, each in value.items() if not _is_secret(key, each)}
    return [without_secrets(each) for each in value] if isinstance(value, list) else value


def _is_secret(key: str, value: object) -> bool:
    is_path = isinstance(value, str) and value.endswith((".pem", ".key"))
    return not is_path and any(word in key for word in _LEFT_OUT)


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        return {"fault": type(fault).__name__}


def _log(path: Path) -> str:
    folder = _file(path).get("kiosk", {}).get("folder", "")
    try:
        return logbook.read(path.parent / folder)
    except OSError as fault:
        return f"no log: {fault.strerror}"


def _machine() -> dict[str, Any]:
    installed = sorted(f"{each.name} {each.version}" for each in distributions())
    memory = _MEMORY.read_text().splitlines()[:3] if _MEMORY.exists() else []
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "memory": memory,
        "installed": installed,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)
