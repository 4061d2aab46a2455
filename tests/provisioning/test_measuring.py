"""What runs in a slot, measured: what the hub knows as published while its files are whole, else something else."""

import shutil
from pathlib import Path

import pytest

from agent.update.building import build, site_packages
from agent.update.measuring import contents_of
from agent.update.release import Release, object_path
from agent.update.slots import Slots
from agent.update.store import Store
from hub.fleet import releases
from tests.prove.update.publisher import Publisher


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path / "publisher")


def built(folder: Path, publisher: Publisher, release: Release) -> Path:
    """A slot with the release in it, as the updater makes one."""
    store = Store(folder=folder / "store", site=folder / "none", wheels=folder / "none")
    store.folder.mkdir(parents=True)
    for each in release.contents:
        shutil.copyfile(publisher.repository / object_path(each.sha256), store.path(each))
    slots = Slots(folder)
    build(slots, "a", release, store)
    return slots.folder("a")


def test_a_built_slot_is_what_the_hub_offers_until_a_file_of_it_changes_or_goes(
    tmp_path: Path, publisher: Publisher
) -> None:
    release = publisher.publish("1.2.0")
    slot = built(tmp_path / "kiosk", publisher, release)
    assert releases.offered(publisher.repository, "1.2.0") == {contents_of(slot)}
    file = site_packages(slot, release.python) / next(each.path for each in release.files if each.path.endswith(".py"))
    file.write_bytes(file.read_bytes() + b"\n")
    changed = contents_of(slot)
    file.unlink()
    gone = contents_of(slot)
    assert len({changed, gone} | (releases.offered(publisher.repository, "1.2.0") or set())) == 3


def test_a_slot_that_no_release_made_says_nothing(tmp_path: Path) -> None:
    assert contents_of(tmp_path) == b""
    (tmp_path / "release.json.gz").write_bytes(b"spoilt")
    assert contents_of(tmp_path) == b""


def test_a_version_that_was_withdrawn_or_never_published_is_not_offered(publisher: Publisher) -> None:
    assert releases.offered(publisher.repository, "1.2.0") is None
    first, second = publisher.publish("1.2.0"), publisher.publish("1.2.1")
    publisher.store.withdraw(first.platform, first.version)
    assert releases.offered(publisher.repository, "1.2.0") == set()
    assert len(releases.offered(publisher.repository, "1.2.1") or ()) == 1
    publisher.store.withdraw(second.platform, second.version)
    assert releases.offered(publisher.repository, "1.2.1") == set()
    assert releases.offered(publisher.repository.parent, "1.2.1") is None
