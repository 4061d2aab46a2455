"""The agent's half of an update: asked for once, never amid a visit, told to its end over restarts and power cuts."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from kiosk_doubles import ONE_COPY, Town

from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from agent.update import lease, progress
from agent.update.place import Place
from agent.update.progress import BY_HAND, Phase, Record, Wish
from agent.upkeep import jobs
from agent.upkeep.program_update import ASK_AGAIN_S, ProgramUpdate
from contract.ids import new_ulid
from contract.jobs import JobEnvelope, Verb
from contract.messages import JobFact, JobState, Service, encode


class Desk:
    """A kiosk with its half of an update; the test plays the updater by writing its record."""

    def __init__(self, town: Town) -> None:
        folder = town.folder / "update"
        self.town, self.place = (
            town,
            Place(root=folder, folder=folder, run=folder, wheels=folder, clock_report=folder / "set"),
        )
        folder.mkdir(parents=True)
        town.clock.advance(1)
        now = town.clock.now()
        until = now + timedelta(seconds=600)
        self.job = JobEnvelope(v=1, id=new_ulid(now), at=now, expires_at=until, verb=Verb.UPDATE, release="1.1")

    def boot(self, kiosk: Kiosk) -> "Desk":
        """Begin a process of the agent."""
        self.kiosk, self.program = kiosk, ProgramUpdate(kiosk, self.place)
        return self

    async def look(self, times: int = 1) -> None:
        """Let the agent hear the job (again) and look at its jobs."""
        await self.kiosk.ledger.remote.keep_job(encode(self.job))
        for _ in range(times):
            await asyncio.wait_for(jobs.work(self.kiosk, lambda: None, self.program), 5)

    def updater(self, phase: Phase, detail: str = "", percent: int = 50) -> None:
        """Write what the updater would."""
        record = Record(self.place.progress)
        record.note(phase=phase, job=self.job.id, version="1.1", slot="b", detail=detail, percent=percent)

    @property
    def leased_s(self) -> float:
        return lease.remaining_s(self.place.lease, self.job.id, self.town.clock)

    @property
    def told(self) -> list[tuple[JobState, str]]:
        return [(each.state, each.detail) for each in self.town.hub.told(JobFact) if each.request == self.job.id]


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)


async def test_update_goes_its_way_and_the_kiosk_serves_again(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        await desk.boot(kiosk).look()
        wish = progress.wish(desk.place.wish)
        assert wish and (wish.job, wish.release, wish.until) == (desk.job.id, "1.1", desk.job.expires_at)
        desk.updater(Phase.DOWNLOADING, "1 of 9 bytes")
        await desk.look(2)
        assert kiosk.door.is_open and not desk.leased_s
        desk.updater(Phase.STAGED)
        await desk.look()
        assert kiosk.door.mode is Service.DRAINING and kiosk.floor.locked() and desk.leased_s == lease.LASTS_S
    async with desk.town.kiosk() as kiosk:  # the new version's first process
        kiosk.door.mode = await kiosk.ledger.remote.service()
        desk.updater(Phase.TRYING, "on trial")
        await desk.boot(kiosk).look(3)
        assert not kiosk.door.is_open and kiosk.floor.locked()
        desk.updater(Phase.KEPT, "1.1 runs", 100)
        await desk.look(2)
        assert kiosk.door.is_open and not kiosk.floor.locked()
    assert [state for state, _ in desk.told] == [JobState.ACCEPTED, *[JobState.RUNNING] * 4, JobState.DONE]
    assert desk.told[-1] == (JobState.DONE, "1.1 runs")


@pytest.mark.parametrize("phase", [Phase.RETURNED, Phase.FAILED])
async def test_what_was_not_kept_is_told_with_its_reason(desk: Desk, phase: Phase) -> None:
    async with desk.town.kiosk() as kiosk:
        desk.updater(Phase.STAGED)
        await desk.boot(kiosk).look()
        desk.updater(phase, "1.1 was given back: the program does not answer")
        await desk.look(2)
        assert kiosk.door.is_open and not kiosk.floor.locked()
        assert desk.told[-1] == (JobState.FAILED, "1.1 was given back: the program does not answer")


async def test_no_leave_while_a_visit_runs_and_none_begins_while_it_lasts(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        desk.updater(Phase.STAGED)
        await desk.boot(kiosk).look(2)
        assert not kiosk.door.is_open and not desk.leased_s and desk.told[-1] == (JobState.RUNNING, "1 visit is open")
        await desk.town.go_on(kiosk, visit.id)
        with kiosk.door.entering():
            await desk.look()
            assert not desk.leased_s
        await desk.look()
        assert desk.leased_s and kiosk.floor.locked()


async def test_job_that_expires_waits_for_the_lease_before_the_door_opens(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        desk.updater(Phase.STAGED)
        desk.town.clock.advance(550)
        await desk.boot(kiosk).look()
        desk.town.clock.advance(60)  # the job is over, its lease is not
        await desk.look(3)
        assert not kiosk.door.is_open and progress.wish(desk.place.wish) is None and 0 < desk.leased_s < 90
        desk.town.clock.advance(90)
        await desk.look(2)
        assert kiosk.door.is_open and not kiosk.floor.locked() and desk.told[-1][0] is JobState.EXPIRED


async def test_switch_in_the_last_moment_of_a_lease_keeps_the_door_shut_to_its_end(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        desk.updater(Phase.STAGED)
        desk.town.clock.advance(550)
        await desk.boot(kiosk).look()
        desk.updater(Phase.SWITCHING)
        desk.town.clock.advance(1000)
        await desk.look(3)
        assert not kiosk.door.is_open
        desk.updater(Phase.RETURNED, "given back")
        await desk.look(2)
        assert kiosk.door.is_open and desk.told[-1] == (JobState.FAILED, "given back")


async def test_agent_that_died_with_a_lease_given_still_heeds_it(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        desk.updater(Phase.STAGED)
        desk.town.clock.advance(550)
        await desk.boot(kiosk).look()
    async with desk.town.kiosk() as kiosk:
        kiosk.door.mode = await kiosk.ledger.remote.service()
        desk.town.clock.advance(60)
        await desk.boot(kiosk).look(2)
        assert desk.leased_s and not kiosk.door.is_open


async def test_verb_that_opens_the_door_waits_for_the_end_of_the_trial(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        desk.updater(Phase.TRYING)
        await desk.boot(kiosk).look()
        now = desk.town.clock.now() + timedelta(seconds=1)
        later = JobEnvelope(
            v=1, id=new_ulid(now), at=now, expires_at=now + timedelta(seconds=600), verb=Verb.OUT_OF_SERVICE
        )
        await kiosk.ledger.remote.keep_job(encode(later))
        await desk.look(2)
        assert kiosk.door.is_open and kiosk.floor.locked()
        desk.updater(Phase.KEPT, "1.1 runs")
        await desk.look(2)
        assert kiosk.door.mode is Service.OUT_OF_SERVICE


async def test_kiosk_out_of_service_stays_so(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        kiosk.door.mode = Service.OUT_OF_SERVICE
        desk.updater(Phase.STAGED)
        await desk.boot(kiosk).look()
        assert desk.leased_s
        desk.updater(Phase.KEPT, "1.1 runs")
        await desk.look()
        assert kiosk.door.mode is Service.OUT_OF_SERVICE


async def test_record_of_another_job_is_not_taken_for_this_one(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        Record(desk.place.progress).note(phase=Phase.KEPT, job="another", version="1.0")
        await desk.boot(kiosk).look(2)
        assert desk.told[-1] == (JobState.RUNNING, "waits for the updater")


async def test_updater_that_does_not_take_the_job_up_is_asked_again_and_one_that_works_is_not(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        await desk.boot(kiosk).look()
        asked = [desk.place.wish.stat().st_ino]
        for s in (ASK_AGAIN_S - 1, 1):  # each is a new file: that is what starts the updater
            desk.town.clock.advance(s)
            await desk.look()
            asked.append(desk.place.wish.stat().st_ino)
        desk.updater(Phase.DOWNLOADING)
        desk.town.clock.advance(ASK_AGAIN_S)
        await desk.look()
        asked.append(desk.place.wish.stat().st_ino)
    assert asked[0] == asked[1] != asked[2] == asked[3]


async def test_kiosk_without_updates_says_so(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        await kiosk.ledger.remote.keep_job(encode(desk.job))
        await jobs.work(kiosk, lambda: None)
        assert desk.told[-1][0] is JobState.FAILED and "[updates]" in desk.told[-1][1]


async def test_leave_that_cannot_be_written_ends_the_job_and_frees_the_floor(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        desk.updater(Phase.STAGED)
        desk.place.lease.with_name(desk.place.lease.name + ".part").mkdir()  # no file can be written there
        await desk.boot(kiosk).look(2)
        assert desk.told[-1][0] is JobState.FAILED and "the updater can't be asked" in desk.told[-1][1]
        assert kiosk.door.is_open and not kiosk.floor.locked()  # else the next who pays would wait for ever


async def test_leave_that_cannot_be_renewed_is_waited_out_before_the_door_opens(desk: Desk) -> None:
    async with desk.town.kiosk() as kiosk:
        desk.updater(Phase.STAGED)
        await desk.boot(kiosk).look()
        desk.place.lease.with_name(desk.place.lease.name + ".part").mkdir()
        await desk.look(2)
        assert desk.leased_s and not kiosk.door.is_open and kiosk.floor.locked()  # the updater may switch by it
        desk.town.clock.advance(lease.LASTS_S)
        await desk.look(2)
        assert kiosk.door.is_open and not kiosk.floor.locked() and desk.told[-1][0] is JobState.FAILED


class Technician(Desk):
    """Somebody who carried a release here; the test plays the updater that they started."""

    def wants(self) -> None:
        now = self.town.clock.now()
        wish = Wish(job=f"{BY_HAND}1", release="1.1", until=now + timedelta(hours=2))
        self.place.carried.write_bytes(msgspec.json.encode(wish))

    def updater(self, phase: Phase, detail: str = "", percent: int = 50) -> None:
        Record(self.place.progress).note(phase=phase, job=f"{BY_HAND}1", version="1.1", slot="b", detail=detail)

    @property
    def leased_s(self) -> float:
        return lease.remaining_s(self.place.lease, f"{BY_HAND}1", self.town.clock)


async def test_an_update_by_hand_gets_leave_between_visits_and_keeps_the_kiosk_free_to_its_end(town: Town) -> None:
    desk = Technician(town)
    async with town.kiosk() as kiosk:
        program = desk.boot(kiosk).program
        desk.wants()
        visit = await start(kiosk, ONE_COPY)
        desk.updater(Phase.STAGED)
        await program.go_on_by_hand()
        assert not desk.leased_s and not kiosk.floor.locked() and kiosk.door.is_open
        await kiosk.ledger.journal.close(visit.id, b"{}")
        await program.go_on_by_hand()
        assert desk.leased_s == lease.LASTS_S and kiosk.floor.locked()
    async with town.kiosk() as kiosk:  # the new version's first process
        program = desk.boot(kiosk).program
        desk.updater(Phase.TRYING)
        desk.place.carried.unlink()  # the technician's console is gone
        await program.go_on_by_hand()
        assert kiosk.floor.locked()
        assert desk.place.wish.exists() and progress.wish(desk.place.wish) is None  # the kiosk's own updater looks
        desk.updater(Phase.KEPT)
        await program.go_on_by_hand()
        assert not kiosk.floor.locked() and kiosk.door.is_open


async def test_an_update_by_hand_that_is_withdrawn_lets_people_begin_once_its_leave_ran_out(town: Town) -> None:
    desk = Technician(town)
    async with town.kiosk() as kiosk:
        program = desk.boot(kiosk).program
        desk.wants()
        desk.updater(Phase.STAGED)
        await program.go_on_by_hand()
        desk.place.carried.unlink()
        await program.go_on_by_hand()
        assert kiosk.floor.locked()  # the updater might be at the switch
        town.clock.advance(lease.LASTS_S)
        await program.go_on_by_hand()
        assert not kiosk.floor.locked()


async def test_an_update_by_hand_that_gets_no_leave_since_nothing_can_be_written_leaves_the_floor_free(
    town: Town,
) -> None:
    desk = Technician(town)
    async with town.kiosk() as kiosk:
        desk.wants()
        desk.updater(Phase.STAGED)
        desk.place.lease.with_name(desk.place.lease.name + ".part").mkdir()
        with pytest.raises(OSError, match="directory"):
            await desk.boot(kiosk).program.go_on_by_hand()
        assert not kiosk.floor.locked()
