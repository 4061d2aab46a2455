"""Updates of a fleet: the version in the job, first kiosks, then rings; pause, and halt after too many failures."""

import msgspec
import pytest
from fleet_doubles import FleetKiosk, asked
from hub_doubles import KIOSK

from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.jobs import JobEnvelope
from contract.messages import JobState, LegalMode
from hub.config import HubConfig
from hub.faults import JobContradiction, JobMalformed, RolloutOver
from hub.fleet import jobs, rollouts
from hub.fleet.rollouts import Plan
from hub.fleet.wishes import Wish
from hub.rooms import Hub
from hub.roster import KioskConfig
from hub.store.tables import RolloutRow

A, R, D, F = JobState.ACCEPTED, JobState.RUNNING, JobState.DONE, JobState.FAILED
WARD = "Phường A"
UPDATE = Wish(verb="update", release="1.4.2")
Told = list[tuple[str, object]]


@pytest.fixture
def config(config: HubConfig) -> HubConfig:
    fleet = tuple(
        KioskConfig(id=f"k-{n}", site=f"Nơi {n}", ward=WARD, legal_mode=LegalMode.PREPARE_ONLY) for n in range(7)
    )
    return msgspec.structs.replace(config, kiosks=(*config.kiosks, *fleet))


class Fleet:
    """The ward's kiosks, and one rollout of an update to them."""

    def __init__(self, hub: Hub, clock: SimulatedClock, plan: Plan) -> None:
        self.hub = hub
        self.kiosks = {f"k-{n}": FleetKiosk(hub, clock, f"k-{n}", LegalMode.PREPARE_ONLY) for n in range(7)}
        self.id = new_ulid(hub.clock.now())
        rollouts.start(hub, "may", self.id, UPDATE, plan)

    def told(self) -> Told:
        return asked(self.hub)

    def answer(self, told: Told, *states: JobState) -> None:
        for kiosk, job in told:
            assert isinstance(job, JobEnvelope)
            self.kiosks[kiosk].answer(job, *states)

    @property
    def state(self) -> str:
        with self.hub.database.reading() as session:
            return session.get_one(RolloutRow, self.id).state


def names(told: Told) -> list[str]:
    return sorted(kiosk for kiosk, _ in told)


def test_update_names_its_version_and_no_other_verb_does(hub: Hub) -> None:
    jobs.ask(hub, "may", KIOSK, new_ulid(hub.clock.now()), UPDATE)
    ((_, job),) = asked(hub)
    assert isinstance(job, JobEnvelope) and (job.verb, job.release) == ("update", "1.4.2")
    for wrong in (Wish(verb="update"), Wish(verb="restart", release="1.0"), Wish(verb="update", release="../1")):
        with pytest.raises(JobMalformed):
            jobs.ask(hub, "may", KIOSK, new_ulid(hub.clock.now()), wrong)


def test_each_ring_begins_when_the_one_before_is_at_its_end(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=1, ring=3, most_failed=1))
    rings = []
    while told := fleet.told():
        rings.append(names(told))
        fleet.answer(told[:-1], A, D)
        assert fleet.told() == []
        fleet.answer(told[-1:], A, R, D)
    assert rings == [["k-0"], ["k-1", "k-2", "k-3"], ["k-4", "k-5", "k-6"]] and fleet.state == "DONE"


def test_failures_that_are_allowed_do_not_halt_and_one_more_does(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=1, ring=2, most_failed=1))
    fleet.answer(fleet.told(), A, D)
    first = fleet.told()
    fleet.answer(first[:1], A, F)
    fleet.answer(first[1:], A, D)
    second = fleet.told()
    assert names(second) == ["k-3", "k-4"] and fleet.state == "REST"
    fleet.answer(second[:1], A, F)
    assert fleet.state == "HALTED"
    fleet.answer(second[1:], A, D)
    assert fleet.told() == [] and fleet.state == "HALTED"


