"""The browser's watchdog is fed while its page is drawn, and while no agent could tell; what hangs starves."""

import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from shutil import copy
from threading import Thread

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "systemd/screen-watch"
LOOK_S = 0.05


@dataclass
class Agent:
    """What answers at the screen's port: `drawn` is the code of its answer."""

    drawn: int = 204
    asked: list[str] = field(default_factory=list)

    def serve(self) -> HTTPServer:
        agent = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                agent.asked.append(self.path)
                self.send_response(agent.drawn)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Nobody reads it."""

        server = HTTPServer(("127.0.0.1", 0), Answer)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server


class Watch:
    """The script beside a browser that is a shell command, and systemd's end of the notifications."""

    def __init__(self, folder: Path, browser: str, port: int) -> None:
        copy(SOURCE, folder)
        (folder / "browser").write_text(f"#!/bin/sh\n{browser}\n")
        (folder / "browser").chmod(0o755)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self._socket.settimeout(10)
        environment = {
            "PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": str(folder / "notify"), "SCREEN_PORT": str(port),
            "SCREEN_LOOK_S": str(LOOK_S),
        }  # fmt: skip
        self.process = subprocess.Popen([folder / SOURCE.name, "file:///page"], env=environment)

    def is_fed(self, within_s: float = 10.0) -> bool:
        """Return whether the watchdog is fed within that time from now on."""
        self._socket.settimeout(0.001)
        try:
            while True:
                self._socket.recv(4096)
        except TimeoutError:
            self._socket.settimeout(within_s)
        try:
            while b"WATCHDOG=1" not in self._socket.recv(4096):
                pass
        except TimeoutError:
            return False
        return True

    def end(self) -> None:
        self.process.kill()
        self.process.wait(10)
        self._socket.close()


@pytest.fixture
def agent() -> Agent:
    return Agent()


@pytest.fixture
def port(agent: Agent) -> Iterator[int]:
    server = agent.serve()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_page_that_is_drawn_feeds_and_one_that_is_not_starves(tmp_path: Path, agent: Agent, port: int) -> None:
    watch = Watch(tmp_path, "exec sleep 60", port)
    try:
        assert watch.is_fed()
        agent.drawn = 503
        time.sleep(4 * LOOK_S)  # what was asked before has been answered
        assert not watch.is_fed(within_s=1.0)
        assert len(agent.asked) > 4 and set(agent.asked) == {"/page/drawn"}
        agent.drawn = 204
        assert watch.is_fed()
        agent.drawn = 404  # a version of the agent that does not tell
        assert watch.is_fed()
    finally:
        watch.end()


def test_while_no_agent_answers_the_browser_is_left_alone(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # nobody listens
        watch = Watch(tmp_path, "exec sleep 60", free.getsockname()[1])
        try:
            assert watch.is_fed() and watch.is_fed()
        finally:
            watch.end()


def test_it_ends_at_once_as_the_browser_ended(tmp_path: Path, port: int) -> None:
    watch = Watch(tmp_path, '[ "$1" = file:///page ] || exit 3; exit 7', port)
    try:
        assert watch.process.wait(10) == 7
    finally:
        watch.end()
