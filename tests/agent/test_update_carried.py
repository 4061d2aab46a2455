"""A release that was carried here: judged as one from a server, brought with the agent's leave, no network anywhere."""

import asyncio
import errno
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent.update import lease, progress
from agent.update.faults import ClockNotTrusted, FolderAway, RepositoryRefused
from agent.update.health import Agent
from agent.update.progress import BY_HAND, Phase, Record
from agent.update.source import Carried
from agent.update.trial import Trial
from agent.update.updater import AnotherRuns, Updater
from provisioning.carried_update import CarriedWrong, become_owner, bring, found
from tests.prove.update.cut import HurriedClock
from tests.prove.update.kiosk import Kiosk
from tests.prove.update.publisher import Publisher


class ByHand(Kiosk):
    """The stand-in of a kiosk whose agent gives leave to whoever carried a release here."""

    def _serve(self) -> None:
        wish = progress.wish(self.place.carried)
        if wish and progress.read(self.place.progress).phase is Phase.STAGED:
            lease.grant(self.place.lease, wish.job, self.clock)


@pytest.fixture
def publisher(folder: Path) -> Publisher:
    made = Publisher(folder / "publisher")
    made.publish("1.1")
    return made


@pytest.fixture
def kiosk(folder: Path, publisher: Publisher) -> Iterator[ByHand]:
    kiosk = ByHand(folder / "disk", folder / "memory")
    kiosk.slots.folder("a").mkdir(parents=True)
    (kiosk.slots.folder("a") / "VERSION").write_text("1.0\n")
    for link in ("current", "kept"):
        (kiosk.place.root / link).symlink_to("slots/a")
    yield kiosk
    kiosk.power_cut()


def updater(kiosk: ByHand, publisher: Publisher, folder: Path, **more: bool) -> Updater:
    clock = HurriedClock(kiosk.clock.now() - kiosk.clock.now())
    trial = Trial(
        place=kiosk.place, slots=kiosk.slots, record=Record(kiosk.place.progress), agent=Agent(kiosk.port),
        clock=clock, minutes=2, steady_s=0.2, look_every_s=0.6,
    )  # fmt: skip
    return Updater(
        place=kiosk.place, source=Carried(folder=folder), trusted_root=publisher.first_root, trial=trial,
        slots=kiosk.slots, clock=clock, **more,
    )  # fmt: skip


async def test_the_newest_release_of_a_stick_is_built_tried_and_kept(publisher: Publisher, folder: Path) -> None:
    kiosk, objects = ByHand(folder / "disk", folder / "memory"), publisher.repository / "objects"
    kiosk.install(publisher.publish("1.2"), objects)
    publisher.publish("1.3")
    kiosk.start()
    try:
        told: list[str] = []
        assert await bring(updater(kiosk, publisher, publisher.repository), "", told.append)
        assert told[-1] == "1.3   kept: 1.3 runs" and any("on trial" in line for line in told)
        assert max(map(len, told)) <= 80  # a console without a window
        stands = progress.read(kiosk.place.progress)
        assert (stands.phase, stands.version, stands.distrust) == (Phase.KEPT, "1.3", None)
        assert stands.job.startswith(BY_HAND) and not kiosk.place.carried.exists()
        assert kiosk.slots.version(kiosk.slots.kept) == kiosk.version_that_answers() == "1.3"
        refused = await updater(kiosk, publisher, publisher.repository).bring("1.1")
        assert refused.phase is Phase.FAILED and "is older than 1.3" in refused.detail
    finally:
        kiosk.power_cut()


async def test_a_stick_of_another_publisher_is_not_believed(kiosk: ByHand, publisher: Publisher, folder: Path) -> None:
    stranger = Publisher(folder / "stranger")
    stranger.publish("9.9")
    with pytest.raises(RepositoryRefused, match="not those of the trusted keys"):
        await updater(kiosk, publisher, stranger.repository).bring()
    distrust = progress.read(kiosk.place.progress).distrust
    assert distrust and "trusted keys" in distrust.cause and "Tell the publisher" in distrust.remedy


async def test_a_stick_that_lacks_something_or_is_pulled_is_named(kiosk: ByHand, publisher: Publisher) -> None:
    shutil.rmtree(publisher.repository / "objects")
    stands = await updater(kiosk, publisher, publisher.repository).bring()
    assert stands.phase is Phase.FAILED and "404" in stands.detail and "Put the stick in again" in stands.detail
    again = updater(kiosk, publisher, publisher.repository)
    publisher.repository.rename(publisher.repository.with_name("pulled"))
    with pytest.raises(FolderAway, match="is not there any more"):
        await again.bring()


async def test_without_a_time_server_somebody_must_have_compared_the_clock(kiosk: ByHand, publisher: Publisher) -> None:
    kiosk.place.clock_report.unlink()
    with pytest.raises(ClockNotTrusted):
        await updater(kiosk, publisher, publisher.repository).bring()
    stands = await updater(kiosk, publisher, publisher.repository, is_clock_vouched_for=True).bring("1.0.7")
    assert "has no release 1.0.7" in stands.detail


def test_a_folder_that_is_no_repository_is_told_with_what_was_meant(publisher: Publisher, folder: Path) -> None:
    assert found(publisher.repository) == Carried(folder=publisher.repository.resolve())
    with pytest.raises(CarriedWrong, match=r"Did you mean .*repository\?"):
        found(publisher.repository.parent)
    with pytest.raises(CarriedWrong, match="Is the stick mounted"):
        found(folder / "none")


def test_a_folder_that_only_root_may_read_is_told_with_the_way_out(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CarriedWrong, match="Copy it to /var/tmp"):
        found(publisher.repository)


async def test_who_withdraws_while_it_reads_keeps_the_lock_to_the_end_of_that_step(
    kiosk: ByHand, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, goes_on = threading.Event(), threading.Event()

    def slow(self: Updater, _: object) -> None:
        reads.set()
        goes_on.wait(10)

    monkeypatch.setattr(Updater, "_bring_and_build", slow)
    work = asyncio.create_task(updater(kiosk, publisher, publisher.repository).bring())
    await asyncio.to_thread(reads.wait, 10)
    work.cancel()
    await asyncio.wait([work], timeout=0.2)
    assert not work.done()
    with pytest.raises(AnotherRuns):
        await updater(kiosk, publisher, publisher.repository).bring()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not kiosk.place.carried.exists()


def test_what_root_makes_with_a_narrow_umask_can_be_run_by_the_agent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "initgroups", lambda *_: None)
    monkeypatch.setattr(os, "setgid", taken.append)
    monkeypatch.setattr(os, "setuid", taken.append)
    monkeypatch.setattr(Path, "stat", lambda _: SimpleNamespace(st_uid=1, st_gid=1))
    before = os.umask(0o077)
    try:
        become_owner(folder)
        assert (taken, os.umask(0o077)) == ([1, 1], 0o022)
    finally:
        os.umask(before)
