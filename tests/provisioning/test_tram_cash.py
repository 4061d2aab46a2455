"""`tram cash` at a whole set on one machine: a shift, a cassette that somebody took, and what the hub knows of it."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from agent.devices.errors import NoteCassetteOut
from contract import vietqr
from provisioning.onebox import glass, settings
from provisioning.onebox.box import TRAM, OneBox, Ports
from provisioning.onebox.controls import Controls
from provisioning.onebox.play import Play

pytestmark = pytest.mark.xdist_group("onebox")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneBox]:
    folder = tmp_path_factory.mktemp("box")
    made = OneBox(folder, glass.lay((), folder / "glass"), Ports.free())
    made.start(lambda _: None)
    yield made
    made.stop()


def tram_cash(box: OneBox, *words: str, pin: str = "") -> subprocess.CompletedProcess[str]:
    name, right_pin = settings.collector_pin(box.folder)
    environment = os.environ | {"TRAM_COLLECTOR": name, "TRAM_PIN": pin or right_pin, "COLUMNS": "200"}
    argv = [str(TRAM), "cash", *words, "--config", str(box.folder / "kiosk.toml")]
    return subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)


def test_a_shift_is_closed_and_a_cassette_that_was_taken_is_said_to_the_dong_everywhere(box: OneBox) -> None:
    opened = tram_cash(box, "close", "--yes")
    assert opened.returncode == 0 and "First period" in opened.stdout, opened.stderr
    visit = Play(box, lambda _: None).one_visit(within_s=240)
    assert visit.certified, visit.ending
    after = tram_cash(box, "report")
    assert after.returncode == 0 and "agree to the đồng" in after.stdout, after.stdout + after.stderr
    assert "Change lasts for about" in after.stdout

    Controls(box).cassette(is_in=False)
    assert _comes_true(lambda: NoteCassetteOut.remedy in httpx.get(f"{box.kiosk_url}/status", timeout=30).text)
    Controls(box).cassette(is_in=True)
    closed = tram_cash(box, "close", "--yes")
    assert closed.returncode == 1 and "THE MACHINE LACKS 10,000 đ" in closed.stdout, closed.stdout + closed.stderr
    assert "The slip is printed" in closed.stdout
    assert Image.open(box.tickets.slips()[-1]).height > 600

    assert _comes_true(lambda: [line["difference_vnd"] for line in _closings(box)] == [-10_000, 0])
    assert tram_cash(box, "report").returncode == 0

    nothing = tram_cash(box, "unsettled")
    assert nothing.returncode == 0 and "Nothing waits for a person" in nothing.stdout, nothing.stderr
    refused = tram_cash(box, "settle", visit.visit, "--found", "returned", "--reason", "Phiếu chi số 7")
    assert refused.returncode == 1 and "wait for a person" in refused.stderr and "tram cash unsettled" in refused.stderr


def test_transfer_that_names_no_order_is_listed_and_given_back_once_with_a_name(box: OneBox) -> None:
    account = vietqr.Transfer(
        bank_bin=settings.ACCOUNT["bank_bin"], account=settings.ACCOUNT["account"], amount_vnd=7_000, reference="X"
    )
    sent = box.bank.transfer(vietqr.payload(account), memo="tra tien")
    listed = tram_refunds(box, "refunds")
    assert listed.returncode == 1 and sent.transaction in listed.stdout and "7,000 đ" in listed.stdout, listed.stderr
    for _ in range(2):
        assert tram_refunds(box, "refund", sent.transaction, "--how", "Ủy nhiệm chi số 3").returncode == 0
    refused = tram_refunds(box, "refund", sent.transaction, "--how", "tiền mặt")
    assert refused.returncode == 1 and "REFUNDED" in refused.stderr, refused.stderr
    assert "No transfer is to be given back" in tram_refunds(box, "refunds").stdout


def tram_refunds(box: OneBox, *words: str) -> subprocess.CompletedProcess[str]:
    login, password, _ = settings.officer_login(box.folder)
    known = {"TRAM_HUB": box.hub_url, "TRAM_LOGIN": login, "TRAM_PASSWORD": password, "COLUMNS": "200"}
    return subprocess.run(
        [str(TRAM), "cash", *words], env=os.environ | known, capture_output=True, text=True, check=False
    )


def test_wrong_pin_and_silent_kiosk_are_sentences_with_a_remedy(box: OneBox, tmp_path: Path) -> None:
    refused = tram_cash(box, "close", "--yes", pin="1")
    assert refused.returncode == 1 and "name or PIN is wrong" in refused.stderr
    box.kill_part("kiosk")
    silent = tram_cash(box, "report")
    assert silent.returncode == 1 and "does not answer" in silent.stderr and "Start it" in silent.stderr


def test_new_pin_comes_as_lines_for_kiosk_toml() -> None:
    made = subprocess.run(
        [str(TRAM), "cash", "pin", "--collector", "Lê Văn Mẫu", "--pin", "20261127"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.stdout.startswith('[[collectors]]\nname = "Lê Văn Mẫu"\npin = "scrypt:')
    short = subprocess.run([str(TRAM), "cash", "pin", "--collector", "A", "--pin", "1"], capture_output=True, text=True)
    assert short.returncode == 2 and "at least 6" in short.stderr


def _closings(box: OneBox) -> list[dict[str, int]]:
    login, password, _ = settings.officer_login(box.folder)
    hub = httpx.Client(base_url=box.hub_url, timeout=30)
    token = hub.post("/api/session", json={"login": login, "password": password}).json()["token"]
    return list(hub.get("/api/closings", headers={"Authorization": f"Bearer {token}"}).json())


def _comes_true(promise: Callable[[], bool], within_s: float = 120.0) -> bool:
    until = time.monotonic() + within_s
    while not promise() and time.monotonic() < until:
        time.sleep(0.5)
    return promise()
