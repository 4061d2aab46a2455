"""The switch and the trial in virtual time: well and kept, or given back by itself; each cut ends in old or new."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.update import lease, progress
from agent.update.health import UNIT, Agent, Silent, worse
from agent.update.place import Place
from agent.update.progress import BY_HAND, Health, Phase, Record
from agent.update.slots import Slots
from agent.update.trial import MOST_STARTS, Trial
from contract.clock import SimulatedClock

GOOD = Health(devices=("scanner", "printer"), online=True)
OLD, NEW = "1.0", "1.1"


@dataclass
class FakeAgent:
    """An agent that is as the script says at each moment: (version, health), or None where it is silent."""

    clock: SimulatedClock
    script: Callable[[float], tuple[str, Health] | None] = lambda _: (NEW, GOOD)
    is_given_up_at: Callable[[float], bool] = lambda _: False
    began_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.began_s = self.clock.monotonic()

    async def health(self) -> tuple[str, Health]:
        said = self.script(self._age_s)
        if said is None:
            raise Silent("the program does not answer")
        return said

    async def is_given_up(self) -> bool:
        return self.is_given_up_at(self._age_s)

    @property
    def _age_s(self) -> float:
        return self.clock.monotonic() - self.began_s


@pytest.fixture
def place(folder: Path) -> Place:
    place = Place(
        root=folder, folder=folder / "var", run=folder / "run", wheels=folder / "none",
        clock_report=folder / "set",
    )  # fmt: skip
    for each in (place.folder, place.run):
        each.mkdir()
    for name, version in (("a", OLD), ("b", NEW)):
        slot = Slots(folder).folder(name)
        slot.mkdir(parents=True)
        (slot / "VERSION").write_text(f"{version}\n")
    _point(folder, current="a", kept="a")
    return place


def _point(root: Path, **links: str) -> None:
    for name, slot in links.items():
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(f"slots/{slot}")


def _trial(place: Place, clock: SimulatedClock, agent: FakeAgent | None = None) -> Trial:
    return Trial(
        place=place,
        slots=Slots(place.root),
        record=Record(place.progress),
        agent=agent or FakeAgent(clock),
        clock=clock,
    )


def _staged(place: Place, **more: object) -> None:
    known = {"phase": Phase.STAGED, "job": "j", "version": NEW, "slot": "b"} | more
    Record(place.progress).note(**known)


def _links(place: Place) -> tuple[str, str]:
    slots = Slots(place.root)
    return slots.current, slots.kept


async def test_well_for_a_minute_is_kept(place: Place, clock: SimulatedClock) -> None:
    _staged(place)
    lease.grant(place.lease, "j", clock)
    agent = FakeAgent(clock, lambda s: (OLD, GOOD) if s < 5 else None if s < 30 else (NEW, GOOD))
    assert await _trial(place, clock, agent).begin("j")
    assert _links(place) == ("b", "b") and place.restart.exists()
    assert progress.read(place.progress).phase is Phase.KEPT
    assert 90 <= clock.monotonic() - agent.began_s < 100


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (lambda s: (OLD, GOOD) if s == 0 else None, "the program does not answer"),
        (lambda s: (OLD, GOOD) if s == 0 else (NEW, GOOD) if s % 40 < 30 else None, "does not answer|long enough"),
        (lambda s: (OLD, GOOD) if s == 0 else (NEW, Health(devices=("printer",), online=True)), "usable: scanner"),
        (lambda s: (OLD, GOOD), "says it is 1.0"),
    ],
    ids=["silent", "flaps", "device lost", "never started"],
)
async def test_not_well_in_time_is_given_back_and_marked(
    place: Place, clock: SimulatedClock, script: Callable[[float], tuple[str, Health] | None], reason: str
) -> None:
    _staged(place)
    lease.grant(place.lease, "j", clock)
    agent = FakeAgent(clock, script)
    assert await _trial(place, clock, agent).begin("j")
    known = progress.read(place.progress)
    assert _links(place) == ("a", "a") and known.phase is Phase.RETURNED
    assert NEW in known.bad and re.search(reason, known.bad[NEW])
    assert f"{OLD} runs again" in known.detail and place.restart.exists()
    assert 600 <= clock.monotonic() - agent.began_s < 610


async def test_hub_that_is_away_gives_it_back_but_another_job_may_bring_it_again(
    place: Place, clock: SimulatedClock
) -> None:
    _staged(place)
    lease.grant(place.lease, "j", clock)
    agent = FakeAgent(clock, lambda s: (OLD, GOOD) if s == 0 else (NEW, Health(devices=GOOD.devices)))
    assert await _trial(place, clock, agent).begin("j")
    known = progress.read(place.progress)
    assert _links(place) == ("a", "a") and known.phase is Phase.RETURNED and known.bad == {}
    assert "the hub is no longer reached" in known.detail


async def test_program_that_is_started_no_more_is_given_back_at_once(place: Place, clock: SimulatedClock) -> None:
    _staged(place)
    lease.grant(place.lease, "j", clock)
    agent = FakeAgent(clock, lambda s: (OLD, GOOD) if s == 0 else None, is_given_up_at=lambda s: s >= 40)
    assert await _trial(place, clock, agent).begin("j")
    assert _links(place) == ("a", "a") and "ended at each of its starts" in progress.read(place.progress).bad[NEW]
    assert 40 <= clock.monotonic() - agent.began_s < 50


async def test_technician_needs_no_leave_of_a_program_that_is_started_no_more(
    place: Place, clock: SimulatedClock
) -> None:
    job = f"{BY_HAND}1"
    _staged(place, job=job)
    agent = FakeAgent(clock, lambda s: None if s < 20 else (NEW, GOOD))
    agent.is_given_up_at = lambda s: s < 5  # then systemd has begun the new one
    assert not await _trial(place, clock, agent).begin("j") and not place.restart.exists()
    assert await _trial(place, clock, agent).begin(job)
    assert _links(place) == ("b", "b") and progress.read(place.progress).phase is Phase.KEPT


async def test_program_that_starts_in_that_very_moment_stops_the_switch(place: Place, clock: SimulatedClock) -> None:
    job, asked = f"{BY_HAND}1", list[float]()

    def once(s: float) -> bool:
        asked.append(s)
        return len(asked) == 1

    _staged(place, job=job)
    agent = FakeAgent(clock, lambda _: None, is_given_up_at=once)
    assert not await _trial(place, clock, agent).begin(job)
    assert _links(place) == ("a", "a") and progress.read(place.progress).phase is Phase.STAGED and len(asked) == 2


async def test_nothing_is_switched_while_it_is_not_known_what_is_good(place: Place, clock: SimulatedClock) -> None:
    _staged(place)
    lease.grant(place.lease, "j", clock)
    assert not await _trial(place, clock, FakeAgent(clock, lambda _: None)).begin("j")
    assert _links(place) == ("a", "a") and progress.read(place.progress).phase is Phase.STAGED


async def test_what_was_bad_before_need_not_be_good_after(place: Place, clock: SimulatedClock) -> None:
    poor = Health(devices=("printer",), online=False)
    _staged(place)
    lease.grant(place.lease, "j", clock)
    assert await _trial(place, clock, FakeAgent(clock, lambda s: (OLD if s == 0 else NEW, poor))).begin("j")
    assert _links(place) == ("b", "b")
    assert worse(poor, GOOD) == ""


async def test_old_program_that_goes_on_is_restarted_again(place: Place, clock: SimulatedClock) -> None:
    restarts: list[float] = []

    def script(s: float) -> tuple[str, Health]:
        if place.restart.exists():
            place.restart.unlink()
            restarts.append(s)
        return (NEW if len(restarts) == 3 else OLD, GOOD)

    _staged(place)
    lease.grant(place.lease, "j", clock)
    assert await _trial(place, clock, FakeAgent(clock, script)).begin("j")
    assert len(restarts) == 3 and restarts[2] - restarts[1] >= 60 and _links(place) == ("b", "b")


async def test_without_a_lease_nothing_is_switched(place: Place, clock: SimulatedClock) -> None:
    _staged(place)
    trial = _trial(place, clock)
    assert not await trial.begin("j")
    lease.grant(place.lease, "another", clock)
    assert not await trial.begin("j")
    lease.grant(place.lease, "j", clock)
    clock.advance(lease.LASTS_S - lease.ENOUGH_S + 1)
    assert lease.remaining_s(place.lease, "j", clock) > 0 and not await trial.begin("j")
    place.lease.write_text("{")
    assert not await trial.begin("j")
    assert _links(place) == ("a", "a") and progress.read(place.progress).phase is Phase.STAGED


async def test_lease_that_runs_out_while_the_switch_is_recorded_stops_it(place: Place, clock: SimulatedClock) -> None:
    _staged(place)
    lease.grant(place.lease, "j", clock)

    def slow(s: float) -> tuple[str, Health]:
        clock.advance(lease.LASTS_S)
        return OLD, GOOD

    assert not await _trial(place, clock, FakeAgent(clock, slow)).begin("j")
    assert _links(place) == ("a", "a") and progress.read(place.progress).phase is Phase.STAGED


@pytest.mark.parametrize(
    ("phase", "links", "end", "slot"),
    [
        (Phase.SWITCHING, "aa", Phase.STAGED, "a"),
        (Phase.SWITCHING, "ba", Phase.KEPT, "b"),
        (Phase.TRYING, "ba", Phase.KEPT, "b"),
        (Phase.TRYING, "bb", Phase.KEPT, "b"),
        (Phase.RETURNING, "ba", Phase.RETURNED, "a"),
        (Phase.RETURNING, "aa", Phase.RETURNED, "a"),
        (Phase.IDLE, "ba", Phase.RETURNED, "a"),
        (Phase.DOWNLOADING, "aa", Phase.DOWNLOADING, "a"),
        (Phase.STAGED, "aa", Phase.STAGED, "a"),
        (Phase.KEPT, "bb", Phase.KEPT, "b"),
    ],
)
async def test_after_a_power_cut_it_is_the_old_or_the_new(
    place: Place, clock: SimulatedClock, phase: Phase, links: str, end: Phase, slot: str
) -> None:
    _staged(place, phase=phase)
    _point(place.root, current=links[0], kept=links[1])
    await _trial(place, clock).recover()
    assert _links(place) == (slot, slot) and progress.read(place.progress).phase is end


async def test_trial_that_is_cut_off_again_and_again_is_over(place: Place, clock: SimulatedClock) -> None:
    _staged(place, phase=Phase.TRYING, starts=MOST_STARTS)
    _point(place.root, current="b", kept="a")
    await _trial(place, clock).recover()
    known = progress.read(place.progress)
    assert _links(place) == ("a", "a") and known.phase is Phase.RETURNED
    assert known.bad == {NEW: "its trial was cut off 3 times"}


async def test_lost_record_during_a_trial_ends_in_the_old(place: Place, clock: SimulatedClock) -> None:
    place.progress.write_text("{half")
    _point(place.root, current="b", kept="a")
    await _trial(place, clock).recover()
    assert _links(place) == ("a", "a") and NEW in progress.read(place.progress).bad


def test_kiosk_that_was_never_updated_has_its_program_kept_before_the_first_switch(place: Place) -> None:
    (place.root / "kept").unlink()
    slots = Slots(place.root)
    assert (slots.kept, slots.spare) == ("a", "b")
    slots.switch("b")
    assert _links(place) == ("b", "a")


async def test_package_that_was_cut_off_between_the_links_is_given_back_with_a_true_reason(
    place: Place, clock: SimulatedClock
) -> None:
    _staged(place, phase=Phase.KEPT, version=OLD, detail="1.0 runs")
    _point(place.root, current="b", kept="a")
    await _trial(place, clock).recover()
    assert progress.read(place.progress).bad == {NEW: "nothing is on record about its trial"}


def test_disk_that_does_not_take_the_slot_leaves_it_without_its_mark(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.root / "slots" / "b" / "VERSION").unlink()
    _program(tmp_path, monkeypatch, "sync", "echo 'sync: error syncing: Input/output error' >&2; exit 1")
    with pytest.raises(OSError, match="Input/output error"):
        Slots(place.root).close("b", NEW)
    assert Slots(place.root).version("b") == ""


@pytest.mark.parametrize(("said", "is_given_up"), [("failed", True), ("activating", False), ("", False)])
async def test_systemd_is_asked_whether_it_starts_the_agent_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, is_given_up: bool
) -> None:
    _program(tmp_path, monkeypatch, "systemctl", f'[ "$*" = "is-failed {UNIT}" ] && echo {said}; exit 1')
    assert await Agent(1).is_given_up() is is_given_up


async def test_where_no_systemd_is_the_agent_is_never_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not await Agent(1).is_given_up()


def _program(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
