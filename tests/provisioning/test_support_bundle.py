"""The bundle for whoever looks for a fault: what helps is in, nothing of a person and no secret is."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.journeys.pins import hashed
from agent.link.device_key import DeviceKey
from contract.clock import SystemClock
from hub.enrolment.devices import Request
from hub.signing.pki import ensure
from provisioning.support_bundle import support_bundle

CITIZEN, NUMBER, PHONE, MAIL = "Nguyễn Thị Bí Mật", "001199012345", "0912 345 678", "bimat@example.vn"
COLLECTOR, PIN = "Lê Văn Thu Tiền", "48291375"
TOML = """\
[kiosk]
id = "kiosk-01"
site = "Sảnh A"
province = "Hà Nội"
folder = "var"
legal_mode = "PREPARE_ONLY"
presented = "COUNTER"
pays_by_transfer = true
help_phone = "{phone}"

[hub]
host = "localhost"
port = 9
public_url = "http://127.0.0.1:9"
ca = "{ca}"
certificate = "{certificate}"
key = "device.key"

[scanner]
class = "agent.devices.scanner.FolderScanner"
pages = []
config_dir = "sane"

[printer]
class = "agent.devices.page_printer.SimulatedPagePrinter"

[[collectors]]
name = "{collector}"
pin = "{pin}"
"""


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    pki = ensure(tmp_path / "pki", SystemClock(), agency="UBND phường Mẫu", certifiers=())
    request = Request.read(DeviceKey.make(tmp_path / "device.key").request("kiosk-01"))
    pki.certify_kiosk("kiosk-01", request.key, 120)
    files = pki.broker.kiosk("kiosk-01")
    (tmp_path / "sane").mkdir()
    (tmp_path / "sane" / "dll.conf").write_text("pnm\n")
    log = tmp_path / "var" / "log" / "agent.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"2026-11-28 10:00:00,000 WARNING agent.x link down\n{NUMBER} {PHONE} {MAIL}\n", encoding="utf-8")
    path = tmp_path / "kiosk.toml"
    path.write_text(
        TOML.format(
            phone=PHONE, ca=files.authority, certificate=files.certificate, collector=COLLECTOR, pin=hashed(PIN)
        ),
        encoding="utf-8",
    )
    return path


def test_what_helps_is_in_and_no_person_and_no_secret(toml: Path, tmp_path: Path) -> None:
    (tmp_path / "var" / "visits" / "01").mkdir(parents=True)
    (tmp_path / "var" / "visits" / "01" / "page.txt").write_text(CITIZEN, encoding="utf-8")
    done = CliRunner().invoke(support_bundle, ["--config", str(toml), "--into", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    (made,) = (tmp_path / "out").iterdir()
    with zipfile.ZipFile(made) as bundle:
        parts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    found = json.loads(parts["doctor.json"])
    assert found["kiosk"] == "kiosk-01" and {"port", "disk", "scanner"} <= {
        line["name"] for kind in ("network", "machine", "devices") for line in found[kind]
    }
    assert json.loads(parts["kiosk.json"])["hub"]["port"] == 9
    assert "link down" in parts["agent.log"] and "2026-11-28 10:00:00" in parts["agent.log"]
    whole = "\n".join(parts.values())
    for secret in (CITIZEN, NUMBER, PHONE, MAIL, COLLECTOR, PIN, "scrypt:", "PRIVATE KEY"):
        assert secret not in whole, secret


def test_a_kiosk_that_can_not_even_be_read_still_gives_a_bundle(tmp_path: Path) -> None:
    (tmp_path / "kiosk.toml").write_text("[kiosk\n", encoding="utf-8")
    done = CliRunner().invoke(support_bundle, ["--config", str(tmp_path / "kiosk.toml"), "--into", str(tmp_path)])
    assert done.exit_code == 0, done.output
    (made,) = tmp_path.glob("support-*.zip")
    with zipfile.ZipFile(made) as bundle:
        assert "is not TOML" in json.loads(bundle.read("doctor.json"))["fault"]
