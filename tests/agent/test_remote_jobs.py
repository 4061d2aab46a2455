"""Jobs and shadows at the kiosk: done once each, never amid a visit, told to the end over power cuts."""

import asyncio
import dataclasses
import io
import logging
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from kiosk_doubles import ONE_COPY, Hub, Power, PowerCut, Town
from msgspec.structs import replace
from starlette.testclient import TestClient

from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from agent.journeys.tuning import Tuning
from agent.screen.api import Screen
from agent.telemetry import telemetry
from agent.upkeep import bundle, jobs, logbook, shadow
from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.jobs import KNOWN_SETTINGS, JobEnvelope, Setting, ShadowDesired, Verb
from contract.messages import (
    JobFact,
    JobState,
    Service,
    encode,
)

OWN_TESTS = (Verb.UPDATE_CATALOGUE, Verb.UPDATE)
"""test_catalogue_update, test_program_update"""


def envelope(town: Town, verb: Verb, lasts_s: float = 3600) -> JobEnvelope:
    town.clock.advance(1)
    now = town.clock.now()
    return JobEnvelope(v=1, id=new_ulid(now), at=now, expires_at=now + timedelta(seconds=lasts_s), verb=verb)


async def hear(kiosk: Kiosk, *asked: JobEnvelope) -> None:
    for job in asked:
        await kiosk.ledger.remote.keep_job(encode(job))


class Process:
    """What a restart does to the process."""

    def __init__(self) -> None:
        self.restarts = 0

    def restart(self) -> None:
        self.restarts += 1


async def round_of_work(kiosk: Kiosk, process: Process | None = None) -> None:
    """Let the kiosk work until nothing moves; a restart ends the process here."""
    process = process or Process()
    restarts = process.restarts
    task = asyncio.create_task(jobs.work(kiosk, process.restart))
    while not task.done() and process.restarts == restarts:
        await asyncio.sleep(0.001)
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return
    task.result()


def told(town: Town, job: JobEnvelope) -> list[JobState]:
    return [fact.state for fact in town.hub.told(JobFact) if fact.request == job.id]


async def test_out_of_service_takes_no_visit_and_is_so_after_a_restart(town: Town) -> None:
    out = envelope(town, Verb.OUT_OF_SERVICE)
    async with town.kiosk() as kiosk:
        await hear(kiosk, out, out)
        await round_of_work(kiosk)
        assert told(town, out) == [JobState.ACCEPTED, JobState.DONE]
        await hear(kiosk, out)
        await round_of_work(kiosk)
        assert told(town, out) == [JobState.ACCEPTED, JobState.DONE]
        assert (await telemetry(kiosk)).service is Service.OUT_OF_SERVICE
    async with town.kiosk() as kiosk:
        assert await kiosk.ledger.remote.service() is Service.OUT_OF_SERVICE
        kiosk.door.mode = await kiosk.ledger.remote.service()

        async def begin(order: object) -> str:
            raise AssertionError("a visit began")

        with TestClient(Screen(kiosk, begin).app()) as screen:
            refused = screen.post("/visits", json={"copies": 1, "requester_name": "Mẫu"})
            assert refused.status_code == 409 and "ngừng nhận" in refused.json()["vi"]
            assert screen.get("/status").json()["service"] == "OUT_OF_SERVICE"


async def test_restart_waits_for_the_visit_and_then_happens_once(town: Town) -> None:
    again, process = envelope(town, Verb.RESTART), Process()
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        await hear(kiosk, again)
        for _ in range(3):
            await round_of_work(kiosk, process)
        assert process.restarts == 0 and not kiosk.door.is_open
        assert told(town, again) == [JobState.ACCEPTED, JobState.RUNNING]
        await town.go_on(kiosk, visit.id)
        await round_of_work(kiosk, process)
        assert process.restarts == 1
    async with town.kiosk() as kiosk:
        kiosk.door.mode = await kiosk.ledger.remote.service()
        await hear(kiosk, again)  # the broker says it once more
        await round_of_work(kiosk, process)
        await round_of_work(kiosk, process)
        assert process.restarts == 1 and kiosk.door.is_open
        assert told(town, again)[-1] is JobState.DONE and told(town, again).count(JobState.DONE) == 1


