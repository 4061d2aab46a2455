"""The hub as a process: it starts without a broker, says what is wrong in a sentence, and ends when it is told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hub_doubles import password_hash

from contract.clock import SystemClock
from hub import config as hub_config
from hub.app import READY, open_pki
from provisioning.onebox.child import free_port

PROGRAM = "import asyncio, pathlib, sys; from hub.app import run; asyncio.run(run(pathlib.Path(sys.argv[1])))"
REPOSITORY = Path(__file__).parents[3]


def inline(value: object) -> str:
    """Return a value as TOML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes hub.toml of a hub whose broker is down."""

    def write(**changes: object) -> Path:
        tls = tmp_path / "hub" / "pki" / "broker"
        tree: dict[str, object] = {
            "data_dir": str(tmp_path / "hub"),
            "verify_base_url": "https://tram.example.vn/V",
            "agency": {"name": "UBND phường Mẫu", "code": "H26.1.23", "place": "Hà Nội", "province": "Hà Nội"},
            "mqtt": {
                "host": "127.0.0.1",
                "port": free_port(),
                "ca": str(tls / "root.pem"),
                "cert": str(tls / "hub.pem"),
                "key": str(tls / "hub.key.pem"),
            },
            "http": {"port": free_port()},
            "officers": [
                {
                    "login": "mau",
                    "password_hash": password_hash(),
                    "name": "Trần Thị Mẫu",
                    "title": "Phó Chủ tịch",
                    "role": "certifier",
                    "authority_document": "QĐ 12",
                    "valid_from": "2026-01-01",
                }
            ],
        }
        path = tmp_path / "hub.toml"
        lines = (f"{key} = {inline(value)}" for key, value in (tree | changes).items())
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def started(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_hub_without_broker_serves_says_so_once_and_ends_within_five_seconds(
    written: Callable[..., Path], number: signal.Signals
) -> None:
    path = written()
    config = hub_config.load(path)
    open_pki(config, SystemClock())
    began_s = time.monotonic()
    hub = started(path)
    assert hub.stdout is not None
    assert hub.stdout.readline().strip() == READY
    started_in_s = time.monotonic() - began_s
    assert httpx.get(f"http://127.0.0.1:{config.http.port}/health", timeout=60).json()["status"] == "ok"
    assert (
        httpx.get(f"http://127.0.0.1:{config.http.port}/trust.json", timeout=60).json()["agency"] == "UBND phường Mẫu"
    )
    with socket.create_server(("127.0.0.1", config.mqtt.port)) as hangs_up:
        hangs_up.settimeout(60)
        for _ in range(3):  # what was wrong with an attempt is told of before the next
            hangs_up.accept()[0].close()
    asked_at = time.monotonic()
    hub.send_signal(number)
    _, said = hub.communicate(timeout=60)
    assert time.monotonic() - asked_at < max(5, started_in_s), "a computer slow to start it is slow to end it"
    assert hub.returncode == 0, said
    assert said.count("No connection to the broker") == 1
    assert "Traceback" not in said


def test_hub_judges_an_upload_in_a_process_apart_and_leaves_none_behind(written: Callable[..., Path]) -> None:
    path = written()
    config = hub_config.load(path)
    open_pki(config, SystemClock())
    hub = started(path)
    assert hub.stdout is not None
    assert hub.stdout.readline().strip() == READY
    address = f"http://127.0.0.1:{config.http.port}/verify"
    judged = httpx.post(address, files={"file": ("x.pdf", b"%PDF-1.7")}, timeout=150)
    assert "CHƯA KẾT LUẬN ĐƯỢC" in judged.text
    hub.send_signal(signal.SIGTERM)
    _, said = hub.communicate(timeout=60)  # ends only when nobody holds its pipes any more
    assert hub.returncode == 0, said
    assert "Traceback" not in said


def refused(path: Path) -> str:
    hub = started(path)
    _, said = hub.communicate(timeout=60)
    assert hub.returncode == 1
    assert "Traceback" not in said
    return said


def test_port_that_is_taken_is_named_with_the_remedy(written: Callable[..., Path]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        path = written(http={"port": other.getsockname()[1]})
        open_pki(hub_config.load(path), SystemClock())
        said = refused(path)
    assert str(other) not in said
    assert "can't be listened on" in said
    assert "[http]" in said


def test_unknown_key_is_named_with_the_nearest(written: Callable[..., Path]) -> None:
    assert "Did you mean 'book_code'" in refused(written(bookcode="SCT/BS"))


def test_missing_tls_files_are_named(written: Callable[..., Path], tmp_path: Path) -> None:
    mqtt = {"host": "127.0.0.1", "port": 1, "ca": "none.pem", "cert": "none.pem", "key": "none.pem"}
    assert "none.pem" in refused(written(mqtt=mqtt))


def test_keys_of_another_agency_are_not_used(written: Callable[..., Path]) -> None:
    open_pki(hub_config.load(written()), SystemClock())
    other = {"name": "UBND xã Khác", "code": "H26.1.24", "place": "Hà Nội", "province": "Hà Nội"}
    assert "UBND xã Khác" in refused(written(agency=other))
