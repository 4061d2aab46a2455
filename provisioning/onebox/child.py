"""A child process with a log, a sign of readiness, and a death that is noticed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


class ChildFailed(RuntimeError):
    """A process of the set did not start or died; the text shows the end of its log and where the rest lies."""


class Child:
    """One process of the one-machine set; stopped as a group, so that nothing of it is left behind."""

    def __init__(self, name: str, argv: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None) -> None:
        self.name, self.log = name, log
        self._argv, self._env = list(argv), {**os.environ, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; raise ChildFailed where it does not run."""
        if self._process is None:
            raise ChildFailed(f"{self.name} is not running")
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self, ready: Callable[[], bool], *, within_s: float = 30.0) -> None:
        """Start and wait until `ready()`; raise ChildFailed with the log's end."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=self._env,
                start_new_session=True,
            )  # fmt: skip
        self._await(ready, time.monotonic() + within_s)

    def stop(self, *, within_s: float = 5.0) -> None:
        """Ask it to end (SIGTERM), then end it."""
        if self._process is None:
            return
        self.send(signal.SIGTERM)
        try:
            self._process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Pull the plug: SIGKILL to the whole group."""
        self.send(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process and all that it started."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return

    def tail(self, lines: int = 12) -> str:
        """Return the last lines of the log."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _await(self, ready: Callable[[], bool], until: float) -> None:
        while not ready():
            if not self.alive:
                raise ChildFailed(f"{self.name} ended while starting. Its last words ({self.log}):\n{self.tail()}")
            if time.monotonic() > until:
                self.kill()
                raise ChildFailed(f"{self.name} did not become ready in time. Its log ({self.log}):\n{self.tail()}")
            time.sleep(0.03)


def port_open(port: int) -> bool:
    """Return whether something listens on this local TCP port."""
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a local TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
