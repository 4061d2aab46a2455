"""The agent as a process: it starts without a broker, ends when asked, and says in a sentence why it can't start."""

import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from contract.clock import SystemClock
from hub.signing.pki import ensure
from tests import kiosk_toml
from tests.kiosk_screen import called, handshake

pytestmark = pytest.mark.xdist_group("agent process")
TRAM = Path(sys.executable).with_name("tram")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The PEM files of an enrolled kiosk."""
    pki = ensure(tmp_path_factory.mktemp("pki") / "pki", SystemClock(), agency="UBND phường Mẫu", certifiers=())
    return kiosk_toml.shown(pki.issue_kiosk("kiosk-01"))


@pytest.fixture
def config(tmp_path: Path, tls: dict[str, str]) -> Path:
    """The kiosk.toml of an agent whose broker is not there."""
    return written(tmp_path, tls)


def written(folder: Path, tls: dict[str, str], *, port: int | None = None, **hub: str) -> Path:
    """Write a kiosk.toml whose broker is not there."""
    screen = {"port": port} if port else {}
    own_clock, printer = {"own_clock": True}, kiosk_toml.ABSENT_PRINTER
    return kiosk_toml.written(folder, hub={**tls, **hub}, screen=screen, printer=printer, stand_ins=own_clock)


class Agent:
    """`tram kiosk` in a process of its own."""

    def __init__(self, config: Path) -> None:
        self.port = tomllib.loads(config.read_text(encoding="utf-8"))["screen"]["port"]
        self.folder = config.parent
        self.began_s, self.started_in_s = time.monotonic(), 0.0
        self.process = subprocess.Popen(
            [str(TRAM), "kiosk", "--config", str(config)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "kiosk ready\n"
        self.started_in_s = time.monotonic() - self.began_s

    def call(self, path: str, body: object = None) -> tuple[int, Any]:
        return called(self.port, path, body)

    def screen(self) -> socket.socket:
        """Return the socket of a browser that shows the page."""
        browser = socket.create_connection(("127.0.0.1", self.port))
        browser.sendall(handshake(self.port))
        seen = b""
        while b"data-scene=" not in seen:
            seen += browser.recv(65536) or pytest.fail("the agent closed the screen's socket")
        return browser

    def refusal(self) -> str:
        """Return what it said when it ended of its own accord."""
        _, words = self.process.communicate(timeout=60)
        assert self.process.returncode not in (0, None) and "Traceback" not in words
        return words


@contextmanager
def running(config: Path) -> Iterator[Agent]:
    agent = Agent(config)
    try:
        agent.wait_until_ready()
        yield agent
    finally:
        agent.process.kill()
        agent.process.communicate()


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory, tls: dict[str, str]) -> Iterator[Agent]:
    """A running agent for the tests that leave it as they found it."""
    with running(written(tmp_path_factory.mktemp("kiosk"), tls)) as agent:
        yield agent


def test_agent_without_a_broker_is_ready_and_says_what_is_wrong(agent: Agent) -> None:
    for _ in range(600):
        link = agent.call("/status")[1]["link"]
        if "refused" in link["detail"]:
            break
        time.sleep(0.1)
    assert link["online"] is False and "refused" in link["detail"] and "certificate" in link["remedy"]
    devices = {device["name"]: device["state"] for device in agent.call("/status")[1]["devices"]}
    assert devices == {"scanner": "DOWN", "printer": "DOWN", "cash": "READY"} or devices["printer"] == "DOWN"


def test_sigterm_ends_the_agent_cleanly_within_five_seconds_while_a_screen_looks(config: Path) -> None:
    with running(config) as agent:
        screen = agent.screen()
        began_s = time.monotonic()
        agent.process.send_signal(signal.SIGTERM)
        _, words = agent.process.communicate(timeout=60)
        screen.close()
    assert agent.process.returncode == 0 and "Traceback" not in words
    assert time.monotonic() - began_s < max(5, agent.started_in_s), "a computer slow to start it is slow to end it"


def test_order_that_makes_no_sense_is_refused_with_a_sentence(agent: Agent) -> None:
    for order, word in (
        ({"copies": 101, "requester_name": "Mẫu"}, "copies"),
        ({"copies": 1}, "requester_name"),
        ({"copies": 1, "requester_name": "Mẫu", "colour": "red"}, "colour"),
        ({"copies": 0, "requester_name": "Mẫu"}, "electronic"),
    ):
        code, problem = agent.call("/visits", order)
        assert code == 422 and word in problem["en"] and problem["vi"]
    assert agent.call("/visits/01KB0000000000000000000000")[0] == 404


def test_empty_scanner_ends_the_visit_with_its_sentence(agent: Agent) -> None:
    code, began = agent.call("/visits", {"copies": 1, "requester_name": "Nguyễn Văn Mẫu"})
    assert code == 201
    for _ in range(1200):
        screen = agent.call(f"/visits/{began['visit']}")[1]
        if screen["closed_at"]:
            break
        time.sleep(0.05)
    assert screen["ending"]["code"] == "NOT_READ" and "Không có giấy trong máy quét" in screen["ending"]["vi"]
    assert agent.call(f"/visits/{began['visit']}/report")[1]["bytes_up"] == 0


def test_taken_port_is_named_with_a_remedy(tmp_path: Path, tls: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = Agent(written(tmp_path, tls, port=taken.getsockname()[1])).refusal()
    assert "Address already in use" in words and "[screen] port" in words


def test_missing_certificate_is_named_with_a_remedy(tmp_path: Path, tls: dict[str, str]) -> None:
    words = Agent(written(tmp_path, tls, certificate="nowhere.pem")).refusal()
    assert "nowhere.pem" in words and "enrol" in words


def test_second_agent_on_the_same_folder_is_refused(agent: Agent, tls: dict[str, str]) -> None:
    assert "Another process works with" in Agent(written(agent.folder, tls)).refusal()
