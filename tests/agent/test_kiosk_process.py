"""The agent as a process: it starts without a broker, ends when asked, and says in a sentence why it can't start."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contract.clock import SystemClock
from hub.signing.pki import ensure
from provisioning.onebox.child import free_port
from tests.kiosk_screen import called, handshake

TRAM = Path(sys.executable).with_name("tram")
Settings = dict[str, Any]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The PEM files of an enrolled kiosk."""
    pki = ensure(tmp_path_factory.mktemp("pki") / "pki", SystemClock(), agency="UBND phường Mẫu", certifiers=())
    files = pki.issue_kiosk("kiosk-01")
    return {"ca": str(files.authority), "certificate": str(files.certificate), "key": str(files.key)}


@pytest.fixture
def config(tmp_path: Path, tls: dict[str, str]) -> Callable[..., Path]:
    """Write a kiosk.toml whose broker is not there; keyword arguments change the [hub] and [screen] tables."""

    def write(*, port: int | None = None, **hub: str) -> Path:
        lines = [
            f'{key} = "{value}"'
            for key, value in {"host": "127.0.0.1", "public_url": "https://tram.example.vn", **tls, **hub}.items()
        ]
        path = tmp_path / "kiosk.toml"
        path.write_text(
            _HEAD + "\n".join(lines) + f"\nport = {free_port()}\n[screen]\nport = {port or free_port()}\n" + _DEVICES
        )
        return path

    return write


_HEAD = """
[kiosk]
id = "kiosk-01"
site = "UBND phường Mẫu"
province = "Hà Nội"
folder = "var"
legal_mode = "STAFFED_AT_OFFICE"
presented = "COUNTER"
[hub]
"""
_DEVICES = """
[scanner]
class = "agent.devices.scanner.FolderScanner"
pages = []
config_dir = "sane"
[printer]
class = "agent.devices.page_printer.IppPrinter"
uri = "ipp://127.0.0.1:9/ipp/print"
[cash]
class = "agent.devices.cash.SimulatedCash"
path = "cash.json"
[stand_ins]
own_clock = true
"""


class Agent:
    """`tram kiosk` in a process of its own."""

    def __init__(self, config: Path) -> None:
        self.port = int(config.read_text().split("[screen]\nport = ")[1].split()[0])
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


@pytest.fixture
def agent(config: Callable[..., Path]) -> Iterator[Agent]:
    """A running agent whose broker is not there."""
    running = Agent(config())
    running.wait_until_ready()
    yield running
    running.process.kill()
    running.process.communicate()


def test_agent_without_a_broker_is_ready_and_says_what_is_wrong(agent: Agent) -> None:
    for _ in range(600):
        link = agent.call("/status")[1]["link"]
        if "refused" in link["detail"]:
            break
        time.sleep(0.1)
    assert link["online"] is False and "refused" in link["detail"] and "certificate" in link["remedy"]
    devices = {device["name"]: device["state"] for device in agent.call("/status")[1]["devices"]}
    assert devices == {"scanner": "DOWN", "printer": "DOWN", "cash": "READY"} or devices["printer"] == "DOWN"


def test_sigterm_ends_the_agent_cleanly_within_five_seconds_while_a_screen_looks(agent: Agent) -> None:
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


def test_taken_port_is_named_with_a_remedy(config: Callable[..., Path]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = Agent(config(port=taken.getsockname()[1])).refusal()
    assert "Address already in use" in words and "[screen] port" in words


def test_missing_certificate_is_named_with_a_remedy(config: Callable[..., Path]) -> None:
    words = Agent(config(certificate="nowhere.pem")).refusal()
    assert "nowhere.pem" in words and "enrol" in words


def test_second_agent_on_the_same_folder_is_refused(agent: Agent, config: Callable[..., Path]) -> None:
    assert "Another process works with" in Agent(config()).refusal()
