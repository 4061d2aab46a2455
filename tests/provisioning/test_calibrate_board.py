"""Lamp and cash on our firmware in simavr, with the machines' stand-ins, by the command as a technician gives it."""

import io
import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from calibration_kiosk import calibrated
from click.testing import Result

from provisioning.onebox.cash_machines import CashStandIn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("avr-gcc"), reason="avr-gcc is not installed"),
    pytest.mark.xdist_group("board"),
]
LEASE_S = 2.0
DEVICES = """\
[cabinet]
class = "agent.devices.cabinet.BoardCabinet"
[cash]
class = "agent.devices.cash_mdb.MdbCash"
book = "cash-book.json"
"""


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CashStandIn]:
    with CashStandIn(tmp_path_factory.mktemp("calibrate")) as running:
        yield running


def tram(machines: CashStandIn, place: Path, part: str, *words: str, answers: io.BytesIO | None = None) -> Result:
    return calibrated(place, part, f'[board]\nport = "{machines.port}"\n{DEVICES}', *words, answers=answers)


class Technician(io.BytesIO):
    """Looks for longer than the board's lease lasts, writes down what shines, and says yes."""

    def __init__(self, machines: CashStandIn) -> None:
        super().__init__(b"")
        self._machines, self.seen = machines, list[tuple[tuple[int, ...], set[str]]]()

    def readable(self) -> bool:
        return True

    def read1(self, size: int | None = -1) -> bytes:
        if size == 0:  # click asks whether it is bytes that come
            return b""
        time.sleep(0.5 if self.seen else LEASE_S + 1.5)
        outputs = self._machines.do("look")["cabinet"]["outputs"]
        fed = {quarter for quarter in ("left", "right", "above", "below") if outputs.get(f"lamp_{quarter}")}
        self.seen.append((tuple(outputs.get(f"lamp_{colour}", 0) for colour in "rgb"), fed))
        return b"y\n"

    read = read1  # type: ignore[assignment]


def test_the_lamp_shows_what_is_asked_for_as_long_as_the_technician_looks(
    machines: CashStandIn, tmp_path: Path
) -> None:
    technician = Technician(machines)
    said = tram(machines, tmp_path, "lamp", answers=technician)
    assert said.exit_code == 0, said.output
    white, ring = (255, 255, 255), {"left", "right", "above", "below"}
    assert technician.seen[:5] == [(white, {side}) for side in ("left", "right", "above", "below")] + [(white, ring)]
    assert technician.seen[5:] == [((0, 160, 60), ring), ((40, 80, 200), ring), ((220, 120, 0), ring)]


def test_coin_and_note_are_counted_and_come_back(machines: CashStandIn, tmp_path: Path) -> None:
    def put_in() -> None:
        """Put each piece in until the machine has it; one that comes back is put in again."""
        for verb, value_vnd, place in (("insert_coin", 2_000, "tube"), ("insert_note", 10_000, "cassette")):
            before, until_s = machines.do("counts")[place], time.monotonic() + 60
            while machines.do("counts")[place] == before and time.monotonic() < until_s:
                machines.do(verb, value_vnd=value_vnd)
                time.sleep(1.5)
                machines.do("take_tray")

    hand = threading.Thread(target=put_in, daemon=True)
    hand.start()
    said = tram(machines, tmp_path, "cash", "--coin", "2000", "--note", "10000")
    hand.join()
    assert said.exit_code == 0, said.output
    (record,) = (tmp_path / "var" / "calibration").glob("*-cash.json")
    assert [each[1] for each in json.loads(record.read_bytes())["figures"]] == [2_000.0] * 3 + [10_000.0] * 3
