"""A child process with a log, a sign of readiness, and a death that is noticed."""

import fcntl
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO


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

    def wait_until(self, true: Callable[[], bool], *, within_s: float = 30.0) -> None:
        """Wait for a condition while the process lives; raise ChildFailed where it does not come to be in time."""
        until = time.monotonic() + within_s
        while self.alive and not true():
            if time.monotonic() > until:
                raise ChildFailed(f"{self.name} did not do what it was told. Its log ({self.log}):\n{self.tail()}")
            time.sleep(0.01)

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


_PORTS = range(20_000, 32_000)
"""Below those that the kernel gives to outgoing connections (32768 and up): none of them takes one meanwhile."""
_given: set[int] = set()


def free_port() -> int:
    """Return a local TCP port on which nothing listens, and which nobody else is given until this process ends."""
    for port in random.sample(_PORTS, len(_PORTS)):
        if port not in _given and _reserved(port) and _is_free(port):
            _given.add(port)
            return port
    raise ChildFailed(f"no port between {_PORTS.start} and {_PORTS.stop} is free")


@cache
def _reservations() -> IO[bytes]:
    return (Path(tempfile.gettempdir()) / f"tram-ports-{os.getuid()}").open("ab")


def _reserved(port: int) -> bool:
    """Return whether the port is now this process's: its byte of the common file is locked until the process ends."""
    try:
        fcntl.lockf(_reservations(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
