"""hub.toml by commands: what a person types gives a file that the hub takes, and nothing unfit is ever written."""

import tomllib
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from contract.settings import SettingsFault
from hub import config as hub_config
from hub.roster import Role
from hub.store.address import name_on_this_machine
from provisioning.hub_setup import debian_broker
from provisioning.hub_setup.file import HubFile
from provisioning.tram import tram

PASSWORD = "một mật khẩu dài"
CERTIFIER = ("--role", "certifier", "--name", "Nguyễn Thị Mẫu", "--title", "Phó Chủ tịch")
AUTHORITY = ("--authority-document", "00/QĐ-UBND (mẫu)", "--valid-from", "2026-01-01")


@pytest.fixture
def file(tmp_path: Path) -> HubFile:
    begun = HubFile(tmp_path / "hub.toml")
    begun.begin({"agency.name": 'UBND phường "Mẫu"', "enrolment.address": "tram.mau.vn:8443"})
    return begun


def _typed(file: HubFile, verb: str, *words: str, password: str = PASSWORD) -> Result:
    argv = ["hub", verb, *words, "--config", str(file.path)]
    return CliRunner().invoke(tram, argv, env={"TRAM_OFFICER_PASSWORD": password})


def test_the_first_file_is_one_that_the_hub_takes_and_keeps_its_comments(file: HubFile) -> None:
    config = file.load()
    assert config.agency.name == 'UBND phường "Mẫu"'
    assert config.enrolment is not None
    assert config.enrolment.address == "tram.mau.vn:8443"
    assert "# QĐ 20/2020/QĐ-TTg" in file.path.read_text()
    assert file.path.stat().st_mode & 0o777 == 0o640


def test_a_first_file_that_the_hub_would_refuse_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="code"):
        HubFile(tmp_path / "hub.toml").begin({"agency.code": "không phải mã"})
    assert list(tmp_path.iterdir()) == []


def test_an_officer_is_entered_with_a_password_that_fits(file: HubFile) -> None:
    said = _typed(file, "officer", "canbo", *CERTIFIER, *AUTHORITY)
    assert said.exit_code == 0, said.output
    (officer,) = file.load().officers
    assert (officer.login, officer.role, officer.authority_document) == ("canbo", Role.CERTIFIER, "00/QĐ-UBND (mẫu)")
    assert PasswordHasher().verify(officer.password_hash, PASSWORD)
    assert PASSWORD not in file.path.read_text()


def test_who_is_there_gets_a_new_password_and_keeps_the_rest(file: HubFile) -> None:
    _typed(file, "officer", "canbo", *CERTIFIER, *AUTHORITY)
    assert "is changed" in _typed(file, "officer", "canbo", password="một mật khẩu khác").output
    (officer,) = file.load().officers
    assert officer.name == "Nguyễn Thị Mẫu"
    assert PasswordHasher().verify(officer.password_hash, "một mật khẩu khác")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("officer", "canbo", *CERTIFIER), "lacks authority_document"),
        (("officer", "canbo"), "missing required field"),
        (("officer", "Cán bộ", *CERTIFIER, *AUTHORITY), "login"),
        (("kiosk", "k-1", "--site", "Mẫu", "--legal-mode", "PILOT_REMOTE"), "legal_decision"),
    ],
)
def test_what_the_hub_would_refuse_is_said_and_not_written(file: HubFile, words: tuple[str, ...], says: str) -> None:
    before = file.path.read_bytes()
    said = _typed(file, *words)
    assert said.exit_code == 2
    assert says in said.output
    assert "/tmp/" not in said.output.replace(str(file.path), "")
    assert file.path.read_bytes() == before


def test_a_short_password_is_refused(file: HubFile) -> None:
    said = _typed(file, "officer", "canbo", *CERTIFIER, *AUTHORITY, password="ngắn")
    assert said.exit_code == 2
    assert not file.load().officers


def test_kiosks_are_entered_and_changed_each_alone(file: HubFile) -> None:
    for kiosk in ("k-1", "k-2"):
        _typed(file, "kiosk", kiosk, "--site", "Sảnh", "--legal-mode", "PREPARE_ONLY")
    _typed(file, "kiosk", "k-1", "--site", "Tầng 2")
    assert [(each.id, each.site) for each in file.load().kiosks] == [("k-1", "Tầng 2"), ("k-2", "Sảnh")]


def test_what_a_person_wrote_by_hand_stays(file: HubFile) -> None:
    file.path.write_text(file.path.read_text().replace("[console]", "# của chúng tôi\n[console]"))
    _typed(file, "kiosk", "k-1", "--site", "Sảnh", "--legal-mode", "PREPARE_ONLY")
    assert "# của chúng tôi\n[console]" in file.path.read_text()


def test_without_a_file_the_command_says_what_makes_one(tmp_path: Path) -> None:
    said = _typed(HubFile(tmp_path / "hub.toml"), "kiosk", "k-1", "--site", "S", "--legal-mode", "PREPARE_ONLY")
    assert said.exit_code == 2
    assert "tram hub init" in said.output


def test_the_template_names_no_key_that_the_hub_does_not_know() -> None:
    template = Path(debian_broker.__file__).with_name("hub.toml")
    assert hub_config.load(template).database
    assert set(tomllib.loads(template.read_text())) <= set(hub_config.HubConfig.__struct_fields__)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql+psycopg:///tram-hub?host=/run/postgresql", "tram-hub"),
        ("postgresql+psycopg://hub:secret@db.mau.vn/tram", ""),
        ("", ""),
    ],
)
def test_only_the_database_behind_this_machines_socket_is_made(url: str, name: str) -> None:
    assert name_on_this_machine(url) == name