async def test_nobody_slips_in_between_the_last_visit_and_the_restart(town: Town) -> None:
    again, process = envelope(town, Verb.RESTART), Process()
    async with town.kiosk() as kiosk:
        await hear(kiosk, again)
        with kiosk.door.entering():
            await round_of_work(kiosk, process)
            assert process.restarts == 0
        async with kiosk.floor:  # a collector counts the cash
            await round_of_work(kiosk, process)
            assert process.restarts == 0
        await round_of_work(kiosk, process)
        assert process.restarts == 1


async def test_drain_that_is_not_at_its_end_in_time_leaves_the_kiosk_as_it_was(town: Town) -> None:
    drain = envelope(town, Verb.DRAIN, lasts_s=60)
    async with town.kiosk() as kiosk:
        await start(kiosk, ONE_COPY)
        await hear(kiosk, drain)
        await round_of_work(kiosk)
        assert kiosk.door.mode is Service.DRAINING
        town.clock.advance(61)
        await round_of_work(kiosk)
        assert kiosk.door.is_open and told(town, drain)[-1] is JobState.EXPIRED


async def test_job_that_comes_too_late_does_nothing(town: Town) -> None:
    out = envelope(town, Verb.OUT_OF_SERVICE, lasts_s=60)
    town.clock.advance(61)
    async with town.kiosk() as kiosk:
        await hear(kiosk, out)
        await round_of_work(kiosk)
        assert kiosk.door.is_open and told(town, out) == [JobState.EXPIRED]


async def test_later_job_wins_in_whatever_order_they_come(town: Town) -> None:
    out, back = envelope(town, Verb.OUT_OF_SERVICE), envelope(town, Verb.IN_SERVICE)
    async with town.kiosk() as kiosk:
        await hear(kiosk, back)
        await round_of_work(kiosk)
        await hear(kiosk, out)
        await round_of_work(kiosk)
        assert kiosk.door.is_open
        assert (told(town, back)[-1], told(town, out)) == (JobState.DONE, [JobState.FAILED])
    drain, again = envelope(town, Verb.DRAIN), envelope(town, Verb.IN_SERVICE)
    async with town.kiosk() as kiosk:
        await start(kiosk, ONE_COPY)
        await hear(kiosk, drain)
        await round_of_work(kiosk)
        await hear(kiosk, again)
        await round_of_work(kiosk)
        assert kiosk.door.is_open and told(town, drain)[-1] is JobState.FAILED


async def test_later_job_that_came_too_late_does_not_leave_the_door_shut(town: Town) -> None:
    drain, late = envelope(town, Verb.DRAIN), envelope(town, Verb.RESTART, lasts_s=60)
    async with town.kiosk() as kiosk:
        await start(kiosk, ONE_COPY)
        await hear(kiosk, drain)
        await round_of_work(kiosk)
        town.clock.advance(61)
        await hear(kiosk, late)
        await round_of_work(kiosk)
        assert kiosk.door.is_open
        assert (told(town, drain)[-1], told(town, late)) == (JobState.FAILED, [JobState.EXPIRED])


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in OWN_TESTS])
async def test_power_cut_at_every_moment_tells_one_end(folder: Path, clock: SimulatedClock, verb: Verb) -> None:
    for moment in range(1, 40):
        town = Town(folder=folder / f"{verb}{moment}", clock=clock, hub=Hub(clock))
        job, process, power = envelope(town, verb), Process(), Power(dies_at=moment)
        try:
            async with town.kiosk(power) as kiosk:
                await hear(kiosk, job)
                await work_to_the_end(kiosk, process)
        except PowerCut:
            pass
        survived = not power.off
        async with town.kiosk() as kiosk:
            kiosk.door.mode = await kiosk.ledger.remote.service()
            await hear(kiosk, job)
            await work_to_the_end(kiosk, process)
        async with town.kiosk() as kiosk:
            await work_to_the_end(kiosk, process)
            service = await kiosk.ledger.remote.service()
        facts = [fact for fact in town.hub.told(JobFact) if fact.request == job.id]
        steps = sorted({fact.step for fact in facts})
        assert steps == list(range(1, len(steps) + 1)), (moment, facts)
        end = JobState.FAILED if verb is Verb.UPDATE_CATALOGUE else JobState.DONE  # this job names no catalogue
        assert [fact.state for fact in facts].count(end) == 1, (moment, facts)
        assert process.restarts <= (2 if verb is Verb.RESTART else 0)  # none where the cut itself was the restart
        out = verb in (Verb.DRAIN, Verb.OUT_OF_SERVICE)
        assert service is (Service.OUT_OF_SERVICE if out else Service.IN_SERVICE)
        if survived:
            return
    raise AssertionError("there were more moments than expected")


