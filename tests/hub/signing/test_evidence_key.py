"""The key for evidence of identity is replaced without losing what is sealed to the one before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from contract.identity_evidence import key_id
from hub.signing.evidence_key import KEY, OVERLAP, PUBLIC, EvidenceKeys
from hub.signing.faults import PkiDamaged
from provisioning.tram import tram

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)


def _ids(keys: EvidenceKeys) -> list[str]:
    return [key_id(key.public_key()) for key in keys.all]


def test_the_first_key_is_made_once_and_published(tmp_path: Path) -> None:
    keys = EvidenceKeys.ensure(tmp_path / "keys")
    assert _ids(EvidenceKeys.ensure(tmp_path / "keys")) == _ids(keys)
    assert (tmp_path / "keys" / PUBLIC).read_bytes() == keys.public_pem
    assert (tmp_path / "keys" / KEY).stat().st_mode & 0o777 == 0o600


def test_a_rotated_key_is_current_at_once_and_the_old_one_opens_until_its_overlap_is_over(tmp_path: Path) -> None:
    keys = EvidenceKeys.ensure(tmp_path / "keys")
    (first,) = _ids(keys)
    second = keys.rotate(NOW)
    assert _ids(keys) == [second, first] and (tmp_path / "keys" / PUBLIC).read_bytes() == keys.public_pem
    assert keys.overdue(NOW + OVERLAP) == [] and keys.overdue(NOW + OVERLAP + timedelta(seconds=1)) == [first]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "keys").glob("*.old.pem"))
    keys.destroy([first])
    assert _ids(keys) == [second]


def test_a_power_cut_amid_a_rotation_leaves_every_key_and_a_true_public_half(tmp_path: Path) -> None:
    keys = EvidenceKeys.ensure(tmp_path / "keys")
    before = (tmp_path / "keys" / PUBLIC).read_bytes()
    second = keys.rotate(NOW)
    (tmp_path / "keys" / PUBLIC).write_bytes(before)  # the last step did not come
    assert _ids(EvidenceKeys.ensure(tmp_path / "keys"))[0] == second
    assert (tmp_path / "keys" / PUBLIC).read_bytes() == keys.public_pem != before


def test_a_damaged_key_is_named(tmp_path: Path) -> None:
    keys = EvidenceKeys.ensure(tmp_path / "keys")
    (tmp_path / "keys" / KEY).write_bytes(b"no key")
    with pytest.raises(PkiDamaged, match=KEY):
        _ids(keys)


def test_the_operators_command_rotates_and_does_not_revoke(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(
        f'data_dir = "{tmp_path}"\nverify_base_url = "https://tram.example.vn/v"\n'
        '[agency]\nname = "UBND phường Mẫu"\ncode = "H26.1.23"\nplace = "Hà Nội"\nprovince = "Hà Nội"\n'
        '[mqtt]\nhost = "localhost"\nport = 1\nca = "ca.pem"\ncert = "hub.pem"\nkey = "hub.key"\n'
    )
    keys = EvidenceKeys.ensure(tmp_path / "evidence-key")
    (first,) = _ids(keys)
    done = CliRunner().invoke(tram, ["keys", "rotate", "evidence", "--config", str(file)])
    assert done.exit_code == 0, done.output
    assert "within the hour" in done.output
    assert len(_ids(keys)) == 2 and _ids(keys)[1] == first and _ids(keys)[0] in done.output
    wrong = CliRunner().invoke(tram, ["keys", "rotate", "evidence", "--revoke-old", "--config", str(file)])
    assert wrong.exit_code == 2 and len(_ids(keys)) == 2
