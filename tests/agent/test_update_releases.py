"""What a kiosk believes of a repository: keys change, time goes by, strangers and old states are refused by name."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from agent.update.faults import ClockNotTrusted, ReleaseRefused, RepositoryAway, RepositoryRefused
from agent.update.fetching import Wire
from agent.update.releases import Releases
from agent.update.trusted_time import trusted_now
from contract.clock import SimulatedClock, SystemClock
from provisioning.releasing.repository import NotPublished
from provisioning.releasing.root import RootWrong
from tests.clock_reports import believable
from tests.prove.update.mirror import Mirror, Served
from tests.prove.update.publisher import Publisher

NOW = datetime.now(UTC)  # python-tuf asks the machine's own clock whether metadata have expired


@pytest.fixture
def publisher(folder: Path) -> Publisher:
    publisher = Publisher(folder / "publisher", SimulatedClock(NOW))
    publisher.publish("1.1")
    return publisher


@pytest.fixture
def mirror(publisher: Publisher) -> Mirror:
    return Mirror(folder=publisher.repository)


@pytest.fixture
def served(mirror: Mirror) -> Iterator[Served]:
    served = mirror.serve()
    yield served
    served.close()


class Eyes:
    """A kiosk that looks at the repository again and again, with the root that it was installed with."""

    def __init__(self, url: str, folder: Path, root: bytes) -> None:
        self._url, self._folder, self._root = url, folder, root

    def look(self, version: str = "1.1") -> str:
        with httpx.Client() as client:
            releases = Releases(Wire(self._url, client, SystemClock()), self._folder, self._root)
            releases.refresh()
            return releases.find(version).version


@pytest.fixture
def eyes(publisher: Publisher, served: Served, folder: Path) -> Eyes:
    return Eyes(served.url, folder / "metadata", publisher.first_root)


def test_a_release_is_found_again_and_again_and_another_is_named(eyes: Eyes, publisher: Publisher) -> None:
    assert eyes.look() == "1.1" == eyes.look()
    with pytest.raises(ReleaseRefused, match=r"no release 1\.2 for"):
        eyes.look("1.2")
    publisher.publish("1.2")
    assert eyes.look("1.2") == "1.2"


def test_months_in_a_warehouse_while_all_keys_changed_and_the_first_root_expired(folder: Path) -> None:
    clock = SimulatedClock(NOW - timedelta(days=425))  # root 1 expired 60 days ago
    publisher = Publisher(folder / "publisher", clock)
    publisher.publish("1.1")
    for days, changed in ((200, "root1"), (150, "root2"), (70, "online"), (5, "targets")):
        clock.advance(timedelta(days=days).total_seconds())
        publisher.replace_key(changed)
        signers = tuple({"root1", "root2", "root3"} - {changed})
        publisher.new_root((*signers, changed) if changed.startswith("root") else signers)
        publisher.store.resign_targets()
        publisher.store.renew()
    publisher.publish("1.2")
    mirror = Mirror(folder=publisher.repository)
    served = mirror.serve()
    try:
        eyes = Eyes(served.url, folder / "metadata", publisher.first_root)
        assert eyes.look("1.2") == "1.2"
        (publisher.repository / "metadata" / "2.root.json").unlink()
        with pytest.raises(RepositoryRefused, match="have expired"):
            Eyes(served.url, folder / "others", publisher.first_root).look("1.2")
    finally:
        served.close()


def test_frozen_repository_is_found_out_after_a_week(eyes: Eyes, publisher: Publisher, folder: Path) -> None:
    stale = Publisher(folder / "stale", SimulatedClock(NOW - timedelta(days=8)))
    stale.publish("1.1")
    served = Mirror(folder=stale.repository).serve()
    try:
        with pytest.raises(RepositoryRefused, match="nobody renewed them, or an old state is shown"):
            Eyes(served.url, folder / "seen", stale.first_root).look()
        stale.clock.advance(timedelta(days=8).total_seconds())
        stale.store.renew()
        assert Eyes(served.url, folder / "seen", stale.first_root).look() == "1.1"
    finally:
        served.close()


def test_older_state_than_was_seen_is_refused(eyes: Eyes, publisher: Publisher, mirror: Mirror, folder: Path) -> None:
    shutil.copytree(publisher.repository / "metadata", folder / "old" / "metadata")
    publisher.publish("1.2")
    assert eyes.look("1.2") == "1.2"
    mirror.metadata = folder / "old"
    with pytest.raises(RepositoryRefused, match="older metadata than this kiosk has seen"):
        eyes.look()


def test_stranger_with_the_same_tools_is_refused(eyes: Eyes, mirror: Mirror, folder: Path) -> None:
    stranger = Publisher(folder / "stranger")
    stranger.publish("1.1")
    mirror.metadata = stranger.repository
    with pytest.raises(RepositoryRefused, match="not those of the trusted keys"):
        eyes.look()


def test_spoilt_first_root_is_said(served: Served, folder: Path) -> None:
    with pytest.raises(RepositoryRefused, match="the root that was installed"):
        Eyes(served.url, folder / "seen", b"{}").look()


def test_changed_release_file_is_refused(eyes: Eyes, publisher: Publisher) -> None:
    (file,) = publisher.repository.glob("targets/*/1.1/*.release.json.gz")
    changed = bytearray(file.read_bytes())
    changed[9] ^= 1  # gzip's name of the system: it opens as before, and is as long
    file.write_bytes(changed)
    with pytest.raises(RepositoryRefused, match="not the one that was signed"):
        eyes.look()


def test_metadata_without_end_are_cut_off(eyes: Eyes, publisher: Publisher) -> None:
    (publisher.repository / "metadata" / "timestamp.json").write_bytes(b" " * 1_000_000)
    with pytest.raises(RepositoryRefused, match="more than a file may hold"):
        eyes.look()


def test_network_that_is_away_is_no_lie(eyes: Eyes, mirror: Mirror, publisher: Publisher) -> None:
    mirror.away = True
    with pytest.raises(RepositoryAway):
        eyes.look()
    mirror.away = False
    (publisher.repository / "metadata" / "timestamp.json").unlink()
    with pytest.raises(RepositoryAway, match="HTTP 404"):
        eyes.look()


def test_one_holder_alone_makes_no_root(publisher: Publisher) -> None:
    with pytest.raises(RootWrong, match="lacks signatures"):
        publisher.new_root(("root1",))
    with pytest.raises(RootWrong, match="lacks signatures"):
        publisher.new_root(("root1", "root1"))
    with pytest.raises(RootWrong, match="4 of 3 root keys"):
        publisher.new_root(("root1", "root2"), threshold=4)
    assert publisher.new_root(("root2", "root3")) == 2


def test_new_holders_without_the_old_make_no_root(publisher: Publisher) -> None:
    for name in ("root1", "root2", "root3"):
        publisher.replace_key(name)
    with pytest.raises(RootWrong, match="lacks signatures"):
        publisher.new_root(("root1", "root2", "root3"))


def test_publisher_needs_the_right_key_and_a_higher_number(publisher: Publisher) -> None:
    publisher.number = 0
    with pytest.raises(NotPublished, match="higher number"):
        publisher.publish("1.2")
    publisher.number = 5
    with pytest.raises(NotPublished, match="higher number"):
        publisher.publish("1.1")
    publisher.replace_key("targets")
    with pytest.raises(NotPublished, match="may not sign targets"):
        publisher.publish("1.3")


def test_without_the_online_key_nothing_is_half_published(publisher: Publisher, eyes: Eyes) -> None:
    good = publisher.key("online").read_bytes()
    publisher.key("online").write_bytes(publisher.key("targets").read_bytes())
    with pytest.raises(NotPublished, match="may not sign snapshot"):
        publisher.publish("1.2")
    publisher.key("online").write_bytes(good)
    assert publisher.publish("1.2").number == 3 and eyes.look("1.2") == "1.2"


def test_withdrawn_release_is_no_longer_there(eyes: Eyes, publisher: Publisher) -> None:
    (name,) = publisher.store.releases()
    platform = name.split("/")[0]
    publisher.store.withdraw(platform, "1.1")
    with pytest.raises(ReleaseRefused):
        eyes.look()
    with pytest.raises(NotPublished, match=r"no release 1\.1"):
        publisher.store.withdraw(platform, "1.1")


def test_time_is_believed_only_once_it_was_set_and_never_backwards(clock: SimulatedClock, folder: Path) -> None:
    report, now = folder / "report", clock.now()
    with pytest.raises(ClockNotTrusted, match="nobody has written"):
        trusted_now(clock, report, None)
    assert trusted_now(clock, believable(report), now) == now
    with pytest.raises(ClockNotTrusted, match="it went back"):
        trusted_now(clock, report, now + timedelta(seconds=1))