async def work_to_the_end(kiosk: Kiosk, process: Process) -> None:
    for _ in range(3):
        await round_of_work(kiosk, process)


@pytest.fixture
def logged(folder: Path) -> Iterator[None]:
    handler = logbook.keep(folder)
    logging.getLogger("agent").setLevel(logging.DEBUG)
    yield
    logging.getLogger().removeHandler(handler)
    logging.getLogger("agent").setLevel(logging.NOTSET)
    handler.close()


async def test_bundle_tells_what_happened_and_nothing_of_the_person(town: Town, logged: None) -> None:
    collect = envelope(town, Verb.COLLECT_LOGS)
    async with town.kiosk() as kiosk:
        ending = await town.visit(kiosk, ONE_COPY)
        await start(kiosk, ONE_COPY)
        logging.getLogger("agent").warning("call 0912 345 678 or a@example.vn about 001099012345")
        await hear(kiosk, collect)
        await round_of_work(kiosk)
    (content,) = town.hub.bundles
    assert told(town, collect) == [JobState.ACCEPTED, JobState.RUNNING, JobState.DONE]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    whole = "\n".join(parts.values())
    assert "scan 1" in parts["visits.json"] and ending.code in parts["visits.json"]
    assert "call ▒ or ▒ about ▒" in parts["agent.log"] and "toner" in parts["telemetry.json"]
    for personal in ("Nguyễn Văn Mẫu", "Quyết định mẫu", "0912", "001099012345", "@example"):
        assert personal not in whole
    assert not list((town.folder / "bundles").iterdir())


async def test_bundle_that_can_not_be_written_ends_the_job_and_not_the_kiosk(town: Town) -> None:
    collect = envelope(town, Verb.COLLECT_LOGS)
    async with town.kiosk() as kiosk:
        (town.folder / "bundles").write_text("a file where a folder should be")
        await hear(kiosk, collect)
        await round_of_work(kiosk)
        assert told(town, collect) == [JobState.ACCEPTED, JobState.FAILED]
        assert "can't be written" in town.hub.told(JobFact)[-1].detail


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("CCCD 001099012345", "CCCD ▒"), ("+84 912 345 678!", "▒!"), ("job 01KB7C8Q1XJ9X5Z1Y2M3N4P5Q6", None),
        ("2026-11-27 02:00:01,123", None), ("12345678", None), ("tài khoản 0011001234567.", "tài khoản ▒."),
    ],
)  # fmt: skip
def test_numbers_of_persons_are_struck_out_and_times_and_ids_are_not(text: str, left: str | None) -> None:
    assert bundle.without_persons(text) == (text if left is None else left)


def wanted(town: Town, version: int, **settings: Setting) -> bytes:
    return encode(ShadowDesired(v=1, version=version, at=town.clock.now(), settings=settings))


