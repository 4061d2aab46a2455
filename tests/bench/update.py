"""What an update costs over the wire: the real program, a mirror that counts, the kiosk's own way of gathering.

`python -m tests.bench.update --wheels FOLDER`: the packages' wheels as `pip download -r …` leaves them. With
`--build` the other slot is built as well, and the program in it checks itself.
"""

import argparse
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from agent.update.building import build
from agent.update.fetching import Wire
from agent.update.release import FILE, Release
from agent.update.releases import Releases
from agent.update.slots import Slots
from agent.update.store import Store
from contract.clock import SystemClock
from provisioning.releasing import packing
from provisioning.releasing.packing import Parts
from tests.prove.update.mirror import Mirror
from tests.prove.update.publisher import Publisher

MODULE, MODEL = "agent/journeys/recovery.py", "models/line_reader.tflite"
Change = Callable[[str, bytes], bytes]


@dataclass(slots=True, kw_only=True)
class Bench:
    """A publisher, a mirror that counts, and a kiosk's store."""

    folder: Path
    wheels: Path
    app: Path
    publisher: Publisher
    kiosk: Path

    def publish(self, version: str, change: Change) -> Release:
        """Publish the program with a change, under another version."""
        changed = self.folder / f"tram-{version}-py3-none-any.whl"
        old = self.app.name.split("-")[1]
        with zipfile.ZipFile(self.app) as before, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after:
            for member in before.namelist():
                content = change(member, before.read(member))
                if member.endswith("/METADATA"):
                    content = content.replace(f"\nVersion: {old}\n".encode(), f"\nVersion: {version}\n".encode())
                after.writestr(member.replace(f"tram-{old}.dist-info", f"tram-{version}.dist-info"), content)
        self.publisher.number += 1
        parts = Parts(
            app=changed, wheels=tuple(self.wheels.glob("*.whl")), platform=sysconfig.get_platform(),
            python=sysconfig.get_python_version(),
        )  # fmt: skip
        made = packing.pack(self.publisher.repository, parts, self.publisher.number, SystemClock().now())
        self.publisher.store.publish(made)
        return made

    def fetched(self, version: str) -> tuple[Release, dict[str, int]]:
        """Let the kiosk gather a release; return the release and the bytes of metadata, list and objects."""
        mirror = Mirror(folder=self.publisher.repository)
        served = mirror.serve()
        try:
            with httpx.Client() as client:
                wire = Wire(served.url, client, SystemClock())
                releases = Releases(wire, self.kiosk / "metadata", self.publisher.first_root)
                releases.refresh()
                release = releases.find(version)
                self.store.gather(release, wire, lambda *_: None)
        finally:
            served.close()
        sent = {
            kind: sum(size for path, size in mirror.sent.items() if path.startswith(kind))
            for kind in ("metadata", "objects")
        }
        return release, sent | {"list": sum(size for path, size in mirror.sent.items() if path.endswith(FILE))}

    @property
    def store(self) -> Store:
        """The kiosk's store."""
        return Store(folder=self.kiosk / "store", site=Path("/none"), wheels=Path("/none"))


def _changing(path: str, how: Change = lambda _, content: content + b"\n") -> Change:
    return lambda member, content: how(member, content) if member == path else content


def _built(folder: Path) -> Path:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        folder,
        ".",
    ]
    subprocess.run(command, check=True)
    return next(folder.glob("tram-*.whl"))


def main() -> None:
    """Run the command."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--wheels", type=Path, required=True)
    arguments.add_argument("--build", action="store_true")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = Bench(
            folder=folder, wheels=chosen.wheels, app=_built(folder / "app"), publisher=Publisher(folder / "publisher"),
            kiosk=folder / "kiosk",
        )  # fmt: skip
        steps: list[tuple[str, Change]] = [
            ("the whole program, nothing there", lambda _, content: content),
            (f"one module changed ({MODULE})", _changing(MODULE)),
            (f"one model changed ({MODEL})", _changing(MODEL)),
        ]
        first: Release | None = None
        for number, (what, change) in enumerate(steps, start=1):
            bench.publish(f"1.{number}", change)
            release, sent = bench.fetched(f"1.{number}")
            total = sum(sent.values())
            print(f"{total:>12,} B  {what}: " + " + ".join(f"{size:,} {kind}" for kind, size in sent.items()))
            first = first or release
        assert first
        print(f"{len(first.files)} files, {len(first.wheels)} packages, {first.installed_bytes:,} B unpacked")
        if chosen.build:
            slots, began_s = Slots(bench.kiosk), time.monotonic()
            build(slots, "b", first, bench.store)
            print(f"slot built and checked by its own program in {time.monotonic() - began_s:.0f} s")


if __name__ == "__main__":
    main()
