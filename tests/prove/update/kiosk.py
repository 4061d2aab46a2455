"""A kiosk around the updater: what systemd and the agent do, in as few lines, and people who come and go."""

import os
import random
import signal
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec

from agent.update import building, lease, progress
from agent.update.place import Place
from agent.update.progress import ON_TRIAL, Phase, Wish
from agent.update.release import Release
from agent.update.slots import Slots
from agent.update.store import Store
from agent.whole_file import write_whole
from contract.clock import SystemClock
from provisioning.onebox.child import free_port
from tests.clock_reports import believable

LOOK_S = 0.01


class Kiosk:
    """The stand-ins for systemd (starts `current` again and again, or anew when asked) and for the agent.

    A visit begins only while no lease may hold and no version is on trial; `hurt` counts visits that a restart hit.
    """

    def __init__(self, folder: Path, memory: Path, seed: int = 1) -> None:
        """Keep on `folder` what a kiosk has on its disk, in `memory` what it has in /run."""
        self.place = Place(
            root=folder / "opt", folder=folder / "var", run=memory / "run", wheels=memory / "none",
            clock_report=memory / "synchronized",
        )  # fmt: skip
        for each in (self.place.root, self.place.folder, self.place.run):
            each.mkdir(parents=True, exist_ok=True)
        believable(self.place.clock_report)
        self.slots, self.port, self.clock = Slots(self.place.root), free_port(), SystemClock()
        self.hurt = self.visits = 0
        self._random, self._over = random.Random(seed), threading.Event()
        self._program: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._visit_until = 0.0
        self.job = ""

    def install(self, release: Release, objects: Path) -> None:
        """Put the first version into slot a, as the package would."""
        store = Store(folder=self.place.store, site=Path("/none"), wheels=Path("/none"))
        self.place.store.mkdir()
        for each in release.contents:
            store.path(each).write_bytes((objects / each.sha256[:2] / each.sha256).read_bytes())
        building.build(self.slots, "a", release, store)
        (self.place.root / "current").symlink_to("slots/a")
        (self.place.root / "kept").symlink_to("slots/a")

    def want(self, version: str, job: str, lasts_s: float = 600) -> None:
        """Ask for a release, as the agent does for a job."""
        self.job = job
        wish = Wish(job=job, release=version, until=datetime.now(UTC) + timedelta(seconds=lasts_s))
        write_whole(self.place.wish, msgspec.json.encode(wish))

    def start(self) -> None:
        """Boot."""
        self._over.clear()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def power_cut(self) -> None:
        """Stop everything at once; what lay in memory and /run is gone."""
        self._over.set()
        if self._thread:
            self._thread.join()
        self._kill()
        for path in self.place.run.iterdir():
            path.unlink()
        self._visit_until = 0.0

    def version_that_answers(self, within_s: float = 10) -> str:
        """Return the version that runs, empty where none comes up in time."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            try:
                return str(httpx.get(f"http://127.0.0.1:{self.port}/status", timeout=2).json()["version"])
            except httpx.HTTPError:
                time.sleep(0.02)
        return ""

    def _live(self) -> None:
        while not self._over.is_set():
            if self.place.restart.exists():
                self.place.restart.unlink()
                self.hurt += time.monotonic() < self._visit_until
                self._kill()
            if self._program is None or self._program.poll() is not None:
                self._program = self._started()
            self._serve()
            self._over.wait(LOOK_S)

    def _serve(self) -> None:
        """Let a visit begin, or give leave to switch: the rule of agent/upkeep/program_update.py."""
        if time.monotonic() < self._visit_until:
            return
        leased = lease.remaining_s(self.place.lease, self.job, self.clock) > 0
        phase = progress.read(self.place.progress).phase
        if phase is Phase.STAGED:
            if not leased and self._random.random() < 0.5:
                self._visit()
            else:
                lease.grant(self.place.lease, self.job, self.clock)
        elif not leased and phase not in ON_TRIAL and self._random.random() < 0.1:
            self._visit()

    def _visit(self) -> None:
        self.visits += 1
        self._visit_until = time.monotonic() + self._random.uniform(0.02, 0.2)

    def _started(self) -> subprocess.Popen[bytes] | None:
        command = self.place.root / "current" / "bin" / "tram"
        try:
            return subprocess.Popen(
                [str(command), str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                preexec_fn=os.setpgrp,
            )  # fmt: skip
        except OSError:
            return None

    def _kill(self) -> None:
        if self._program:
            self._program.send_signal(signal.SIGKILL)
            self._program.wait()
            self._program = None
