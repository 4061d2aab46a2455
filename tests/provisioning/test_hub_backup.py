"""A hub in one archive: what `tram hub backup` wrote, `tram hub restore` makes a hub of, and never over another."""

import shutil
import stat
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contract.clock import VIETNAM, SystemClock
from hub import app
from hub.register import numbers, restored
from hub.rooms import Hub
from hub.store import counters, roster
from hub.store.tables import Kiosk
from provisioning.hub_setup import backup, debian_broker
from provisioning.hub_setup.file import HubFile
from provisioning.tram import tram


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HubFile:
    """A hub on SQLite with a kiosk, keys and a draft; the machine's broker is not touched."""
    monkeypatch.setattr(debian_broker, "CONFIG", tmp_path / "broker.conf")
    monkeypatch.setattr(debian_broker, "ACL_FILE", tmp_path / "broker.acl")
    monkeypatch.setattr(debian_broker, "start", lambda: "")
    begun = HubFile(tmp_path / "hub.toml")
    begun.begin({"data_dir": str(tmp_path / "data"), "database": ""})
    begun.enter("kiosks", "id", {"id": "k-1", "site": "Sảnh", "legal_mode": "PREPARE_ONLY"})
    config = begun.load()
    app.open_pki(config, SystemClock())
    hub = Hub.open(config, SystemClock())
    roster.take_over(hub.database, config, hub.clock.now())
    hub.drafts.put(b"a draft")
    hub.database.close()
    return begun


def _typed(file: HubFile, verb: str, archive: Path, *, last: int = 0) -> Result:
    more = ["--last-number", str(last)] if verb == "restore" else []
    return CliRunner().invoke(tram, ["hub", verb, str(archive), "--config", str(file.path), *more])


def _files(folder: Path) -> dict[str, bytes]:
    left_out = ("hub.sqlite", ".pki.lock")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(left_out)
    }


def test_a_lost_hub_is_the_same_again(file: HubFile, tmp_path: Path) -> None:
    archive, data = tmp_path / "books.tar", tmp_path / "data"
    before, text = _files(data) | {"last-number.json": b""}, file.path.read_text()
    assert _typed(file, "backup", archive).exit_code == 0
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    shutil.rmtree(data)
    file.path.unlink()
    said = _typed(file, "restore", archive, last=57)
    assert said.exit_code == 0, said.output
    assert file.path.read_text() == text
    assert _files(data).keys() == before.keys()
    assert {each: held for each, held in _files(data).items() if before[each] not in (held, b"")} == {}
    hub = Hub.open(file.load(), SystemClock())
    restored.take_over(hub)
    with hub.database.writing() as session:
        assert session.get_one(Kiosk, "k-1").site == "Sảnh"
        year = hub.clock.now().astimezone(VIETNAM).year
        assert counters.take(session, numbers.series(hub.config, year), first=1) == 58
    hub.database.close()


def test_without_the_last_number_nothing_is_restored(tmp_path: Path) -> None:
    (archive := tmp_path / "books.tar").touch()
    said = CliRunner().invoke(tram, ["hub", "restore", str(archive), "--config", str(tmp_path / "hub.toml")], input="")
    assert said.exit_code == 1
    assert "The last number that the lost hub gave" in said.output
    assert list(tmp_path.iterdir()) == [archive]


def test_nothing_is_put_over_the_keys_of_a_hub(file: HubFile, tmp_path: Path) -> None:
    archive, data = tmp_path / "books.tar", tmp_path / "data"
    _typed(file, "backup", archive)
    before = _files(data)
    said = _typed(file, "restore", archive)
    assert said.exit_code == 2
    assert "nothing is put over them" in said.output
    assert _files(data) == before


def test_a_torn_archive_makes_no_hub(file: HubFile, tmp_path: Path) -> None:
    archive, data = tmp_path / "books.tar", tmp_path / "data"
    _typed(file, "backup", archive)
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 3])
    shutil.rmtree(data)
    said = _typed(file, "restore", archive)
    assert said.exit_code == 2
    assert "It is not restored" in said.output
    assert not data.exists()


def test_a_scan_that_the_running_hub_destroys_meanwhile_is_passed_over(
    file: HubFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, drafts = tmp_path / "books.tar", tmp_path / "data" / "drafts"
    names = sorted(path for path in drafts.rglob("*") if path.is_file())
    second = names[0].with_name("f" * 64)
    shutil.copyfile(names[0], second)
    wanted = backup._wanted

    def purged_meanwhile(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
        if member.name.endswith(names[0].name):
            second.unlink()
        return wanted(member)

    monkeypatch.setattr(backup, "_wanted", purged_meanwhile)
    said = _typed(file, "backup", archive)
    assert said.exit_code == 0, said.output
    with tarfile.open(archive) as tar:
        held = [Path(name).name for name in tar.getnames()]
    assert names[0].name in held and second.name not in held and "pki" in held


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "data/../../outside"])
def test_an_archive_that_leads_elsewhere_is_refused(file: HubFile, tmp_path: Path, name: str) -> None:
    archive = tmp_path / "books.tar"
    with tarfile.open(archive, "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    shutil.rmtree(tmp_path / "data")
    said = _typed(file, "restore", archive)
    assert said.exit_code == 2
    assert "does not write" in said.output
    assert not (tmp_path / "data").exists()


def test_a_backup_that_fails_leaves_the_one_before(file: HubFile, tmp_path: Path) -> None:
    archive = tmp_path / "books.tar"
    _typed(file, "backup", archive)
    before = archive.read_bytes()
    (tmp_path / "data/hub.sqlite").write_bytes(b"no database" * 1000)
    said = _typed(file, "backup", archive)
    assert said.exit_code == 2
    assert "There is no backup" in said.output
    assert archive.read_bytes() == before
    assert tarfile.is_tarfile(archive)
    assert not list(tmp_path.glob("*.part"))
