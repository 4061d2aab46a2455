"""The kiosk.toml of a kiosk of simulated devices, for tests that run the agent or a verb of `tram` on it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from hub.signing.pki import TlsFiles
from provisioning.onebox.child import free_port

Options = Mapping[str, Any]

ABSENT_PRINTER: Options = {"class": "agent.devices.page_printer.IppPrinter", "uri": "ipp://127.0.0.1:9/ipp/print"}
_IN_COMMON: Mapping[str, Options] = {
    "kiosk": {
        "id": "kiosk-01", "site": "UBND phường Mẫu", "province": "Hà Nội", "folder": "var",
        "legal_mode": "STAFFED_AT_OFFICE", "presented": "COUNTER",
    },
    "hub": {"host": "127.0.0.1", "public_url": "https://tram.example.vn"},
    "screen": {},
}  # fmt: skip
_DEVICES: Mapping[str, Options] = {
    "scanner": {"class": "agent.devices.scanner.FolderScanner", "pages": [], "config_dir": "sane"},
    "printer": {"class": "agent.devices.page_printer.SimulatedPagePrinter"},
    "cash": {"class": "agent.devices.cash.SimulatedCash", "path": "cash.json"},
}


def written(folder: Path, **sections: Options) -> Path:
    """Write `folder`/kiosk.toml and return its path.

    [kiosk], [hub] and [screen] have these options besides those of every test; any other section stands instead of the
    one of this name. Where no port is given, nobody listens at the broker's, and the screen's is free.
    """
    common = {name: {**options, **sections.pop(name, {})} for name, options in _IN_COMMON.items()}
    for name in ("hub", "screen"):
        common[name].setdefault("port", free_port())
    path = folder / "kiosk.toml"
    path.write_text(tomlkit.dumps({**common, **_DEVICES, **sections}), encoding="utf-8")
    return path


def shown(files: TlsFiles) -> dict[str, str]:
    """Return the options of [hub] for what an enrolled kiosk shows to its hub."""
    return {"ca": str(files.authority), "certificate": str(files.certificate), "key": str(files.key)}
