"""kiosk.toml: every mistake is named with its place and its remedy before anything starts."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from agent.config import build, load
from agent.devices.cash import Cash, SimulatedCash
from agent.devices.cash_cctalk import CcTalkCash
from agent.devices.scanner import FolderScanner, Scanner
from contract.clock import SystemClock
from contract.settings import SettingsFault

GOOD = """
[kiosk]
id = "kiosk-01"
site = "UBND phường Mẫu"
province = "Hà Nội"
folder = "var"
legal_mode = "STAFFED_AT_OFFICE"
presented = "KIOSK_BED_OFFICER_PRESENT"
[hub]
host = "127.0.0.1"
public_url = "https://tram.example.vn"
ca = "ca.pem"
certificate = "kiosk.pem"
key = "/etc/tram/kiosk.key"
[scanner]
class = "agent.devices.scanner.FolderScanner"
pages = ["page.ppm"]
config_dir = "sane"
[printer]
class = "agent.devices.page_printer.IppPrinter"
uri = "ipp://127.0.0.1:631/ipp/print"
[cash]
class = "agent.devices.cash.SimulatedCash"
path = "cash.json"
"""


def _written(folder: Path, text: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_taken_from_the_files_own_folder(tmp_path: Path) -> None:
    config = load(_written(tmp_path, GOOD))
    assert config.kiosk.folder == tmp_path / "var" and config.hub.key == Path("/etc/tram/kiosk.key")
    scanner = build("scanner", config.scanner, Scanner, base=tmp_path)  # type: ignore[type-abstract]
    assert isinstance(scanner, FolderScanner) and scanner._pages == (tmp_path / "page.ppm",)


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ("legal_mode", "legal_mod", r"no key 'kiosk\.legal_mod'\. Did you mean 'kiosk\.legal_mode'\?"),
        ("[scanner]", "[scaner]", r"no key 'scaner'\. Did you mean 'scanner'\?"),
        ('"STAFFED_AT_OFFICE"', '"STAFFED"', r"Invalid enum value 'STAFFED' - at `\$\.kiosk\.legal_mode`"),
        ('id = "kiosk-01"', 'id = "Kiosk 01"', r"kiosk\.id 'Kiosk 01' needs"),
        ("[hub]", "[hub", r"is not TOML: .*line 9"),
        ('host = "127.0.0.1"\n', "", r"missing required field `host`"),
    ],
)
def test_mistake_in_the_file_is_named_with_its_place(tmp_path: Path, good: str, bad: str, named: str) -> None:
    with pytest.raises(SettingsFault, match=named):
        load(_written(tmp_path, GOOD.replace(good, bad)))


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match=r"There is no .*nowhere\.toml"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"class": "agent.devices.cash.SimulatedCash", "pth": "x"}, "no option 'pth'. Did you mean 'path'"),
        ({"class": "agent.devices.cash.SimulatedCash"}, "lacks path, which SimulatedCash needs"),
        ({"class": "agent.devices.cash.SimulatedCash", "path": 7}, "path = 7: Expected"),
        ({"class": "agent.devices.cash.Cashbox"}, "can't be loaded: .*Cashbox"),
        ({"class": "agent.devices.nowhere.Cash"}, "can't be loaded: No module"),
        ({"class": "agent.devices.scanner.FolderScanner"}, "is not a Cash"),
        ({}, "class '' can't be loaded"),
    ],
)
def test_mistake_in_a_devices_options_is_named(tmp_path: Path, options: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsFault, match=named):
        build("cash", options, Cash, base=tmp_path)  # type: ignore[type-abstract]


def test_device_is_made_with_its_options_and_only_what_it_takes_of_the_rest(tmp_path: Path) -> None:
    options = {"class": "agent.devices.cash.SimulatedCash", "path": "cash.json"}
    cash = build("cash", options, Cash, base=tmp_path, clock="not taken")  # type: ignore[type-abstract]
    assert isinstance(cash, SimulatedCash)


_CASH = GOOD[GOOD.index("[cash]") :]
_CCTALK = """[cash]
class = "agent.devices.cash_cctalk.CcTalkCash"
port = "/dev/ttyUSB1"
book = "coins.json"
coins_vnd = { 1 = 500, 2 = 1000, 3 = 2000, 4 = 5000 }
"""


def test_coins_by_cctalk_can_be_named_as_the_kiosk_s_cash(tmp_path: Path) -> None:
    config = load(_written(tmp_path, GOOD.replace(_CASH, _CCTALK)))
    cash = build("cash", config.cash or {}, Cash, base=tmp_path, clock=SystemClock())  # type: ignore[type-abstract]
    assert isinstance(cash, CcTalkCash) and (tmp_path / "coins.json").exists()


def test_a_kiosk_needs_one_way_of_paying_and_that_is_enough(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match=r"nobody could pay.*pays_by_transfer"):
        load(_written(tmp_path, GOOD.replace(_CASH, "")))
    by_transfer = GOOD.replace(_CASH, "").replace("presented = ", "pays_by_transfer = true\npresented = ")
    assert load(_written(tmp_path, by_transfer)).cash is None


IDENTITY = """
[identity]
evidence_key = "evidence.pub.pem"
[identity.attendant]
class = "agent.identity.attendant.SimulatedAttendant"
[[identity.staff]]
name = "Lê Văn Mẫu"
pin = "scrypt:00000000000000000000000000000000:0000000000000000000000000000000000000000000000000000000000000000"
"""


def test_kiosk_without_an_identity_section_asks_nobody(tmp_path: Path) -> None:
    assert load(_written(tmp_path, GOOD)).identity is None


def test_identity_section_names_the_hubs_key_the_attendant_and_staff(tmp_path: Path) -> None:
    key = X25519PrivateKey.generate().public_key()
    (tmp_path / "evidence.pub.pem").write_bytes(
        key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    identity = load(_written(tmp_path, GOOD + IDENTITY)).identity
    assert identity is not None and identity.key() == key
    assert [each.name for each in identity.staff] == ["Lê Văn Mẫu"]


@pytest.mark.parametrize(
    ("content", "named"), [(b"", "can't be read"), (None, "can't be read"), (b"P-256", "no X25519")]
)
def test_key_that_is_not_the_hubs_is_named_at_the_start(tmp_path: Path, content: bytes | None, named: str) -> None:
    if content == b"P-256":
        other = ec.generate_private_key(ec.SECP256R1()).public_key()
        content = other.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    if content is not None:
        (tmp_path / "evidence.pub.pem").write_bytes(content)
    identity = load(_written(tmp_path, GOOD + IDENTITY)).identity
    assert identity is not None
    with pytest.raises(SettingsFault, match=rf"evidence\.pub\.pem.*{named}"):
        identity.key()
