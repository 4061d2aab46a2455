"""hub.toml as commands change it: comments stay, and nothing is written that the hub would refuse."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from contract.settings import SettingsFault
from hub import config as hub_config
from hub.config import HubConfig
from hub.faults import HubFault
from hub.signing.credentials import write_whole

_TEMPLATE = Path(__file__).with_name("hub.toml")
_MODE = 0o640


class HubFile:
    """The file at `path`; OSError where the disk or its rights are in the way."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> HubConfig:
        """Return what the hub reads there; raise ConfigInvalid."""
        return hub_config.load(self.path)

    def begin(self, values: Mapping[str, Any]) -> None:
        """Write the first file: the template with these values (`agency.name`: …); raise SettingsFault."""
        document = tomlkit.parse(_TEMPLATE.read_text(encoding="utf-8"))
        for key, value in values.items():
            *tables, name = key.split(".")
            here: Any = document
            for table in tables:
                here = here[table]
            here[name] = value
        self._write(document)

    def take(self, other: Path) -> None:
        """Write what stands in another file; raise SettingsFault."""
        self._write(HubFile(other)._document())

    def enter(self, array: str, key: str, values: Mapping[str, Any]) -> bool:
        """Put an entry into an array of tables, or these values into the one with the same `key`.

        Return whether it was there. Raise SettingsFault where the hub would refuse the file then.
        """
        document = self._document()
        entries: Any = document.setdefault(array, tomlkit.aot())
        there = next((each for each in entries if each.get(key) == values[key]), None)
        if there is None:
            entries.append(tomlkit.item(dict(values)))
        else:
            there.update(values)
        self._write(document)
        return there is not None

    def _document(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.path.read_text(encoding="utf-8"))
        except TOMLKitError as fault:
            raise SettingsFault(f"{self.path} is not TOML: {fault}. Correct that line.") from fault

    def _write(self, document: tomlkit.TOMLDocument) -> None:
        text = re.sub(r"(?<!\n)\n\[\[", "\n\n[[", tomlkit.dumps(document))
        with tempfile.TemporaryDirectory() as folder:
            trial = Path(folder) / self.path.name
            trial.write_text(text, encoding="utf-8")
            try:
                hub_config.load(trial)
            except HubFault as fault:
                raise SettingsFault(fault.cause.removeprefix(f"{trial}: ")) from fault
        write_whole(self.path, text.encode(), mode=_MODE)
        if os.geteuid() == 0:  # the folder's group is the hub's: it may read, root alone writes
            os.chown(self.path, 0, self.path.parent.stat().st_gid)
