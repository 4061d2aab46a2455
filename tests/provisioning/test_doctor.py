"""`tram doctor`: one line a device, of a stopped kiosk and of a running one, and never two programs at one port."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from agent.config import load
from agent.link.device_key import DeviceKey
from contract.clock import SystemClock
from hub.signing.pki import ensure
from provisioning.doctor import Wish, examine
from provisioning.onebox.card_reader import NAME, CardReaderStandIn
from provisioning.onebox.cash_machines import CashStandIn
from provisioning.onebox.child import Child
from provisioning.onebox.ticket_printer import TicketStandIn
from provisioning.onebox.virtual_card import VirtualCard
from tests import kiosk_toml

TRAM = Path(sys.executable).with_name("tram")
UNPLUGGED = {"printer": kiosk_toml.ABSENT_PRINTER}
Write = Callable[..., Path]


@pytest.fixture
def tls() -> dict[str, str]:
    return {"ca": "ca.pem", "certificate": "kiosk.pem", "key": "kiosk.key"}


@pytest.fixture
def config(tmp_path: Path, tls: dict[str, str]) -> Write:
    """Write a kiosk.toml with these devices beside, or instead of, scanner, printer and cash."""

    def write(**devices: kiosk_toml.Options) -> Path:
        (tmp_path / "sane").mkdir(exist_ok=True)
        (tmp_path / "sane" / "dll.conf").write_text("pnm\n")
        return kiosk_toml.written(tmp_path, hub=tls, **devices)

    return write


def doctor(config: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    argv = [TRAM, "doctor", "--devices", "--config", config, *words]
    run = subprocess.run(argv, capture_output=True, text=True, timeout=120, env={**os.environ, "COLUMNS": "80", **env})
    assert "Traceback" not in run.stderr, run.stderr
    return run


def lines_of(run: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    return {line["name"]: line for line in json.loads(run.stdout)["devices"]}


def test_stopped_kiosk_whose_devices_are_ready_is_one_short_table(config: Write) -> None:
    run = doctor(config())
    assert run.returncode == 0, run.stdout + run.stderr
    rows = run.stdout.splitlines()
    assert max(map(len, rows)) <= 80 and len(rows) <= 24
    assert [row.split()[1] for row in rows if row.startswith((" scanner", " printer", " cash"))] == ["READY"] * 3
    assert "the kiosk is stopped" in run.stdout


def test_worst_device_is_the_exit_code_and_each_trouble_names_its_remedy(config: Write) -> None:
    run = doctor(config(**UNPLUGGED), "--json")
    assert run.returncode == 2
    assert lines_of(run)["printer"]["state"] == "DOWN" and lines_of(run)["printer"]["remedy"]
    empty = {"cash": {"class": "agent.devices.cash.SimulatedCash", "path": "empty.json"}}
    path = config(**empty)
    (path.parent / "empty.json").write_text('{"tubes": {}}')
    said = doctor(path)
    assert said.returncode == 1 and "→ Fill the change tubes" in said.stdout, said.stdout


async def test_certificate_that_is_gone_is_a_line_and_no_crash(
    config: Write, tls: dict[str, str], tmp_path: Path
) -> None:
    for file in ("ca", "certificate", "key"):
        tls[file] = str(tmp_path / tls[file])
    path = config()
    DeviceKey.make(Path(tls["key"]))
    found = await examine(load(path), path.parent, Wish())
    (line,) = found.machine
    assert (line.name, line.state, found.network) == ("certificate", "DOWN", [])
    assert "kiosk.pem" in line.detail and "[hub] in kiosk.toml" in line.remedy


def test_since_when_is_remembered_from_one_look_to_the_next(config: Write) -> None:
    path = config(**UNPLUGGED)
    first = lines_of(doctor(path, "--json"))
    time.sleep(1.1)
    again = lines_of(doctor(path, "--json"))
    assert again["printer"]["since"] == first["printer"]["since"]
    mended = lines_of(doctor(config(), "--json"))
    assert mended["printer"]["since"] > first["printer"]["since"]
    assert mended["scanner"]["since"] == first["scanner"]["since"]


def test_device_that_is_one_file_and_one_paragraph_stands_in_the_table(config: Write, tmp_path: Path) -> None:
    """Adding a device: nothing else is edited."""
    (tmp_path / "thermometer.py").write_text(
        "from agent.devices.status import DeviceState, DeviceStatus\n"
        "class Thermometer:\n"
        "    def __init__(self, limit_c: int) -> None:\n"
        "        self.limit_c = limit_c\n"
        "    async def status(self) -> DeviceStatus:\n"
        "        return DeviceStatus(state=DeviceState.ATTENTION, detail='71 °C', remedy='Clean the air filter')\n"
        "    async def self_test(self, deadline) -> DeviceStatus:\n"
        "        return DeviceStatus(state=DeviceState.READY, detail=f'measured, limit {self.limit_c} °C')\n"
    )
    path = config(devices={"heat_sensor": {"class": "thermometer.Thermometer", "limit_c": 70}})
    run = doctor(path, "--json", PYTHONPATH=str(tmp_path))
    assert (run.returncode, lines_of(run)["heat sensor"]["detail"]) == (1, "71 °C")
    proven = lines_of(doctor(path, "--json", "--self-test", "heat sensor", PYTHONPATH=str(tmp_path)))
    assert proven["heat sensor"]["detail"] == "measured, limit 70 °C"
    wrong = doctor(
        config(devices={"heat_sensor": {"class": "thermometer.Thermometer", "limit": 70}}), PYTHONPATH=str(tmp_path)
    )
    assert wrong.returncode == 2 and "[devices.heat_sensor]" in wrong.stderr and "limit_c" in wrong.stderr
    no_device = config(devices={"clock": {"class": "contract.clock.Deadline"}})
    assert "is not a Device" in doctor(no_device).stderr


def test_unknown_device_is_answered_with_those_there_are(config: Write) -> None:
    run = doctor(config(), "--self-test", "fax")
    assert run.returncode == 2 and "scanner, printer, cash" in run.stderr


def test_ledger_that_another_program_holds_keeps_doctor_off_the_devices(config: Write) -> None:
    path = config()
    doctor(path)
    with (path.parent / "var" / "ledger.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = doctor(path)
    assert run.returncode == 2 and "no kiosk answers" in run.stderr and "Wait, then repeat" in run.stderr


def test_printers_use_paper_only_when_told_to(config: Write, tmp_path: Path) -> None:
    with TicketStandIn(tmp_path / "tickets") as tickets:
        device = {
            "class": "agent.devices.ticket_printer.EscposTicketPrinter",
            "address": str(tickets.port),
            "book": "slips",
        }
        path = config(ticket_printer=device)
        assert lines_of(doctor(path, "--json", "--self-test", "all"))["ticket printer"]["state"] == "READY"
        assert tickets.slips() == []
        run = doctor(path, "--json", "--self-test", "ticket printer", "--print")
        assert lines_of(run)["ticket printer"]["state"] == "READY", run.stdout
        assert len(tickets.slips()) == 1


def test_card_reader_named_in_the_file_is_seen_and_proven(config: Write, tmp_path: Path) -> None:
    with CardReaderStandIn(tmp_path / "card") as reader:
        device = {"class": "agent.devices.card_reader.PcscReader", "reader": NAME, "socket": str(reader.socket)}
        path = config(devices={"card_reader": device})
        assert NAME in lines_of(doctor(path, "--json"))["card reader"]["detail"]
        reader.lay_on(VirtualCard())

        def answers() -> bool:
            seen = lines_of(doctor(path, "--json", "--self-test", "card reader"))
            return "a card answered" in seen["card reader"]["detail"]

        assert any(answers() for _ in range(10)), (
            "the service takes a moment to see the card, but not ten starts of ours"
        )


@pytest.mark.skipif(not shutil.which("avr-gcc"), reason="avr-gcc is not installed")
def test_board_is_asked_for_money_and_lamp_and_a_port_that_is_taken_is_said_to_be(
    config: Write, tmp_path: Path
) -> None:
    with CashStandIn(tmp_path / "machines", speed=4) as machines:
        path = config(
            board={"port": str(machines.port)},
            cash={"class": "agent.devices.cash_mdb.MdbCash", "book": "cash-book.json"},
            cabinet={"class": "agent.devices.cabinet.BoardCabinet"},
        )
        run = doctor(path, "--json", "--self-test", "all")
        seen = lines_of(run)
        assert seen["cash"]["state"] == seen["cabinet"]["state"] == "READY", run.stdout
        assert "kinds of notes" in seen["cash"]["detail"] and " 0 kinds" not in f" {seen['cash']['detail']}"
        with machines.port.open("rb") as port:
            fcntl.flock(port, fcntl.LOCK_EX)
            taken = lines_of(doctor(path, "--json"))["cash"]
        assert taken["state"] == "DOWN" and "taken" in taken["detail"] and "End the other program" in taken["remedy"]


class TestRunningKiosk:
    @pytest.fixture
    def tls(self, tmp_path: Path) -> dict[str, str]:
        pki = ensure(tmp_path / "pki", SystemClock(), agency="UBND phường Mẫu", certifiers=())
        return kiosk_toml.shown(pki.issue_kiosk("kiosk-01"))

    @pytest.fixture
    def running(self, config: Write, tmp_path: Path) -> Iterator[tuple[Path, str]]:
        path = config(**UNPLUGGED)
        url = f"http://127.0.0.1:{path.read_text().split('[screen]')[1].split()[2]}"
        kiosk = Child("kiosk", [str(TRAM), "kiosk", "--config", str(path)], tmp_path / "kiosk.log")
        kiosk.start(lambda: _answers(f"{url}/status"), within_s=60)
        yield path, url
        kiosk.stop()

    def test_kiosk_is_asked_and_its_devices_are_left_to_it(self, running: tuple[Path, str]) -> None:
        path, _ = running
        run = doctor(path, "--json", "--self-test", "scanner")
        assert json.loads(run.stdout)["seen_by"] == "the running kiosk"
        assert lines_of(run)["scanner"]["detail"] == "the feeder answers: empty"
        assert run.returncode == 2, "the printer is unplugged"
        kept = lines_of(run)["printer"]["since"]
        assert lines_of(doctor(path, "--json"))["printer"]["since"] == kept


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0).is_success
    except httpx.HTTPError:
        return False
