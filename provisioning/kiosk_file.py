"""kiosk.toml as technicians change it: comments stay, nothing unfit is written, every version is kept for going back.

Versions lie beside the file in `kiosk.toml.versions/0001.toml …`, with the file's own rights: PINs stand in it, hashed.
"""

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from agent.config import Config, check_options, load
from agent.whole_file import write_whole
from contract.settings import SettingsFault

KEPT = 50
_NEW_MODE = 0o640


class KioskFile:
    """The file at `path`, its versions in `folder`; OSError where the disk or its rights are in the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = path.with_name(path.name + ".versions")

    @property
    def text(self) -> str:
        """What stands there, empty where there is no file."""
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""

    def value(self, key: str) -> Any | None:
        """Return what stands under a key (`hub.port`), None where nothing does; raise SettingsFault."""
        try:
            here: Any = tomlkit.parse(self.text).unwrap()
        except TOMLKitError as fault:
            raise SettingsFault(f"{self.path} is not TOML: {fault}. Correct that line.") from fault
        for name in key.split("."):
            here = here.get(name) if isinstance(here, dict) else None
        return here

    def changed(self, values: Mapping[str, Any]) -> str:
        """Return the text with these values (`hub.port`: 8883), a value of None taken out; raise SettingsFault."""
        try:
            document = tomlkit.parse(self.text)
            for key, value in values.items():
                _put(document, key, value)
        except TOMLKitError as fault:
            raise SettingsFault(f"{self.path} is not TOML: {fault}. Correct that line.") from fault
        return tomlkit.dumps(document)

    def complaint(self, text: str) -> str:
        """Return why a kiosk could not start with this text (the first cause), empty where it could."""
        with tempfile.TemporaryDirectory() as folder:
            trial = Path(folder) / self.path.name
            trial.write_text(text, encoding="utf-8")
            try:
                config = load(trial)
                for section, options in _devices(config):
                    check_options(section, options, base=self.path.parent)
            except SettingsFault as fault:
                return str(fault).replace(str(trial), str(self.path))
        return ""

    def write(self, text: str) -> None:
        """Put the text in the file's place, whole or not at all; what stood there is kept as a version."""
        if self.path.exists():
            if text == self.text:
                return
            self._keep()
        self._replace(self.path, text.encode())

    def versions(self) -> list[Path]:
        """Return what is kept, the newest first."""
        return sorted(self.folder.glob("[0-9]*.toml"), reverse=True)

    def diff(self, other: str) -> str:
        """Return what `other` would change, as a unified diff; empty where nothing."""
        lines = (self.text.splitlines(keepends=True), other.splitlines(keepends=True))
        return "".join(difflib.unified_diff(*lines, fromfile=str(self.path), tofile="changed", n=1))

    def _keep(self) -> None:
        if not self.folder.exists():
            self.folder.mkdir(mode=0o750)
            _own_as(self.path, self.folder)
        there = self.versions()
        number = int(there[0].stem) + 1 if there else 1
        self._replace(self.folder / f"{number:04}.toml", self.path.read_bytes())
        for old in self.versions()[KEPT:]:
            old.unlink()

    def _replace(self, path: Path, content: bytes) -> None:
        part = path.with_name(path.name + ".part")  # write_whole opens what is there: owner and rights are set before
        part.unlink(missing_ok=True)
        part.touch(mode=_NEW_MODE)
        if self.path.exists():
            shutil.copymode(self.path, part)
            _own_as(self.path, part)
        write_whole(path, content)


def _devices(config: Config) -> Iterator[tuple[str, dict[str, Any]]]:
    for section in ("scanner", "printer", "cash", "cashless", "ticket_printer", "cabinet"):
        if (options := getattr(config, section)) is not None:
            yield section, options
    for name, options in config.devices.items():
        yield f"devices.{name}", options


def _own_as(model: Path, path: Path) -> None:
    told = model.stat()
    if os.geteuid() == 0:
        os.chown(path, told.st_uid, told.st_gid)


def _put(document: tomlkit.TOMLDocument, key: str, value: Any) -> None:
    *tables, name = key.split(".")
    here: Any = document
    for table in tables:
        if table not in here:
            here[table] = tomlkit.table()
        here = here[table]
    if value is None:
        here.pop(name, None)
    else:
        here[name] = value