def test_who_has_not_answered_when_too_many_failed_is_asked_no_more(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=1, most_failed=1))
    fleet.answer(fleet.told(), A, D)
    rest = fleet.told()
    fleet.answer(rest[:2], A, F)
    fleet.answer(rest[2:3], A)
    assert fleet.state == "HALTED"
    clock.advance(600)
    assert fleet.told() == []
    fleet.answer(rest[3:4], A)  # its word was on the way
    fleet.answer(rest[2:4], R, D)
    with hub.database.reading() as session:
        ends = {job.kiosk: job.state for job in rollouts.jobs_of(session, fleet.id)}
    assert [ends[kiosk] for kiosk, _ in rest] == ["FAILED", "FAILED", "DONE", "DONE", "STOPPED", "STOPPED"]
    assert fleet.state == "HALTED"


def test_what_goes_to_all_at_once_is_not_halted(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=0))
    told = fleet.told()
    fleet.answer(told[:3], A, F)
    clock.advance(600)
    assert names(fleet.told()) == names(told[3:]) and fleet.state == "REST"
    rollouts.pause(hub, "may", fleet.id, paused=True)
    rollouts.pause(hub, "may", fleet.id, paused=False)
    assert fleet.state == "REST"


def test_without_first_kiosks_the_rings_begin_at_once(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=0, ring=4))
    assert (names(fleet.told()), fleet.state) == (["k-0", "k-1", "k-2", "k-3"], "REST")


def test_more_first_kiosks_than_there_are_means_all_at_once(hub: Hub, clock: SimulatedClock) -> None:
    assert len(Fleet(hub, clock, Plan(ward=WARD, canary=9, ring=2)).told()) == 7


def test_pause_begins_nothing_more_and_going_on_does(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=2, ring=3))
    told = fleet.told()
    assert rollouts.pause(hub, "may", fleet.id, paused=True).state == "PAUSED"
    fleet.answer(told, A, D)
    assert fleet.told() == [] and fleet.state == "PAUSED"
    rollouts.pause(hub, "may", fleet.id, paused=False)
    told = fleet.told()
    assert fleet.state == "REST" and len(told) == 3
    rollouts.pause(hub, "may", fleet.id, paused=True)
    fleet.answer(told, A, F)
    rollouts.pause(hub, "may", fleet.id, paused=False)
    assert fleet.state == "HALTED"
    with pytest.raises(RolloutOver):
        rollouts.pause(hub, "may", fleet.id, paused=True)


def test_pause_takes_the_wish_back_from_who_has_not_answered(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=1))
    fleet.answer(fleet.told(), A, D)
    rest = fleet.told()
    fleet.answer(rest[:1], A)
    rollouts.pause(hub, "may", fleet.id, paused=True)
    clock.advance(7200)
    assert fleet.told() == []
    rollouts.pause(hub, "may", fleet.id, paused=False)
    again = fleet.told()
    assert names(again) == names(rest[1:]) and fleet.state == "REST"
    fleet.answer([*rest[:1], *again], A, R, D)
    assert fleet.state == "DONE"


def test_pause_among_the_first_goes_back_to_them(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=2))
    rollouts.pause(hub, "may", fleet.id, paused=True)
    rollouts.pause(hub, "may", fleet.id, paused=False)
    assert fleet.state == "CANARY"


def test_paused_rollout_can_be_stopped(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=2))
    rollouts.pause(hub, "may", fleet.id, paused=True)
    assert rollouts.stop(hub, "may", fleet.id).state == "STOPPED"


def test_another_plan_under_the_same_id_is_refused(hub: Hub, clock: SimulatedClock) -> None:
    fleet = Fleet(hub, clock, Plan(ward=WARD, canary=2, ring=3))
    with pytest.raises(JobContradiction):
        rollouts.start(hub, "may", fleet.id, UPDATE, Plan(ward=WARD, canary=2, ring=4))
    with pytest.raises(JobMalformed):
        rollouts.start(hub, "may", new_ulid(clock.now()), UPDATE, Plan(ward=WARD, ring=-1))
