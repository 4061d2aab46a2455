"""The publisher: this project's own wheels under other versions, good and bad ones, made a repository by `tram`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract.ids import sha256_hex
from provisioning.onebox.box import TRAM
from tests.prove.update.publisher import Publisher

ARCH = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()
_WORK = Path("build/deb") / f"kiosk-bookworm-{ARCH}"
"""Where build.sh made the package."""
_SOURCE, _ROOT = _WORK / "source", _WORK / "root"
_MODEL, _MANIFEST = "models/face_embedding.tflite", "models/manifest.toml"

Edits = Mapping[str, str]
"""What is appended to which file of the program."""

NOTE: Edits = {"agent/update/__init__.py": "\n# another version\n"}
CRASHES: Edits = {
    "agent/kiosk.py": "\nasync def run(path):  # type: ignore\n    raise RuntimeError('this release crashes')\n"
}
HANGS: Edits = {"agent/kiosk.py": "\nasync def run(path):  # type: ignore\n    import time\n    time.sleep(1e6)\n"}
RED: Edits = {
    "agent/devices/board.py": """
_true = Board.statuses
async def _statuses(self, devices):
    broken = DeviceStatus(state=DeviceState.DOWN, detail="this release's driver does not work", remedy="None.")
    return await _true(self, devices) | {"printer": broken}
Board.statuses = _statuses
"""
}
"""It starts, answers, is online, and its printer is down."""


@dataclass(slots=True)
class Releases:
    """One repository in `folder`/repository, offered by `tram release publish`."""

    folder: Path
    number: int = 0
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.publisher = Publisher(self.folder)

    @property
    def repository(self) -> Path:
        """The repository's folder."""
        return self.publisher.repository

    def package(self, version: str) -> Path:
        """Build the Debian package that brings this publisher's root."""
        root = self.repository / "metadata" / "1.root.json"
        argv = ["bash", "systemd/deb/build.sh", ARCH, version]
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"ROOT": str(root)})
        return Path(f"build/tram-kiosk_{version}_{ARCH}.deb").resolve()

    def publish(self, version: str, edits: Edits = NOTE, *, model: bool = False) -> int:
        """Offer a release; return how many bytes a kiosk without any of it would have to fetch."""
        self.number += 1
        app, wheels = self._wheel(version, edits, model=model), self._wheels()
        keys = ("--key", self.publisher.key("targets"), "--online", self.publisher.key("online"), "--passphrase", "")
        _tram("release", "publish", self.repository, "--app", app, "--wheels", wheels, "--number", self.number, *keys)
        return app.stat().st_size + sum(each.stat().st_size for each in wheels.iterdir())

    def _wheels(self) -> Path:
        """Return the packages' wheels, as they lie in the Debian package."""
        folder = self.folder / "packages"
        if not folder.exists():
            folder.mkdir()
            for wheel in (_ROOT / "usr/lib/tram/wheels").glob("*.whl"):
                if not wheel.name.startswith("tram-"):
                    shutil.copy(wheel, folder)
        return folder

    def _wheel(self, version: str, edits: Edits, *, model: bool) -> Path:
        source = self.folder / "source"
        shutil.rmtree(source, ignore_errors=True)
        shutil.copytree(_SOURCE, source, ignore=shutil.ignore_patterns("build", "*.egg-info"))
        settings = source / "pyproject.toml"
        lines = settings.read_text().splitlines()
        settings.write_text(
            "\n".join(f'version = "{version}"' if each.startswith("version =") else each for each in lines)
        )
        for name, text in edits.items():
            with (source / name).open("a", encoding="utf-8") as file:
                file.write(text)
        if model:
            _retrain(source)
        argv = [sys.executable, "-m", "pip", "wheel", "-qq", "--disable-pip-version-check", "--no-deps", "--no-index",
                "--no-build-isolation", "-w", self.folder / "app", source]  # fmt: skip
        subprocess.run(argv, check=True)
        return next((self.folder / "app").glob(f"tram-{version}-*.whl"))


def _retrain(source: Path) -> None:
    """Let one weight be another file of the same use, listed as such."""
    path, manifest = source / _MODEL, source / _MANIFEST
    before = sha256_hex(path.read_bytes())
    with path.open("ab") as file:
        file.write(b"\0" * 16)  # a flatbuffer ends where it says
    manifest.write_text(manifest.read_text().replace(before, sha256_hex(path.read_bytes())))


def _tram(*words: object) -> None:
    subprocess.run([TRAM, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