async def test_shadow_is_in_effect_at_once_and_after_a_restart_and_an_older_one_is_not(town: Town) -> None:
    async with town.kiosk() as kiosk:
        await kiosk.ledger.remote.keep_shadow(wanted(town, 4, print_cost_per_page_vnd=700, pays_by_transfer=True))
        await kiosk.ledger.remote.keep_shadow(wanted(town, 3, print_cost_per_page_vnd=1))
        await round_of_work(kiosk)
        assert (kiosk.print_cost_per_page_vnd, len(kiosk.ways)) == (700, 2)
    async with town.kiosk() as kiosk:
        assert kiosk.print_cost_per_page_vnd == 1_000
        await shadow.take_effect(kiosk)
        assert kiosk.print_cost_per_page_vnd == 700
        await kiosk.ledger.remote.keep_shadow(wanted(town, 5))
        await round_of_work(kiosk)
        assert kiosk.print_cost_per_page_vnd == 1_000  # what is not set is as kiosk.toml says
        assert (await kiosk.ledger.remote.reported()).version == 5


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"legal_mode": "PILOT_REMOTE"}, "legal_mode"), ({"telemetry_every_s": 1}, "telemetry_every_s"),
        ({"telemetry_every_s": True}, "telemetry_every_s"), ({"log_level": "LOUD"}, "log_level"),
        ({"pays_by_transfer": 1}, "pays_by_transfer"), ({"print_cost_per_page_vnd": -1}, "print_cost_per_page_vnd"),
    ],
)  # fmt: skip
async def test_shadow_with_one_bad_key_is_refused_whole_and_by_name(
    town: Town, settings: dict[str, Setting], named: str
) -> None:
    async with town.kiosk() as kiosk:
        await kiosk.ledger.remote.keep_shadow(wanted(town, 1, **{"print_cost_per_page_vnd": 5, **settings}))
        await round_of_work(kiosk)
        reported = await kiosk.ledger.remote.reported()
        assert (reported.version, reported.refused_version, set(reported.refused)) == (0, 1, {named})
        assert kiosk.print_cost_per_page_vnd == 1_000
        await kiosk.ledger.remote.keep_shadow(wanted(town, 2, print_cost_per_page_vnd=5))
        await round_of_work(kiosk)
        reported = await kiosk.ledger.remote.reported()
        assert (reported.version, reported.refused_version, reported.refused) == (2, 0, {})


async def test_settings_of_another_program_version_are_passed_over_at_the_start(town: Town) -> None:
    async with town.kiosk() as kiosk:
        reported = await kiosk.ledger.remote.reported()
        later: dict[str, Setting] = {"colour": "red", "telemetry_every_s": 5, "print_cost_per_page_vnd": 700}
        await kiosk.ledger.remote.report(replace(reported, version=3, settings=later))
        await shadow.take_effect(kiosk)
        assert (kiosk.tuning.telemetry_every_s, kiosk.print_cost_per_page_vnd) == (60, 700)


async def test_kiosk_at_which_nobody_could_pay_is_refused(town: Town) -> None:
    town.has_cash, town.pays_by_transfer = False, True
    async with town.kiosk() as kiosk:
        assert "nobody could pay" in shadow.refusals(kiosk, {"pays_by_transfer": False})["pays_by_transfer"]
        assert shadow.refusals(kiosk, {"pays_by_transfer": True}) == {}


def test_each_known_setting_is_one_that_tunes_the_kiosk() -> None:
    assert set(KNOWN_SETTINGS) == {each.name for each in dataclasses.fields(Tuning)}


async def test_telemetry_counts_the_day_and_says_what_is_not_known_here(town: Town) -> None:
    async with town.kiosk() as kiosk:
        await town.visit(kiosk, ONE_COPY)
        today = await telemetry(kiosk)
        assert (today.vitals["copies_today"], today.vitals["money_today_vnd"]) == (1, 3_000)
        assert {"temperature_c", "under_voltage"} <= today.vitals.keys() | today.unknown.keys()
        town.clock.advance(86_400)
        tomorrow = await telemetry(kiosk)
        assert (tomorrow.vitals["copies_today"], tomorrow.vitals["money_today_vnd"]) == (0, 0)
