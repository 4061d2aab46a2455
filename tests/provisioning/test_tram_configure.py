"""`tram configure`: nothing unfit is written, the nearest valid key is named, and every change can be taken back."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent.config import load
from provisioning import kiosk_file
from provisioning.configure import configure
from provisioning.kiosk_file import KioskFile

SOUND = """\
[kiosk]
id = "kiosk-01" # as on its plate
site = "Sảnh A"
province = "Hà Nội"
folder = "var"
legal_mode = "PREPARE_ONLY"
presented = "COUNTER"
pays_by_transfer = true

[hub]
host = "hub.example.vn"
public_url = "https://tram.example.vn"
ca = "ca.pem"
certificate = "device.pem"
key = "device.key"

[scanner]
class = "agent.devices.scanner.FolderScanner"
pages = []
config_dir = "sane"

[printer]
class = "agent.devices.page_printer.IppPrinter"
uri = "ipp://127.0.0.1/ipp/print"
book = "jobs.json"
"""


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(SOUND, encoding="utf-8")
    path.chmod(0o640)
    return path


def tram(toml: Path, verb: str, *words: str) -> Result:
    return CliRunner().invoke(configure, [verb, *words, "--config", str(toml)])


def test_a_change_is_shown_written_and_leaves_comments_and_rights(toml: Path) -> None:
    done = tram(toml, "set", "kiosk.site=Sảnh B", "hub.port=8884", "screen.port=8090")
    assert done.exit_code == 0, done.output
    assert '-site = "Sảnh A"' in done.output and '+site = "Sảnh B"' in done.output
    changed = load(toml)
    assert (changed.kiosk.site, changed.hub.port, changed.screen.port) == ("Sảnh B", 8884, 8090)
    assert "# as on its plate" in toml.read_text(encoding="utf-8") and toml.stat().st_mode & 0o777 == 0o640
    (kept,) = KioskFile(toml).versions()
    assert kept.read_text(encoding="utf-8") == SOUND and kept.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("kiosk.sight=X", "Did you mean 'kiosk.site'?"),
        ("hbu.port=1", "Did you mean 'hub'?"),
        ("printer.urii=x", "[printer] has no option 'urii'. Did you mean 'uri'?"),
        ("printer.class=agent.devices.page_printer.Ipp", "can't be loaded"),
        ("hub.port=70000", "port"),
        ("kiosk.legal_mode=FREE", "Invalid enum value 'FREE'"),
        ("kiosk.id=", "id"),
        ("kiosk.site", "Write KEY=VALUE"),
    ],
)
def test_what_is_unfit_is_said_and_not_written(toml: Path, change: str, says: str) -> None:
    done = tram(toml, "set", change)
    assert done.exit_code == 2 and says in done.output, done.output
    assert toml.read_text(encoding="utf-8") == SOUND and KioskFile(toml).versions() == []


def test_going_back_is_shown_first_and_can_itself_be_taken_back(toml: Path) -> None:
    tram(toml, "set", "kiosk.site=Sảnh B")
    tram(toml, "set", "kiosk.site=Sảnh C")
    shown = tram(toml, "diff")
    assert shown.exit_code == 1 and '+site = "Sảnh B"' in shown.output
    assert tram(toml, "rollback").exit_code == 0 and load(toml).kiosk.site == "Sảnh B"
    assert tram(toml, "rollback", "1").exit_code == 0 and load(toml).kiosk.site == "Sảnh A"
    assert tram(toml, "rollback", "3").exit_code == 0 and load(toml).kiosk.site == "Sảnh C"
    missing = tram(toml, "rollback", "9")
    assert missing.exit_code == 2 and "There are: 5, 4, 3, 2, 1" in missing.output


def test_the_same_again_makes_no_version(toml: Path) -> None:
    done = tram(toml, "set", "kiosk.site=Sảnh A")
    assert done.exit_code == 0 and "stands there already" in done.output and KioskFile(toml).versions() == []


def test_a_disk_that_does_not_take_it_leaves_the_file_as_it_was(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = tram(toml, "set", "kiosk.site=Sảnh B")
    assert done.exit_code == 2 and "No space left on device" in done.output
    assert toml.read_text(encoding="utf-8") == SOUND and not list(toml.parent.glob("*.part"))


def test_old_versions_go(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk_file, "KEPT", 5)
    for number in range(8):
        KioskFile(toml).write(SOUND.replace("Sảnh A", f"Sảnh {number}"))
    assert [path.stem for path in KioskFile(toml).versions()] == ["0008", "0007", "0006", "0005", "0004"]


def test_a_file_that_is_sound_is_said_to_be(toml: Path) -> None:
    assert tram(toml, "check").output == f"{toml} is sound.\n"
    toml.write_text(SOUND.replace("site", "sit"), encoding="utf-8")
    assert "Did you mean 'kiosk.site'?" in tram(toml, "check").output


def test_what_the_hub_has_set_is_told_of_a_stopped_kiosk(toml: Path) -> None:
    done = tram(toml, "wanted")
    assert done.exit_code == 0 and "wanted     nothing" in done.output and "in effect  version 0: {}" in done.output
