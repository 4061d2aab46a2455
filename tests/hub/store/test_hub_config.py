"""hub.toml: what is wrong is named with its place, and the nearest valid key."""

from pathlib import Path

import pytest

from hub.config import HubConfig, load
from hub.faults import ConfigInvalid

GOOD = """
data_dir = "hub"
verify_base_url = "https://tram.example.vn/V"
[agency]
name = "UBND phường Mẫu"
code = "H26.1.23"
place = "Hà Nội"
province = "Hà Nội"
[mqtt]
host = "127.0.0.1"
port = 8883
ca = "ca.pem"
cert = "hub.pem"
key = "hub.key"
[[officers]]
login = "mau"
password_hash = "$argon2id$v=19$x"
name = "Trần Thị Mẫu"
title = "Phó Chủ tịch"
role = "certifier"
authority_document = "QĐ 12"
valid_from = 2026-01-01
[[kiosks]]
id = "tram-01"
site = "Mẫu"
legal_mode = "STAFFED_AT_OFFICE"
"""


def loaded(tmp_path: Path, content: str) -> HubConfig:
    path = tmp_path / "hub.toml"
    path.write_text(content, encoding="utf-8")
    return load(path)


def test_good_file_is_read_with_defaults(tmp_path: Path) -> None:
    config = loaded(tmp_path, GOOD)
    assert config.book_code == "SCTĐT/BS"
    assert config.http.port == 8080
    assert config.officers[0].valid_to is None


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("data_dir =", "datadir =", "'data_dir'"),
        ("port = 8883", "prot = 8883", "'mqtt.port'"),
        ("login =", "logon =", "'officers.login'"),
        ("[[kiosks]]", "[[kiosk]]", "'kiosks'"),
        ("port = 8883", "port = 88830", "mqtt.port"),
        ('role = "certifier"', 'role = "chief"', "role"),
        ('"https://tram', '"tram', "verify_base_url"),
        ('legal_mode = "STAFFED_AT_OFFICE"', 'legal_mode = "PILOT_REMOTE"', "legal_decision"),
        ("valid_from = 2026-01-01", "", "valid_from"),
        ('host = "127.0.0.1"', "", "host"),
        ('code = "H26.1.23"', 'code = "phường Mẫu"', "agency.code"),
        ('"$argon2id$v=19$x"', '"a plain password"', "password_hash"),
        ("[agency]", "[agency", "not TOML"),
    ],
)
def test_mistake_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigInvalid) as fault:
        loaded(tmp_path, GOOD.replace(old, new, 1))
    assert named in str(fault.value)
    assert "hub.toml" in str(fault.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="There is no"):
        load(tmp_path / "hub.toml")


MOJ = '[adapters.moj]\nurl = "https://moj.example.vn"\nsecret_file = "moj.secret"\n'


@pytest.mark.parametrize(
    ("section", "named"),
    [
        (MOJ.replace("https", "http"), "https"),
        (f'{MOJ}certificate = "hub.pem"\n', "private_key"),
        (f'{MOJ}tokn_file = "x"\n', "adapters.moj.tokn_file"),
        (MOJ.replace("moj]", "mojj]"), "Did you mean 'adapters.moj'"),
        (MOJ.replace("moj]", "portal]"), "account"),
        (
            MOJ.replace("moj]", "portal]") + 'account = "h26"\ndownloads = "http://hub.example.vn"\n',
            "citizens' papers travel from it",
        ),
        (MOJ.replace("moj]", "ihanoi]") + 'inbound_key = "none.key"\n', "none.key"),
    ],
    ids=[
        "plain-http",
        "half-of-mutual-tls",
        "misspelt-key",
        "misspelt-system",
        "no-account",
        "plain-downloads",
        "no-inbound-key",
    ],
)
def test_a_mistake_in_adapters_is_named(tmp_path: Path, section: str, named: str) -> None:
    with pytest.raises(ConfigInvalid) as told:
        loaded(tmp_path, f"{GOOD}{section}")
    assert named in str(told.value)


def test_adapters_are_read_each_with_its_own_deadline(tmp_path: Path) -> None:
    config = loaded(tmp_path, f"{GOOD}{MOJ}deadline_s = 3.5\n")
    assert list(config.adapters.peers) == ["moj"]
    assert config.adapters.peers["moj"].deadline_s == 3.5
