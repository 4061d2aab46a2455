"""A set driven through the dock's controls alone: ten copies of a booklet, faults by hand, power cut and given back."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from agent.devices.errors import NoteCassetteOut
from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports
from provisioning.onebox.child import free_port, port_open
from provisioning.onebox.controls import Controls
from provisioning.onebox.dock import serve
from provisioning.onebox.play import Play

pytestmark = [
    pytest.mark.xdist_group("onebox"),
    pytest.mark.skipif(not shutil.which("avr-gcc"), reason="avr-gcc is not installed"),
]


@pytest.fixture(scope="module")
def hands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controls]:
    folder = tmp_path_factory.mktemp("dock")
    box = OneBox(folder, glass.lay((), folder / "glass"), Ports.free())
    box.start(lambda _: None)
    yield Controls(box)
    box.stop()


@pytest.fixture(scope="module")
def dock(hands: Controls) -> Iterator[httpx.Client]:
    port = free_port()
    server = serve(hands, port)
    comes_true(lambda: port_open(port))
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=60) as client:
        yield client
    server.should_exit = True


def comes_true(promise: Callable[[], bool], within_s: float = 120.0) -> None:
    until_s = time.monotonic() + within_s
    while not promise():
        assert time.monotonic() < until_s
        time.sleep(0.1)


def devices(hands: Controls) -> dict[str, tuple[str, str]]:
    told = httpx.get(f"{hands.box.kiosk_url}/status", timeout=60).json()["devices"]
    return {each["name"]: (each["state"], each["remedy"]) for each in told}


def test_ten_copies_of_three_pages_are_paid_with_coin_and_notes_and_change_comes_out(hands: Controls) -> None:
    gained_vnd, jobs = hands.box.cash.gained_vnd(), len(hands.box.printer.jobs())
    hands.lay_specimen("BHXH")
    visit = Play(hands.box, lambda _: None).one_visit(copies=10, within_s=240)
    assert visit.certified, visit.ending
    balance = visit.balance
    assert balance["kept_vnd"] == 10 * (2 * 2_000 + 1_000 + 3 * 1_000)
    assert balance["received_vnd"] == balance["kept_vnd"] + balance["returned_vnd"] > balance["kept_vnd"]
    assert hands.box.cash.gained_vnd() - gained_vnd == balance["kept_vnd"]
    assert len(hands.box.printer.jobs()) == jobs + 1


@pytest.mark.parametrize("way", ["card", "transfer"])
def test_a_copy_is_paid_without_cash_through_firmware_broker_and_hub(hands: Controls, way: str) -> None:
    gained_vnd, captured_vnd, transfers = hands.box.cash.gained_vnd(), captured(hands), len(hands.box.bank.statement)
    hands.lay_specimen("QUYET_DINH")
    visit = Play(hands.box, lambda _: None, way=way).one_visit(within_s=240)
    assert visit.certified, visit.ending
    kept_vnd = visit.balance["kept_vnd"]
    assert visit.balance["received_vnd"] == kept_vnd > 0
    assert hands.box.cash.gained_vnd() == gained_vnd
    assert captured(hands) - captured_vnd == (kept_vnd if way == "card" else 0)
    assert [each.amount_vnd for each in hands.box.bank.statement[transfers:]] == [kept_vnd][: way == "transfer"]
    if way == "transfer":
        comes_true(lambda: hands.bank_tells(again=True) == "TAKEN")


def captured(hands: Controls) -> int:
    return int(hands.box.cash.do("look")["cashless"]["captured_vnd"])


def test_a_transfer_told_after_the_visit_is_over_stands_on_the_list_of_refunds(
    hands: Controls, dock: httpx.Client
) -> None:
    hands.lay_specimen("QUYET_DINH")
    dock.post("/visit/start", data={"copies": "1"})
    comes_true(lambda: "Cách trả" in dock.get("/state").text, within_s=120)
    dock.post("/visit/pay-transfer")
    comes_true(lambda: "TRAM" in dock.get("/state").text)
    assert "failed" not in dock.post("/do/code-late").url.query.decode()
    dock.post("/visit/cancel")
    comes_true(lambda: "Bạn đã hủy" in dock.get("/state").text)
    assert "will be refunded" in dock.get("/state").text
    dock.post("/do/bank-tells")
    comes_true(lambda: hands.bank_tells(again=True) == "TO_REFUND")


def test_page_has_every_button_in_both_languages_and_no_script(dock: httpx.Client) -> None:
    page = dock.get("/").text
    assert all(
        words in page for words in ("Tờ 20.000", "Kẹt giấy", "Rút hộp tiền", "cassette out", "Ngắt trạm", "Hết giấy")
    )
    assert "<script" not in page


def test_unplugged_board_and_missing_cassette_show_as_lines_with_a_remedy(hands: Controls, dock: httpx.Client) -> None:
    dock.post("/do/board-off")
    comes_true(lambda: devices(hands)["cash"][0] == "DOWN")
    assert "USB" in devices(hands)["cabinet"][1]
    dock.post("/do/board-on")
    dock.post("/do/cassette-out")
    comes_true(lambda: NoteCassetteOut.remedy in devices(hands)["cash"][1])
    dock.post("/do/cassette-in")
    comes_true(lambda: NoteCassetteOut.remedy not in devices(hands)["cash"][1])


def test_what_can_t_be_done_is_said_and_breaks_nothing(dock: httpx.Client) -> None:
    assert dock.post("/do/paint-it-blue").status_code == 404
    assert "failed" in dock.post("/visit/cancel").text
    answer = dock.post("/paper", files={"pages": ("letter.pdf", b"this is no PDF")})
    assert answer.status_code == 200 and "said failed" in answer.text


def test_kiosk_without_power_is_shown_and_comes_back(hands: Controls, dock: httpx.Client) -> None:
    dock.post("/do/kiosk-off")
    assert "Trạm không có điện" in dock.get("/state").text
    assert "answers after" in dock.post("/do/kiosk-on").text
    comes_true(lambda: devices(hands)["cash"][0] == "READY")
    assert "Máy thu tiền" in dock.get("/state").text


def test_uploaded_page_lies_in_the_scanner(hands: Controls, dock: httpx.Client, tmp_path: Path) -> None:
    page = Path(hands.box.sheets[0]).read_bytes()
    assert "failed" not in dock.post("/paper", files={"pages": ("page.ppm", page)}).url.query.decode()
    assert (hands.box.folder / "scanner-hands.json").exists()
